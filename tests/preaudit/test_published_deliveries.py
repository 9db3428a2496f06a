"""Which files a snapshot speaks of: those of its day or before, with what became of them."""

import polars as pl
import pytest

from preaudit.settings import Settings
from preaudit.snapshot import publish, read_current
from tests.console.published_fixture import DAY, NEXT_DAY, change


def test_a_file_that_a_later_day_refused_is_not_known_on_this_one(settings: Settings) -> None:
    first = publish(settings, DAY, {})
    copy = (
        "insert into ops.deliveries by name select * replace (9 as delivery_id, {} as folder, {} as delivered_on, 'later.csv' as"
    )
    copy += " file, null as known_on, null as first_known_on, null as last_known_on) from ops.deliveries where status = 'refused'"
    change(settings, copy.format(f"'{NEXT_DAY}'", f"date '{NEXT_DAY}'"))
    change(
        settings, "insert into ops.quarantine select * replace (9 as delivery_id, null as known_on) from ops.quarantine limit 1"
    )

    assert publish(settings, DAY, {}) == first

    change(settings, "update ops.deliveries set folder = 'history', delivered_on = null where delivery_id = 9")
    publish(settings, DAY, {})
    assert "later.csv" in read_current(settings).frame("deliveries")["file"].to_list()
    assert read_current(settings).frame("quarantine").height == 3


@pytest.mark.parametrize(("known_on", "superseded_on"), [(DAY, DAY), (NEXT_DAY, None)])
def test_a_refused_file_is_superseded_once_its_folder_has_a_later_accepted_one(settings, known_on, superseded_on) -> None:
    change(
        settings,
        "insert into ops.deliveries by name select * replace (9 as delivery_id, 'sha-corrected' as file_sha256, 'accepted' as"
        f" status, date '{known_on}' as known_on, 7 as rows_accepted, 0 as rows_refused) from ops.deliveries"
        " where feed = 'tickets'",
    )

    publish(settings, DAY, {})

    refused = read_current(settings).frame("deliveries").filter(pl.col("status") == "refused")
    assert refused["superseded_on"].to_list() == [superseded_on]


def test_a_file_that_was_judged_twice_has_its_rows_in_one_order(settings: Settings) -> None:
    change(
        settings,
        "insert into ops.deliveries by name select * replace (9 as delivery_id, 'accepted' as status, 7 as rows_accepted,"
        " 0 as rows_refused, null as refusal_rule, null as refusal_reason) from ops.deliveries where feed = 'tickets'",
    )
    first = publish(settings, DAY, {})
    change(settings, "create table twice as from ops.deliveries order by delivery_id desc; delete from ops.deliveries")
    change(settings, "insert into ops.deliveries by name from twice")

    assert publish(settings, DAY, {}) == first
