"""The self-test of the controls: every planted violation is noticed, and a control that went blind is reported."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from orchestration.dbt import PROJECT_DIR
from orchestration.selftest import build_copy
from preaudit.selftest.runner import Outcome, SelfTest, run_selftest
from preaudit.settings import Settings

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
