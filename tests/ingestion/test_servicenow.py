"""The real incident log, where it lies beside the project."""

from datetime import date
from pathlib import Path

import pytest

from preaudit.settings import Settings
from tests.ingestion.world import World

LOG = Path(__file__).parents[3] / "shared" / "data" / "servicenow" / "incident_event_log.csv.gz"
THROUGH = date(2016, 5, 1)
HEADER = "number,incident_state,sys_mod_count,opened_at,sys_updated_at,closed_at,sys_created_at,reopen_count\n"


@pytest.mark.slow
@pytest.mark.servicenow
@pytest.mark.skipif(not LOG.exists(), reason="the ServiceNow log is not beside the project (../shared/data/servicenow)")
def test_no_row_of_the_real_log_is_refused_or_set_aside(tmp_path):
    world = World(Settings(home=tmp_path / "var", landing=tmp_path / "landing", settle_seconds=0))
    world.deliver("history", LOG.name, LOG.read_bytes(), source="servicenow")
    (outcome,) = world.load("incident_event_log", source="servicenow", through=THROUGH)
    assert outcome.status == "accepted"
    assert outcome.rows_delivered == outcome.rows_accepted == 94_645
    assert (outcome.first_known_on, outcome.last_known_on) == (date(2016, 2, 29), THROUGH)
    assert world.rows("select count(*) from raw.servicenow__incident_event_log where resolved_at = '?'")[0][0] > 0


def test_a_row_of_servicenow_is_known_at_its_update_read_day_first(world):
    rows = (
        "INC1,New,0,29/2/2016 01:16,1/3/2016 01:23,05/03/2016 12:00,?,0\n"
        "INC1,Closed,1,29/02/2016 01:16,05/03/2016 12:00,5/3/2016 12:00,?,0\n"
    )
    world.deliver("history", "incident_event_log.csv", HEADER + rows, source="servicenow")
    world.load("incident_event_log", source="servicenow", through=THROUGH)
    assert world.rows(
        "select sys_mod_count, _known_at::varchar, _known_on, sys_created_at from raw.servicenow__incident_event_log order by 1"
    ) == [
        ("0", "2016-03-01 01:23:00", date(2016, 3, 1), "?"),
        ("1", "2016-03-05 12:00:00", date(2016, 3, 5), "?"),
    ]


def test_a_null_token_in_a_required_column_is_missing_and_elsewhere_unknown(world):
    rows = (
        "?,New,0,29/2/2016 01:16,1/3/2016 01:23,?,?,?\n"
        "INC2,New,0,29/2/2016 01:16,31/2/2016 01:23,?,?,?\n"
        "INC3,New,0,1/3/2016 01:16,1/3/2016 01:23,?,?,?\n"
    )
    world.deliver("history", "incident_event_log.csv", HEADER + rows, source="servicenow")
    (outcome,) = world.load("incident_event_log", source="servicenow", through=THROUGH)
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 2)
    assert world.quarantine() == [
        (1, "REQUIRED_MISSING", "number", "?"),
        (2, "NOT_READABLE", "sys_updated_at", "31/2/2016 01:23"),
    ]


def test_two_updates_with_one_modification_count_at_different_times_are_both_kept(world):
    rows = "INC1,New,0,29/2/2016 01:16,1/3/2016 01:23,?,?,0\nINC1,Active,0,29/2/2016 01:16,1/3/2016 02:23,?,?,0\n"
    world.deliver("history", "incident_event_log.csv", HEADER + rows, source="servicenow")
    (outcome,) = world.load("incident_event_log", source="servicenow", through=THROUGH)
    assert (outcome.rows_accepted, outcome.rows_repeated) == (2, 0)
