"""The published snapshot: complete, without identities, switched by one rename, immutable."""

import json
import os
from pathlib import Path

import polars as pl
import pytest

from preaudit import snapshot
from preaudit.errors import PreauditError
from preaudit.pseudonyms import load_pseudonyms
from preaudit.review import save_review
from preaudit.settings import Settings
from preaudit.snapshot import publish, read_as_of, read_current, snapshots
from tests.console.published_fixture import DAY, IDENTITIES, NEXT_DAY, WORKERS, change, make_warehouse, settings_for


def test_no_identity_is_in_any_published_value_or_byte(settings: Settings) -> None:
    folder = publish(settings, DAY, {"run_id": "r1"})

    published = read_current(settings)
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        assert not [name for name in IDENTITIES if name.encode() in raw], path.name
        if path.suffix == ".parquet":
            text = published.frame(path.stem).write_json()
            assert not [name for name in IDENTITIES if name in text], path.name


def test_an_agent_has_one_pseudonym_in_every_table(settings: Settings) -> None:
    publish(settings, DAY, {})
    current, expected = read_current(settings), load_pseudonyms(settings).agent("W0001")

    for name in ("rankings", "scores", "control_status", "control_changes", "control_results", "failures", "decisions"):
        assert expected in current.frame(name)["entity_id"].to_list(), name
    assert current.frame("failures")["reason"][0] == f"Course of {expected} due 2026-01-20, mail to (withheld)"
    assert current.frame("failures")["item_ref"][0].startswith("I-")
    assert not {"item_key", "evidence"} & set(current.frame("failures").columns)


def test_processes_keep_their_name(settings: Settings) -> None:
    publish(settings, DAY, {})

    ranked = read_current(settings).frame("rankings")

    assert ranked.filter(ranked["entity_kind"] == "process").select("entity_id", "entity_name").rows() == [
        ("P01", "Claims intake"),
        ("P02", "Card disputes"),
    ]


def test_a_quarantined_identity_is_withheld_in_value_and_message(settings: Settings) -> None:
    publish(settings, DAY, {})

    row = read_current(settings).frame("quarantine").row(1, named=True)

    assert (row["feed"], row["row_number"], row["value"]) == ("workers", 5, "(withheld)")
    assert row["message"] == "'(withheld)' is there twice"


def test_a_quarantined_value_that_names_nobody_is_shown(settings: Settings) -> None:
    publish(settings, DAY, {})

    row = read_current(settings).frame("quarantine").row(0, named=True)

    assert (row["column_name"], row["value"], row["message"]) == ("due_at", "31.13.2026", "'31.13.2026' is no date")


def test_a_value_of_a_column_that_the_contract_does_not_know_is_withheld(settings: Settings) -> None:
    change(
        settings, "update ops.quarantine set column_name = null, value = 'Anna;Smith;1990', message = 'ragged: Anna;Smith;1990'"
    )

    publish(settings, DAY, {})

    assert set(read_current(settings).frame("quarantine")["message"]) == {"ragged: (withheld)"}


def test_the_same_content_makes_no_new_version_whatever_the_run_was(settings: Settings) -> None:
    first = publish(settings, DAY, {"run_id": "r1", "seconds": 3.1})
    change(settings, "update ops.deliveries set loaded_at = loaded_at + interval 1 day")
    change(settings, "update ml.scores set model_version = '4'")

    assert publish(settings, DAY, {"run_id": "r2", "seconds": 9.9}) == first
    assert [item.version for item in snapshots(settings)] == [1]


def test_other_content_makes_a_new_version_beside_the_old_readable_one(settings: Settings) -> None:
    old = publish(settings, DAY, {})
    change(settings, "update marts.rank_entities set probability_any = 0.5 where entity_id = 'P01'")

    new = publish(settings, DAY, {})

    assert new.name == f"{DAY}_v0002"
    assert read_current(settings).folder == new.resolve()
    assert read_as_of(settings, DAY).version == 2
    assert snapshot.open_snapshot(old).frame("rankings")["probability_any"].max() == 0.62
    assert 0.31 in snapshot.open_snapshot(old).frame("rankings")["probability_any"].to_list()


def test_an_old_day_published_again_stands_beside_and_does_not_become_current(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    make_warehouse(settings, NEXT_DAY)
    publish(settings, NEXT_DAY, {})
    settings.warehouse.unlink()
    make_warehouse(settings, DAY)

    publish(settings, DAY, {})

    assert read_current(settings).as_of_on == NEXT_DAY
    assert [item.as_of_on for item in snapshots(settings)] == [DAY, NEXT_DAY]


@pytest.mark.parametrize("step", ["rename", "replace"])
def test_a_crash_leaves_the_old_snapshot_current_and_the_next_publish_ends_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old = publish(settings, DAY, {})
    change(settings, "update marts.rank_entities set risk = 0.9 where entity_id = 'P01'")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, step, crash)
        with pytest.raises(KeyboardInterrupt):
            publish(settings, DAY, {})
    assert read_current(settings).folder == old.resolve()
    assert read_current(settings).frame("rankings").height == 5

    new = publish(settings, DAY, {})

    assert new.name == f"{DAY}_v0002"
    assert read_current(settings).folder == new.resolve()
    assert sorted(path.name for path in settings.published.iterdir()) == ["current", "identities", "snapshots"]


def test_two_publishes_write_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    publish(settings, DAY, {})
    (tmp_path / "var" / "published").rename(tmp_path / "first")

    publish(settings, DAY, {})

    for path in sorted((tmp_path / "first" / "snapshots" / f"{DAY}_v0001").glob("*.parquet")):
        assert path.read_bytes() == (settings.published / "current" / path.name).read_bytes(), path.name


def test_rows_that_do_not_add_up_are_not_published(settings: Settings) -> None:
    change(settings, "update ops.deliveries set rows_accepted = 3 where feed = 'workers'")

    with pytest.raises(PreauditError, match=r"5 delivered, but 3 accepted \+ 1 quarantined \+ 0 refused = 4"):
        publish(settings, DAY, {})
    assert not snapshots(settings)


def test_marts_of_another_date_are_not_published(settings: Settings) -> None:
    with pytest.raises(PreauditError, match="built for 2026-01-31, not for 2026-02-01"):
        publish(settings, NEXT_DAY, {})


def test_a_mart_without_a_pinned_column_is_named(settings: Settings) -> None:
    change(settings, "alter table marts.rank_entities drop column risk")

    with pytest.raises(PreauditError, match=r"rankings.parquet cannot be published: column risk is missing.*marts.rank_entities"):
        publish(settings, DAY, {})


def test_reading_before_anything_is_published_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(PreauditError, match=r"Nothing is published yet\..*preaudit run"):
        read_current(settings_for(tmp_path))


def test_a_missing_or_changed_file_is_refused(settings: Settings) -> None:
    folder = publish(settings, DAY, {})
    (folder / "failures.parquet").unlink()
    with (folder / "scores.parquet").open("ab") as file:
        file.write(b"x")
    current = read_current(settings)

    with pytest.raises(PreauditError, match=r"has no failures\.parquet"):
        current.frame("failures")
    with pytest.raises(PreauditError, match=r"scores\.parquet was changed after it was published"):
        current.frame("scores")


def test_run_facts_and_the_scoring_model_are_published(settings: Settings) -> None:
    publish(settings, DAY, {"run_id": "r1"})

    facts = {fact: json.loads(value) for fact, value in read_current(settings).frame("run_facts").iter_rows()}

    assert facts["run_id"] == "r1"
    assert {"entity_kind": "agent", "served_by": "model", "model_version": "3"} in facts["models"]


def test_the_review_and_the_decision_are_published_and_the_judged_rows_are_not(settings: Settings) -> None:
    review = pl.DataFrame({"entity_kind": ["agent"], "competitor": ["rule"], "metric": ["recall_at_k"], "value": [0.2]})
    judged = pl.DataFrame({"entity_id": list(WORKERS), "p_rule": [0.1] * len(WORKERS)})
    answers = [{"question": "beats_rule", "is_yes": False, "detail": "recall at k +0.01"}]
    decision = {"passed": False, "verdict": "no better than the rule", "answers": answers}
    save_review(settings, "agent", review, judged, decision)

    publish(settings, DAY, {})

    published = read_current(settings).frame("model_review").select("entity_kind", "competitor", "metric", "value", "detail")
    assert published.rows() == [
        ("agent", "rule", "recall_at_k", 0.2, None),
        ("agent", None, "decision", 0.0, "no better than the rule"),
        ("agent", None, "gate_beats_rule", 0.0, "recall at k +0.01"),
    ]
