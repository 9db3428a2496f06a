"""The guard of the feature table: what must be true of it before anything is trained on it or scored with it.

Belongs here: the facts about ftr_agent_pairs and ftr_process_pairs, their limits, the check. Does not: what a feature means
(ml/features.py), what happens when a rule fails (orchestration/).
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from expectations import docs
from expectations.gate import RuleResult
from expectations.library import great_expectations
from expectations.sql import quote
from expectations.validation import RuleOutcome, validate
from preaudit.settings import Settings

KEY = ("as_of_on", "entity_id", "control_id")
# The rule in use and the severity weight are computed for every pair, so a null in them is a broken join, not missing data.
NEVER_NULL = ("exceptions_28d", "exceptions_90d", "severity_weight")
# 2026-11-24: counts over 90 days of one agent stay below a million; a billion is an overflow or an identifier.
LARGEST = 1e9
# 2026-11-24: a source without HR and access leaves three quarters of the features empty; more than 95 % means nothing was joined.
CONSTANT_RATIO = 0.95

SENTENCES = {
    "FEATURES_EMPTY": "the feature table has rows",
    "FEATURE_MISSING": "every declared feature is a column",
    "FEATURE_NOT_DOUBLE": "every feature is a DOUBLE",
    "FEATURE_NULL": "features that are known for every pair are never null",
    "FEATURE_NOT_FINITE": "no feature is infinite or not a number",
    "FEATURE_OUT_OF_RANGE": "every feature lies in its range (is_, has_: 0 to 1; others below a billion)",
    "PAIR_REPEATED": "as_of_on, entity_id, control_id occur once and are never null",
    "FEATURES_CONSTANT": "at most 95 % of the features have one value only",
}


def check_feature_table(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    entity_kind: str,
    feature_names: Sequence[str],
    *,
    relation: str | None = None,
    never_null: Sequence[str] = NEVER_NULL,
    max_constant_ratio: float = CONSTANT_RATIO,
) -> list[RuleResult]:
    """Check the wide feature table of one entity kind; a rule that fails names the features in its detail.

    Args:
        feature_names: every feature that training and scoring expect.
        relation: table or subquery to look at; marts.ftr_<entity_kind>_pairs unless told.
        never_null: features that have a value for every pair.

    Raises:
        PreauditError: a rule could not be evaluated.
    """
    source = relation or f"marts.ftr_{entity_kind}_pairs"
    types = {row[0]: row[1] for row in con.execute(f"describe select * from {source}").fetchall()}
    features = _feature_facts(con, source, feature_names, types, never_null)
    table = _table_facts(con, source, features)
    name = f"features.{entity_kind}"
    outcomes = [
        *validate(settings, [features], _feature_suite(name)),
        *validate(settings, [table], _table_suite(name, max_constant_ratio)),
    ]
    docs.store_results(settings, name, "latest", [outcome.result for outcome in outcomes])
    return [_result(outcome, feature_names) for outcome in outcomes]


def _feature_facts(
    con: duckdb.DuckDBPyConnection, source: str, names: Sequence[str], types: dict[str, str], never_null: Sequence[str]
) -> Any:
    """One row per feature: what it lacks, as numbers."""
    import pandas as pd

    numeric = [name for name in names if types.get(name) == "DOUBLE"]
    cells = [quote(name) for name in numeric]
    infinite = "count(*) filter (where not isfinite({}))"
    parts = [f"count(*) - count({cell}), {infinite.format(cell)}, min({cell}), max({cell})" for cell in cells]
    values = con.execute(f"select {', '.join(parts)} from {source}").fetchall()[0] if parts else ()
    found = {name: values[4 * index : 4 * index + 4] for index, name in enumerate(numeric)}
    rows = []
    for number, name in enumerate(names, start=1):
        nulls, not_finite, low, high = found.get(name, (0, 0, None, None))
        lowest, highest = (0.0, 1.0) if name.startswith(("is_", "has_")) else (-LARGEST, LARGEST)
        rows.append(
            {
                "_row_number": number,
                "is_missing": float(name not in types),
                "is_other_type": float(name in types and types[name] != "DOUBLE"),
                "nulls": float(nulls if name in never_null else 0),
                "not_finite": float(not_finite),
                "is_out_of_range": float(low is not None and (low < lowest or high > highest)),
                "is_constant": float(low == high),
            }
        )
    return pd.DataFrame(rows)


def _table_facts(con: duckdb.DuckDBPyConnection, source: str, features: Any) -> Any:
    import pandas as pd

    key = ", ".join(KEY)
    null_key = " or ".join(f"{column} is null" for column in KEY)
    rows, distinct, without_key = con.execute(
        f"select count(*), count(distinct ({key})), count(*) filter (where {null_key}) from {source}"
    ).fetchall()[0]
    return pd.DataFrame(
        {
            "rows": [float(rows)],
            "repeated_pairs": [float(rows - distinct + without_key)],
            "constant_ratio": [float(features["is_constant"].mean()) if rows > 1 else 0.0],
        }
    )


def _feature_suite(name: str) -> Any:
    columns = {
        "FEATURE_MISSING": "is_missing",
        "FEATURE_NOT_DOUBLE": "is_other_type",
        "FEATURE_NULL": "nulls",
        "FEATURE_NOT_FINITE": "not_finite",
        "FEATURE_OUT_OF_RANGE": "is_out_of_range",
    }
    return _suite(name, {code: (column, None, 0) for code, column in columns.items()})


def _table_suite(name: str, max_constant_ratio: float) -> Any:
    return _suite(
        name,
        {
            "FEATURES_EMPTY": ("rows", 1, None),
            "PAIR_REPEATED": ("repeated_pairs", None, 0),
            "FEATURES_CONSTANT": ("constant_ratio", None, max_constant_ratio),
        },
    )


def _suite(name: str, limits: dict[str, tuple[str, float | None, float | None]]) -> Any:
    gx, gxe = great_expectations()

    expectations = [
        gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high, meta={"rule": code, "column": None})
        for code, (column, low, high) in limits.items()
    ]
    return gx.ExpectationSuite(name=name, expectations=expectations)


def _result(outcome: RuleOutcome, names: Sequence[str]) -> RuleResult:
    broken = ", ".join(names[row - 1] for row in sorted(outcome.rows))
    sentence = SENTENCES[outcome.code]
    detail = None if outcome.is_success else f"Not true: {sentence}{f' ({broken})' if broken else ''}."
    return RuleResult(outcome.code, None, "table", outcome.is_success, outcome.checked, outcome.failed, detail)
