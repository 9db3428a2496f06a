"""The catalogue of model inputs says the same as the marts, and names nothing that may not be an input."""

import csv
from collections.abc import Iterator

import pytest
import yaml

from expectations.contract import FORBIDDEN_WORDS
from ml.features import FAMILIES, FAMILY_TABLE, KEY_COLUMNS, SLICE_COLUMNS, features, staff_features
from preaudit.settings import REPOSITORY

KINDS = ("agent", "process")
# Beside what may never be delivered: what is delivered for controls and slices and may not be an input of a model.
NEVER_AN_INPUT = FORBIDDEN_WORDS | {"leave", "absence", "id", "country", "site", "team", "email", "name", "citizenship"}


def contract(model: str) -> dict[str, str]:
    """Column -> type of a mart's enforced dbt contract, in order."""
    declared = yaml.safe_load((REPOSITORY / "dbt_project/models/marts/features/_features.yml").read_text(encoding="utf-8"))
    (found,) = (row for row in declared["models"] if row["name"] == model)
    assert found["config"]["contract"]["enforced"]
    return {column["name"]: column["data_type"] for column in found["columns"]}


def implemented_controls(kind: str) -> Iterator[str]:
    with (REPOSITORY / "dbt_project/seeds/control_library.csv").open(encoding="utf-8", newline="") as library:
        for row in csv.DictReader(library):
            if row["is_implemented"] == "true" and row["entity_kinds"] in (kind, "both"):
                yield row["control_id"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_catalogue_is_the_contract_of_the_wide_mart_in_its_order(kind: str) -> None:
    names = tuple(feature.name for feature in features(kind))
    columns = contract(f"ftr_{kind}_pairs")
    assert tuple(columns) == (*KEY_COLUMNS, *SLICE_COLUMNS, *names)
    assert {columns[name] for name in names} == {"double"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_wide_row_is_the_entity_the_pair_and_the_control_flags(kind: str) -> None:
    own = [name for name, kept in contract(f"ftr_{kind}").items() if kept == "double"]
    pair = [name for name, kept in contract("ftr_pair").items() if kept == "double"]
    assert not set(own) & set(pair)
    names = [feature.name for feature in features(kind)]
    assert names[: len(own) + len(pair)] == own + pair


@pytest.mark.parametrize("kind", KINDS)
def test_every_implemented_control_of_the_kind_has_its_flag(kind: str) -> None:
    flags = {feature.name for feature in features(kind) if feature.name.startswith("is_control_")}
    assert flags == {"is_control_" + control.lower().replace("-", "_") for control in implemented_controls(kind)}


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_is_a_protected_attribute_an_absence_or_an_identity(kind: str) -> None:
    words = {word for feature in features(kind) for word in feature.name.split("_")}
    assert not words & NEVER_AN_INPUT


@pytest.mark.parametrize("kind", KINDS)
def test_the_pairs_history_the_rule_in_use_needs_is_among_the_inputs(kind: str) -> None:
    names = {feature.name for feature in features(kind)}
    assert names >= {"exceptions_28d", "exceptions_90d", "pair_rate_shrunk", "control_base_ratio", "severity_weight"}
    assert names >= {"exposure_28d", "is_foreseeable"}


def test_every_family_is_used_and_has_words_and_every_sentence_tells_features_apart() -> None:
    assert {feature.family for kind in KINDS for feature in features(kind)} == set(FAMILIES)
    for kind in KINDS:
        sentences = [feature.sentence for feature in features(kind)]
        assert len(set(sentences)) == len(sentences)


def test_every_feature_has_somebody_who_answers_for_it_and_a_unit_a_reader_knows() -> None:
    every = [feature for kind in KINDS for feature in features(kind)] + list(staff_features())
    assert all(len(feature.owner) > 3 for feature in every)
    assert {feature.unit for feature in every} == {"days", "count", "ratio", "minutes", "log ratio", "level", "flag"}
    assert all(family.owner != family.words for family in FAMILY_TABLE.values())


def test_what_only_the_scores_of_the_staff_tell_is_no_column_of_a_mart() -> None:
    added = {feature.name for feature in staff_features()}
    assert added
    assert not added & {feature.name for kind in KINDS for feature in features(kind)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_shrunk_rate_stands_beside_the_number_of_cases_it_is_made_of(kind: str) -> None:
    cases = {
        "breached_ratio_28d": "tickets_finished_28d",
        "reopened_ratio_28d": "tickets_finished_28d",
        "without_evidence_ratio_28d": "tickets_finished_28d",
        "logins_without_mfa_ratio_28d": "logins_mfa_known_28d",
        "pair_rate_shrunk": "pair_rate_days",
        "peer_rate_shrunk": "peer_rate_days",
    }
    names = {feature.name for feature in features(kind)}
    shrunk = {feature.name for feature in features(kind) if feature.sentence.endswith(", shrunk") or "alone" in feature.sentence}
    assert shrunk == set(cases)
    assert names >= set(cases.values())


def test_only_a_direction_beyond_argument_is_forced_on_the_model() -> None:
    forced = {feature.name: feature.direction for kind in KINDS for feature in features(kind) if feature.direction}
    assert forced == {"exceptions_28d": 1, "control_base_ratio": 1, "is_foreseeable": 1, "limits_ahead": 1}
