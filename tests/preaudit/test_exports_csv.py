"""The results of a day as CSV."""

import csv
import io

import polars as pl
import pytest

from preaudit.exports.csv_export import results, to_csv
from preaudit.snapshot import publish, read_current
from tests.console.published_fixture import DAY, IDENTITIES


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1"])
def test_what_a_spreadsheet_would_run_is_text(formula):
    (row,) = rows(to_csv(pl.DataFrame({"reason": [formula]})))
    assert row["reason"] == f"'{formula}"


@pytest.mark.parametrize("harmless", ["-2", "+3.5", "a=b", "", "P01"])
def test_plain_numbers_and_words_stay_as_they_are(harmless):
    (row,) = rows(to_csv(pl.DataFrame({"reason": [harmless], "id": ["x"]})))
    assert row["reason"] == harmless


def test_every_status_of_the_day_is_in_it_once_with_its_controls_words(settings):
    publish(settings, DAY, {"run_id": "r"})
    snapshot = read_current(settings)
    found = rows(to_csv(results(snapshot)))
    assert len(found) == snapshot.frame("control_status").height
    failing = [row for row in found if row["status"] == "fail" and row["control_id"] == "HR-02"]
    assert {row["entity_kind"] for row in failing} == {"agent", "process"}
    assert {(row["control_name"], row["severity"], row["soc2"]) for row in failing} == {
        ("Training done on time", "high", "CC1.4")
    }
    assert {row["status"] for row in found if row["control_id"] == "SEC-01"} == {"not_evaluable"}


def test_it_names_nobody(settings):
    publish(settings, DAY, {"run_id": "r"})
    text = to_csv(results(read_current(settings)))
    assert not [identity for identity in IDENTITIES if identity in text]
