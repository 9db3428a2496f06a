"""docs/features.md says what the catalogue and the marts say today."""

import re

import yaml

from console.feature_docs import PAGE, feature_page
from ml.features import FAMILY_TABLE, features, staff_features
from preaudit.settings import REPOSITORY

CONTRACTS = REPOSITORY / "dbt_project/models/marts/features/_features.yml"


def test_the_page_is_what_make_docs_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == feature_page()


def test_the_page_names_every_input_of_both_models_and_every_column_of_the_marts_and_no_other() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", feature_page(), flags=re.M))
    declared = yaml.safe_load(CONTRACTS.read_text(encoding="utf-8"))["models"]
    columns = {
        column["name"]
        for model in declared
        if model["name"] in ("ftr_agent", "ftr_process", "ftr_pair")
        for column in model["columns"]
        if column["data_type"] == "double"
    }
    added = {feature.name for feature in staff_features()}
    inputs = {one.name for kind in ("agent", "process") for one in features(kind) if not one.name.startswith("is_control_")}
    assert named == columns | added == inputs | added


def test_every_family_stands_on_the_page_with_its_owner() -> None:
    for name, family in FAMILY_TABLE.items():
        assert f"| {name} | {family.owner} | {family.words} |" in feature_page()


def test_the_countdowns_of_the_page_are_those_that_the_models_compute() -> None:
    models = (REPOSITORY / "dbt_project/models/intermediate/features").glob("*_countdowns.sql")
    computed = set(re.findall(r"'([A-Z]+-\d\d)'", "".join(path.read_text(encoding="utf-8") for path in models)))
    table = feature_page().split("| control | what runs out |")[1].split("\n\n")[0]
    assert set(re.findall(r"[A-Z]+-\d\d", table)) == computed
