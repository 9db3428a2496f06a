"""The real incident log, alone: what can be judged is judged, the rest says what it lacks, outcomes are not read early."""

import polars as pl
import pytest

from tests.integration.operation import Operation
from tests.integration.world import INCIDENT_LOG

pytestmark = [
    pytest.mark.slow,
    pytest.mark.servicenow,
    pytest.mark.skipif(
        not INCIDENT_LOG.is_file(), reason="the incident log is not in ../shared/data/servicenow beside the project"
    ),
]

TICKET_CONTROLS = {"INC-01", "OPS-01", "OPS-04"}
# They need no more than tickets, and an incident log holds none of theirs.
OF_OTHER_TICKETS = {"CHG-03", "OPS-02", "OPS-03", "SEC-05"}


def test_every_row_of_the_log_is_accounted_for(servicenow: Operation):
    deliveries = servicenow.current().frame("deliveries")
    assert deliveries.select("status", "rows_delivered", "rows_accepted", "rows_quarantined").rows() == [
        ("accepted", 94_645, 94_645, 0)
    ]


def test_controls_without_their_feeds_say_which_and_the_ticket_controls_are_tested(servicenow: Operation):
    day = servicenow.current().as_of_on
    controls = servicenow.evaluable(day)
    assert {control for control, (is_evaluable, _) in controls.items() if is_evaluable} == TICKET_CONTROLS | OF_OTHER_TICKETS
    statuses = servicenow.current().frame("control_status")
    others = statuses.filter(pl.col("control_id").is_in(OF_OTHER_TICKETS))
    assert set(others["status"]) == {"not_applicable"}
    missing = {"HR-02": "trainings", "JML-01": "accounts", "ACC-02": "accounts", "DATA-04": "shifts", "SEC-02": "auth_events"}
    for control, feed in missing.items():
        assert f"feed {feed} is absent" in str(controls[control][1])
    tested = servicenow.rows(
        "select control_id, sum(tested_items) from marts.fct_control_days where control_id in ('OPS-01', 'OPS-04') group by all"
    )
    assert all(items > 1000 for _, items in tested)
    assert len(tested) == 2
    results = servicenow.current().frame("control_results").filter(pl.col("control_id") == "OPS-01")
    assert results["note"].drop_nulls().str.contains("re-?open", literal=False).any()


def test_groups_and_resolvers_are_ranked(servicenow: Operation):
    rankings = servicenow.current().frame("rankings")
    processes, agents = (rankings.filter(pl.col("entity_kind") == kind) for kind in ("process", "agent"))
    assert processes.height > 30
    assert agents.height > 100
    assert processes["entity_id"].str.starts_with("Group ").all()
    assert agents["entity_id"].str.starts_with("A-").all()
    assert processes.sort("rank")["exceptions_28d"][0] > 0


def test_nothing_written_back_on_earlier_rows_reaches_staging(servicenow: Operation):
    tickets = "staging.stg_servicenow__tickets"
    [(written_back,)] = servicenow.rows(
        "select count(*) from raw.servicenow__incident_event_log where closed_at != '?' "
        "and strptime(closed_at, '%d/%m/%Y %H:%M') > strptime(sys_updated_at, '%d/%m/%Y %H:%M')"
    )
    assert written_back > 60_000
    assert servicenow.rows(f"select count(*) from {tickets} where closed_at > updated_at or resolved_at > updated_at") == [(0,)]
    early_code = f"select count(*) from {tickets} where status not in ('resolved', 'closed') and close_code is not null"
    assert servicenow.rows(early_code) == [(0,)]
    # Who resolves a case is an outcome too: known from its resolution on, where the log says when that was.
    assert servicenow.rows(
        f"select count(*) from {tickets} t join raw.servicenow__incident_event_log r "
        "on t.source_row = r._file || '#' || r._row_number where t.assignee_id is not null and r.resolved_at != '?' "
        "and strptime(r.resolved_at, '%d/%m/%Y %H:%M') > t.updated_at"
    ) == [(0,)]
    [(resolved_rows,)] = servicenow.rows(
        f"select count(*) from {tickets} t join raw.servicenow__incident_event_log r "
        "on t.source_row = r._file || '#' || r._row_number where t.assignee_id is not null and t.closed_at is not null"
    )
    assert resolved_rows > 10_000
