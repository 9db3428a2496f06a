"""Names that want to be script, formula, template or another direction are shown as what they are: text."""

import json
from collections.abc import Iterator

import pytest

from benchmarks.console_year import make_year
from preaudit.settings import Settings
from tests.console_web.conftest import Clock, Console

PAGES = (
    "/today", "/processes", "/agents", "/controls", "/controls/matrix", "/controls/OPS-02", "/forecast", "/data", "/runs",
    *(f"/processes/P000{number}" for number in range(8)), "/processes?sort=name", "/processes?q=%3Cscript%3E",
    "/processes?site=%22%3E%3Csvg%20onload%3D1%3E", "/data?feed=%3Cscript%3Ealert(1)%3C/script%3E",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console on a company whose processes bear the names of `benchmarks.console_year_tables.HOSTILE`."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(home=folder / "var", landing=folder)
    make_year(settings, agents=30, processes=10, days=8)
    made = Console(settings, Clock())
    yield made
    made.store.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_name_becomes_markup(hostile: Console, path: str) -> None:
    answer = hostile.client("viewer").get(path)
    assert answer.status_code == 200
    for forbidden in ("<script>alert", "<svg onload", "<b>account", "shift <now>", "\x1b", "\u202e"):
        assert forbidden not in answer.text
    assert "x" * 400 not in answer.text, "10 kB of a name are cut"


def test_the_names_are_there_as_text(hostile: Console) -> None:
    html = hostile.client("viewer").get("/processes").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert "&#39;; drop table rankings; --" in html


def test_an_entity_of_many_days_has_its_chance_drawn(hostile: Console) -> None:
    page = hostile.client("viewer").get("/processes/P0008.json").json()
    assert len(page["history"]) == 8
    assert page["history_chart"].startswith("<svg")


def test_the_twin_is_json_whatever_the_name(hostile: Console) -> None:
    answer = hostile.client("viewer").get("/processes.json")
    names = {item["entity_name"] for item in json.loads(answer.text)["items"]}
    assert "<script>alert(1)</script>" in names
    assert answer.headers["content-type"] == "application/json"


def test_too_little_evidence_is_said_in_words_and_gives_no_place(hostile: Console) -> None:
    items = [item for page in (1, 2) for item in hostile.client("viewer").get(f"/agents.json?page={page}").json()["items"]]
    unsure = [item for item in items if not item["has_enough_evidence"]]
    html = "".join(hostile.client("viewer").get(f"/agents?page={page}").text for page in (1, 2))
    assert html.count("too little evidence") == len(unsure) > 0


def test_what_would_lower_a_chance_stands_beside_its_reasons(hostile: Console) -> None:
    viewer = hostile.client("viewer")
    pages = [viewer.get(f"/processes/P000{number}").text for number in range(8)]
    assert any("What would lower it" in page and "Chance then: 1 in 10 (-12 points)" in page for page in pages)


def test_the_forecast_page_holds_list_against_rule_reliability_and_monitoring(hostile: Console) -> None:
    page = hostile.client("viewer").get("/forecast.json").json()
    kind = page["kinds"][1]
    assert kind["outcomes_chart"].startswith("<svg")
    assert kind["reliability_chart"].startswith("<svg")
    assert kind["outcome_sentence"].startswith("Of the 500 agents we listed on 2026-09-26, ")
    assert "the old rule would have caught" in kind["outcome_sentence"]
    assert [row["is_ok"] for row in kind["monitoring"]] == [False, True, True], "what is beyond its limit stands first"
