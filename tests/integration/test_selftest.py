"""The self-test of the controls: every planted violation is noticed, and a control that went blind is reported."""

import shutil
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from orchestration.dbt import PROJECT_DIR
from orchestration.definitions import build_defs
from orchestration.selftest import build_copy
from preaudit import warehouse
from preaudit.selftest.runner import Outcome, SelfTest, run_selftest
from preaudit.settings import Settings
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

BLIND = "SEC-02"
# The contract of a control without any exception left.
BLIND_SQL = "select * replace (false as is_exception) from (\n{sql}\n)\n"


def outcomes(result: SelfTest, outcome: Outcome) -> set[str]:
    return {verdict.control_id for verdict in result.verdicts if verdict.outcome is outcome}


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("selftest") / "home")


def test_every_control_notices_the_violation_planted_for_it_without_any_other_data(empty_home: Settings) -> None:
    result = run_selftest(empty_home, build_copy)
    assert len(outcomes(result, Outcome.noticed)) == len(result.verdicts) == 31, result.verdicts
    assert not result.has_failed
    # The copy is gone, and no warehouse was made.
    assert list(empty_home.home.iterdir()) == []


def test_a_control_that_went_blind_is_reported_and_no_other(empty_home: Settings, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "logs"))
    model = project / "models" / "controls" / f"ctl_{BLIND.lower().replace('-', '_')}.sql"
    model.write_text(BLIND_SQL.format(sql=model.read_text(encoding="utf-8")), encoding="utf-8")
    result = run_selftest(empty_home, partial(build_copy, project=project))
    assert result.has_failed
    assert outcomes(result, Outcome.not_noticed) == {BLIND}


def test_where_only_tickets_and_people_come_the_other_controls_say_which_feed_is_missing(tmp_path: Path) -> None:
    home = ScratchWarehouse(tmp_path)
    ticket = {"ticket_id": "T1", "kind": "case", "status": "new", "process_id": "P1", "assignee_id": "W1"}
    times = {"opened_at": "2026-05-04T08:00:00Z", "updated_at": "2026-05-04T08:00:00Z"}
    home.deliver("tickets", "2026-05-04", [ticket | times])
    worker = {"worker_id": "W1", "employment_status": "active", "job_role": "agent", "hire_date": "2025-01-01"}
    home.deliver("workers", "2026-05-04", [worker])
    home.build("+fct_failures", "2026-05-04", "2026-05-04")
    before = home.path.read_bytes()
    at_work = []

    def build_and_look(copy: Settings, day: date) -> None:
        build_copy(copy, day)
        with warehouse.reading(copy) as con:
            sql = "select agent_id from intermediate.int_entities__agent_day where on_date = ?"
            at_work.extend(agent for (agent,) in con.execute(sql, [day]).fetchall())

    result = run_selftest(Settings(home=tmp_path), build_and_look)
    assert result.day == date(2026, 5, 5)
    assert outcomes(result, Outcome.not_noticed) == set()
    assert {"INC-01", "OPS-01", "OPS-03", "OPS-04", "SEC-05"} <= outcomes(result, Outcome.noticed)
    reasons = {verdict.control_id: verdict.reason for verdict in result.verdicts if verdict.outcome is Outcome.not_evaluable}
    assert "feed accounts is absent" in reasons["ACC-02"]
    assert "feed ticket_events is absent" in reasons["OPS-02"]
    # The list of people came again whole, and the installation's own warehouse was only read.
    assert "W1" in at_work
    assert home.path.read_bytes() == before


def test_dagster_runs_it_once_a_week() -> None:
    schedule = build_defs().resolve_schedule_def("weekly_selftest")
    assert schedule.job.name == "controls_selftest"
    assert schedule.cron_schedule == "0 9 * * 1"
