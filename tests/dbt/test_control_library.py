"""The control library: complete, true to the published facts, and in step with the models that implement it."""

import csv
import json
import re
from pathlib import Path

import pytest

from expectations.contract import feeds
from preaudit.settings import REPOSITORY

PROJECT = REPOSITORY / "dbt_project"
FACTS = REPOSITORY.parent / "shared" / "controls.json"
FRAMEWORKS = {"soc2": "SOC2", "iso27001": "ISO", "nist80053": "NIST", "pci": "PCI", "hipaa": "HIPAA", "ccf": "CCF"}
WEIGHTS = {"low": 0.25, "medium": 0.5, "high": 0.75, "critical": 1.0}
MODELS = {
    path.stem.removeprefix("ctl_").upper().replace("_", "-"): path for path in (PROJECT / "models" / "controls").glob("ctl_*.sql")
}


def _library() -> dict[str, dict[str, str]]:
    with (PROJECT / "seeds" / "control_library.csv").open(encoding="utf-8", newline="") as lines:
        return {row["control_id"]: row for row in csv.DictReader(lines)}


LIBRARY = _library()


def test_the_library_is_the_published_controls_and_the_service_level() -> None:
    if not FACTS.exists():
        pytest.skip("the published list of controls is not beside the repository")
    facts = {fact["id"]: fact for fact in json.loads(FACTS.read_text(encoding="utf-8"))}
    assert set(LIBRARY) == {*facts, "OPS-04"}
    for control_id, fact in facts.items():
        row = LIBRARY[control_id]
        assert (row["name"], row["area"], row["entity_kinds"]) == (fact["name"], fact["area"], fact["ent"])
        assert {name: row[name] for name in FRAMEWORKS} == {name: fact["refs"].get(key, "") for name, key in FRAMEWORKS.items()}


@pytest.mark.parametrize("control_id", LIBRARY)
def test_a_library_row_says_what_a_reader_needs(control_id: str) -> None:
    row = LIBRARY[control_id]
    for column in ("question", "remedy", "limit_source", "tolerance_text", "tolerance_ratio", "frequency", "needs_feeds"):
        assert row[column], column
    assert float(row["severity_weight"]) == WEIGHTS[row["severity"]]
    assert row["question"].endswith("?")


@pytest.mark.parametrize("control_id", LIBRARY)
def test_a_control_names_only_feeds_of_the_contract(control_id: str) -> None:
    named = [name for column in ("needs_feeds", "optional_feeds") for name in LIBRARY[control_id][column].split(";") if name]
    assert set(named) <= {feed.name for feed in feeds("canonical")}
    assert len(named) == len(set(named))


def test_a_control_is_implemented_exactly_where_it_has_a_model_that_the_tested_items_unite() -> None:
    implemented = {control_id for control_id, row in LIBRARY.items() if row["is_implemented"] == "true"}
    macro = (PROJECT / "macros" / "controls" / "implemented_controls.sql").read_text(encoding="utf-8")
    united = re.findall(r"'([A-Z]+-\d\d)'", macro)
    assert implemented == set(MODELS) == set(united)
    assert len(united) == len(set(united))


def test_a_reference_is_ids_with_one_space_between_them() -> None:
    for control_id, row in LIBRARY.items():
        for framework in FRAMEWORKS:
            assert re.fullmatch(r"|[\w.()-]+( [\w.()-]+)*", row[framework]), (control_id, framework)


@pytest.mark.parametrize("path", MODELS.values(), ids=MODELS)
def test_a_control_model_ends_in_tested_items_and_holds_no_limit_of_its_own(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    control_id = path.stem.removeprefix("ctl_").upper().replace("_", "-")
    assert f"control_items('{control_id}'" in sql
    assert sql.endswith("select * from final\n")
    assert len(sql.splitlines()) < 80
    without_comments = re.sub(r"--.*", "", sql)
    literals = set(re.findall(r"(?<![\w.'-])\d+(?:\.\d+)?(?![\w'])", without_comments)) - {"0", "1"}
    # 24 turns a limit in days into hours.
    assert literals <= {"24"}
