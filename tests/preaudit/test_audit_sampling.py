"""Which items the mock audit draws, and what it says of them."""

import hashlib

import pytest

from preaudit.audit.sampling import Population
from preaudit.pseudonyms import load_pseudonyms
from preaudit.settings import Settings
from tests.preaudit.audit_world import add_items, counted, drawn, make_audit_world
from tests.preaudit.evidence_world import IDENTITIES, change


@pytest.fixture
def settings(tmp_path):
    return make_audit_world(tmp_path / "home")


def test_the_draw_is_the_order_of_hashes_that_is_stated(settings):
    add_items(settings, 1, 300)
    keys = [f"K{number}" for number in range(1, 301)]
    order = sorted(keys, key=lambda key: hashlib.sha256(f"42|SEC-02|{key}".encode()).hexdigest())
    item = load_pseudonyms(settings).item
    assert drawn(settings, 42)["item_ref"].to_list() == [item(key) for key in order[:25]]


def test_the_same_seed_draws_the_same_whatever_the_order_of_rows_and_the_threads(settings):
    add_items(settings, 1, 300)
    before = drawn(settings, 7)
    change(settings, "create table t as from controls.ctl_sec_02 order by random()")
    change(settings, "delete from controls.ctl_sec_02; insert into controls.ctl_sec_02 from t")
    assert drawn(Settings(home=settings.home, threads=1), 7).equals(before)
    assert not drawn(settings, 8).equals(before)


def test_no_item_is_drawn_twice_though_it_is_tested_for_both_kinds_every_day(settings):
    for day in ("2026-01-05", "2026-01-06"):
        for kind in ("agent", "process"):
            add_items(settings, 1, 100, day=day, kind=kind)
    assert counted(settings).judged == 100
    sample = drawn(settings, 1)
    assert sample.height == sample["item_ref"].n_unique() == 15
    assert sample["draw"].to_list() == list(range(1, 16))
    assert set(sample["days_tested"]) == {2}
    assert set(sample["processes"]) == {"P01"}


def test_of_few_items_all_are_drawn(settings):
    add_items(settings, 1, 9)
    assert drawn(settings, 1).height == 9


def test_an_item_deviates_if_it_broke_the_rule_on_any_day(settings):
    add_items(settings, 1, 5)
    add_items(settings, 3, 3, "true", day="2026-01-07", is_zero_tolerance=True)
    assert counted(settings) == Population(judged=5, deviations=1, waived=0, unjudged=0)
    (broken,) = drawn(settings, 1).filter(result="exception").to_dicts()
    assert broken["item_ref"] == load_pseudonyms(settings).item("K3")
    assert (broken["days_tested"], broken["days_broken"], broken["is_zero_tolerance"]) == (2, 1, True)
    assert broken["evidence"].endswith("|2026-01-07")


def test_an_item_that_was_never_judged_is_not_drawn_and_one_that_was_says_on_how_many_days_not(settings):
    add_items(settings, 1, 4)
    add_items(settings, 4, 6, "null", day="2026-01-06")
    assert counted(settings) == Population(judged=4, deviations=0, waived=0, unjudged=2)
    assert sorted(drawn(settings, 1)["days_not_judged"]) == [0, 0, 0, 1]


def test_a_waived_deviation_is_a_deviation_and_said_to_be_waived_only_if_it_always_was(settings):
    waiver = "insert into seeds.waivers values ('SEC-02', 'agent', 'W0001', '{}', 'known', 'Jo Doe', '2026-01-01', '{}')"
    add_items(settings, 1, 2, "true", is_zero_tolerance=True)
    add_items(settings, 1, 2, "true", day="2026-01-07", is_zero_tolerance=True)
    change(settings, waiver.format("K1", "2026-02-01"))
    change(settings, waiver.format("K2", "2026-01-06"))
    assert counted(settings) == Population(judged=2, deviations=2, waived=1, unjudged=0)
    found = {row["item_ref"]: row for row in drawn(settings, 1).to_dicts()}
    item = load_pseudonyms(settings).item
    assert (found[item("K1")]["result"], found[item("K1")]["is_waived"]) == ("exception", True)
    assert found[item("K1")]["is_zero_tolerance"] is False
    assert (found[item("K2")]["is_waived"], found[item("K2")]["is_zero_tolerance"]) == (False, True)


def test_the_sample_names_nobody(settings):
    add_items(settings, 1, 3, "true")
    text = drawn(settings, 1).write_csv()
    assert not [identity for identity in IDENTITIES if identity in text]
    assert load_pseudonyms(settings).agent("W0001") in text
