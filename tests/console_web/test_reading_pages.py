"""The reading pages say what the snapshot says, in words, with a twin for programs, and never take missing data for a pass."""

import re

import pytest

from preaudit.settings import Settings
from preaudit.snapshot import publish
from tests.console.published_fixture import DAY, NEXT_DAY, change, make_warehouse, settings_for
from tests.console_web.conftest import Console, home_beside

PAGES = (
    "/today", "/processes", "/agents", "/processes/P01", "/controls", "/controls/matrix", "/controls/frameworks",
    "/controls/coverage", "/controls/HR-02", "/forecast", "/evidence", "/evidence/verify", "/data", "/runs",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_and_its_twin_answer_and_nothing_on_it_breaks_the_content_policy(console: Console, path: str) -> None:
    viewer = console.client("viewer")
    html, twin = viewer.get(path), viewer.get(f"{path}.json")
    assert (html.status_code, twin.status_code) == (200, 200)
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", html.text)
    assert isinstance(twin.json(), dict)


def test_the_list_gives_chance_in_words_and_number_with_worst_control_reasons_and_trend(console: Console) -> None:
    html = console.client("viewer").get("/processes").text
    assert "Claims intake" in html
    assert "3 in 10" in html
    assert "(0.31)" in html
    assert "HR-02" in html
    assert "2 trainings overdue; usual is 0" in html
    assert "fourth reason" not in html, "a list gives three reasons; the page of the process gives all"
    item = console.client("viewer").get("/processes.json").json()["items"][0]
    assert (item["entity_id"], item["rank"], item["failing_now"], item["site"]) == ("P01", 1, ["HR-02", "OPS-04"], "Manila")


def test_the_filter_stands_in_the_address_and_narrows_chance_and_worst_control(console: Console) -> None:
    viewer = console.client("viewer")
    narrowed = viewer.get("/processes.json?control=ops-04&site=Manila&q=claims").json()
    (item,) = narrowed["items"]
    assert item["worst_controls"][0]["control_id"] == "OPS-04"
    assert item["probability"] == pytest.approx(0.31)
    assert viewer.get("/processes.json?site=Nowhere").json()["items"] == []
    assert "No processes fit this choice" in viewer.get("/processes?site=Nowhere").text
    assert '<option value="OPS-04" selected>' in viewer.get("/processes?control=OPS-04").text


def test_without_a_filter_the_chance_of_two_controls_is_of_failing_either(console: Console) -> None:
    both = console.client("viewer").get("/processes.json?framework=soc2").json()["items"][0]
    assert both["probability"] == pytest.approx(1 - (1 - 0.31) ** 2)


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-1", "?page=9999999999", "?page=x", "?sort=nonsense", "?area=%00", "?framework=x"]
)
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(console: Console, query: str) -> None:
    assert console.client("viewer").get(f"/processes{query}").status_code == 200


def test_the_matrix_gives_what_was_not_judged_a_sign_and_words_of_its_own(console: Console) -> None:
    matrix = console.client("viewer").get("/controls/matrix.json").json()
    by_control = dict(zip((column["control_id"] for column in matrix["columns"]), matrix["rows"][1]["cells"], strict=True))
    assert by_control["HR-02"] == {"status": "pass", "sign": "✓", "words": "pass", "exceptions": None}
    assert (by_control["SEC-01"]["sign"], by_control["SEC-01"]["words"]) == ("?", "not evaluable")
    html = console.client("viewer").get("/controls/matrix").text
    assert 'class="cell not_evaluable" title="not evaluable"' in html


def test_today_says_what_is_new_what_is_due_and_what_could_not_be_looked_at(console: Console) -> None:
    html = console.client("viewer").get("/today").text
    assert "2 of 3 controls could be evaluated" in html
    assert "they count as unknown, not as passed" in html
    assert "tickets (refused, last 2026-01-31)" in html
    assert "Limits that run out within 14 days if nobody acts: 1." in html
    assert "There is no list of the day before to compare with." in html
    assert (
        "Of the 40 agents we listed on 2026-01-01, 27 failed within 30 days (0.68, 95 % 0.52 to 0.80);"
        " the old rule would have caught 18. Something was done about 3 of them"
    ) in html
    assert "Of the 2 processes a back test lists on 2026-01-01, 2 failed" in html
    newly = console.client("viewer").get("/today.json").json()["newly_failing"]
    assert [(row["entity_kind"], row["control_id"]) for row in newly["rows"]] == [("process", "OPS-04"), ("agent", "HR-02")]


def test_old_data_say_how_old_they_are(console: Console) -> None:
    assert "the daily run did not publish since" not in console.client("viewer").get("/today").text
    console.clock.advance(days=6)
    assert "These data are 7 days old" in console.client("viewer").get("/today").text


def test_an_entity_shows_reasons_controls_failures_and_the_agents_of_a_group_large_enough(console: Console) -> None:
    viewer = console.client("viewer")
    page = viewer.get("/processes/P01.json").json()
    assert [control["control_id"] for control in page["controls"]] == ["HR-02", "OPS-04"]
    assert len(page["controls"][0]["reasons"]) == 4
    assert page["controls"][0]["days_until_limit"] == 5
    assert len(page["agents"]) == 2, "W0003 alone works for P02, so nobody is named as its agent"
    assert viewer.get("/processes/P02.json").json()["agents"] == []
    agent = page["agents"][0]["entity_id"]
    found = viewer.get(f"/agents/{agent}").text
    assert "Course of" in found
    assert "W0001" not in found
    assert "A line is drawn from 7 published days on; there is one so far." in found


@pytest.mark.parametrize(
    "path", ["/processes/W0001", "/agents/W0001", "/agents/P01", "/processes/a/b", "/controls/XX-99", "/evidence/packs/x.zip"]
)
def test_what_is_not_there_is_a_clear_404(console: Console, path: str) -> None:
    answer = console.client("viewer").get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert str(console.settings.home) not in answer.text


def test_nothing_published_is_a_page_that_says_what_to_do(tmp_path, clock) -> None:
    made = Console(Settings(home=tmp_path / "empty", landing=tmp_path), clock)
    answer = made.client("viewer").get("/today")
    made.store.close()
    assert answer.status_code == 409
    assert "Nothing is published yet." in answer.text
    assert str(tmp_path) not in answer.text


def test_the_rules_list_gives_no_chance_and_says_why(tmp_path, clock) -> None:
    settings = settings_for(tmp_path / "rule")
    make_warehouse(settings, agents_ranked_by="rule")
    publish(settings, DAY, {"run_id": "r1"})
    made = Console(settings, clock)
    html = made.client("viewer").get("/agents").text
    item = made.client("viewer").get("/agents.json").json()["items"][0]
    made.store.close()
    assert "No model yet: this is the rule&#39;s ranking" in html
    assert "Agents by past failures" in html
    assert " in 10" not in html
    assert item["chance"] is None
    assert item["exceptions_28d"] == 3


def test_the_second_day_shows_who_moved_and_what_is_newly_predicted(tmp_path, clock) -> None:
    settings = settings_for(tmp_path / "two")
    make_warehouse(settings)
    publish(settings, DAY, {"run_id": "r1"})
    for table, column in _DATED:
        change(settings, f"update {table} set {column} = date '{NEXT_DAY}'")
    change(settings, "update marts.rank_entities set rank = 3 - rank where entity_kind = 'process'")
    publish(settings, NEXT_DAY, {"run_id": "r2"})
    made = Console(settings, clock)
    today = made.client("viewer").get("/today.json").json()
    page = made.client("viewer").get("/processes/P02.json").json()
    made.store.close()
    assert next((new["kind"], [item["entity_id"] for item in new["items"]]) for new in today["newly_predicted"]) == (
        "process",
        ["P02"],
    )
    assert today["newly_predicted"][0]["items"][0]["moved"] == 1
    assert [row["day"] for row in page["history"]] == [str(DAY), str(NEXT_DAY)]
    assert page["history_chart"] is None


_DATED = (
    ("marts.rank_entities", "as_of_on"), ("ml.scores", "as_of_on"), ("marts.mart_control_status", "on_date"),
    ("marts.mart_control_changes", "on_date"), ("marts.mart_control_coverage", "on_date"), ("marts.ftr_pair", "as_of_on"),
    ("marts.mart_framework_coverage", "on_date"), ("marts.fct_control_days", "on_date"),
    ("intermediate.int_entities__process_day", "on_date"), ("intermediate.int_entities__agent_day", "on_date"),
)  # fmt: skip


def test_a_snapshot_of_an_earlier_program_is_shown_without_what_it_lacks(published_home: Settings, tmp_path, clock) -> None:
    import polars as pl

    from benchmarks.console_year import publish_tables
    from preaudit.snapshot import read_current

    snapshot = read_current(published_home)
    tables = {name: snapshot.frame(name) for name in snapshot.manifest["files"] if name != "reliability"}
    tables["rankings"] = tables["rankings"].drop("site", "client_id", "criticality", "process_id", "process_name")
    tables["scores"] = tables["scores"].drop("days_until_limit")
    settings = Settings(home=tmp_path / "old", landing=tmp_path)
    publish_tables(settings, DAY, tables)
    made = Console(settings, clock)
    answers = {path: made.client("viewer").get(path).status_code for path in PAGES}
    today = made.client("viewer").get("/today").text
    made.store.close()
    assert set(answers.values()) == {200}
    assert "This snapshot holds no countdowns." in today
    assert isinstance(tables["scores"], pl.DataFrame)


def test_an_auditor_sees_evidence_of_the_agreed_days_and_no_results(console: Console) -> None:
    auditor = console.client("auditor")
    assert auditor.get("/evidence").status_code == 200
    assert auditor.get("/processes").status_code == 403
    assert "within 2026-01-01 to 2026-02-28" in auditor.get("/evidence").text


def test_home_beside_shares_the_published_folder(published_home: Settings, tmp_path) -> None:
    assert home_beside(published_home, tmp_path).published.resolve() == published_home.published.resolve()
