"""The guard of the feature table."""

import duckdb
import pytest

from expectations.features import check_feature_table
from preaudit.settings import Settings

NAMES = ("exceptions_28d", "exceptions_90d", "severity_weight", "is_foreseeable", "tickets_28d")
ROW = {
    "as_of_on": "date '2026-01-04'",
    "entity_id": "'w' || i",
    "control_id": "'JML-01'",
    "exceptions_28d": "(i % 3)::double",
    "exceptions_90d": "i::double",
    "severity_weight": "if(i % 2 = 0, 0.5, 1.0)::double",
    "is_foreseeable": "0::double",
    "tickets_28d": "if(i = 1, null, i * 10)::double",
}


@pytest.fixture
def broken(tmp_path):
    """The codes and details of the rules that fail on five pairs with some columns changed."""

    def check(rows: int = 5, without: str = "", **changes: str) -> dict[str, str]:
        con = duckdb.connect()
        con.execute("create schema marts")
        columns = ", ".join(f"{sql} as {name}" for name, sql in (ROW | changes).items() if name != without)
        con.execute(f"create table marts.ftr_agent_pairs as select {columns} from range({rows}) t(i)")
        results = check_feature_table(Settings(home=tmp_path), con, "agent", NAMES)
        assert len(results) == 8
        return {result.rule_code: result.detail for result in results if not result.is_success}

    return check


def test_a_sound_table_passes_every_rule_and_may_have_unknown_values(broken):
    assert broken() == {}


@pytest.mark.parametrize(
    ("changes", "rule", "name"),
    [
        ({"rows": 0}, "FEATURES_EMPTY", ""),
        ({"without": "tickets_28d"}, "FEATURE_MISSING", "tickets_28d"),
        ({"tickets_28d": "i::integer"}, "FEATURE_NOT_DOUBLE", "tickets_28d"),
        ({"exceptions_28d": "if(i = 1, null, i)::double"}, "FEATURE_NULL", "exceptions_28d"),
        ({"tickets_28d": "if(i = 1, 'nan', i::varchar)::double"}, "FEATURE_NOT_FINITE", "tickets_28d"),
        ({"is_foreseeable": "i::double"}, "FEATURE_OUT_OF_RANGE", "is_foreseeable"),
        ({"tickets_28d": "i * 1e12"}, "FEATURE_OUT_OF_RANGE", "tickets_28d"),
        ({"entity_id": "'w' || i // 2"}, "PAIR_REPEATED", ""),
        ({"entity_id": "if(i = 1, null, 'w' || i)"}, "PAIR_REPEATED", ""),
    ],
)
def test_a_broken_table_fails_one_rule_that_names_the_feature(broken, changes, rule, name):
    found = broken(**changes)
    assert list(found) == [rule]
    assert name in found[rule]


def test_a_table_in_which_nothing_varies_fails(broken):
    assert list(broken(**dict.fromkeys(NAMES, "1::double"))) == ["FEATURES_CONSTANT"]
