"""The tables of a made-up day that do not depend on who works there: controls, coverage, deliveries, past lists, monitoring.

Belongs here: their rows. Does not: entities, scores and statuses (console_year.py).
"""

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from console.control_texts import library

HOSTILE = (
    "<script>alert(1)</script>",
    "'; drop table rankings; --",
    "=cmd|' /C calc'!A0",
    "\u202eslrig\u202c billing",
    "x" * 10_000,
    "{{ 7 * 7 }}",
    "<svg onload=alert(1)>",
    "\x1b[31mred\x1b[0m",
)
FRAMEWORKS = ("soc2", "iso27001", "nist80053", "pci", "hipaa")


def controls() -> pl.DataFrame:
    rows = [{name: value or None for name, value in row.items()} for row in library()]
    numbers = {
        name: pl.Float64 for row in rows[:1] for name in row if name.startswith(("limit_", "tolerance_ratio", "severity_w"))
    }
    numbers.pop("limit_source", None)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).cast(numbers, strict=False)  # type: ignore[arg-type]
    return frame.with_columns(
        pl.lit(True).alias("is_implemented"),
        (pl.int_range(pl.len()) != 5).alias("is_evaluable"),
        pl.when(pl.int_range(pl.len()) == 5).then(pl.lit("feed trainings is stale")).alias("status_reason"),
        pl.lit(100).alias("tested_items"),
        pl.lit(50).alias("entities_in_scope"),
        pl.lit(0).alias("unjudged_items"),
    ).sort("control_id")


def reasons(rng: np.random.Generator) -> str:
    """The JSON of one score's reasons."""
    fixed: dict[str, Any] = {
        "family": "work",
        "family_words": "work",
        "feature": "x",
        "usual": 2.0,
        "unit": "count",
        "effect": 0.4,
    }
    values = [int(value) for value in rng.integers(1, 90, size=4)]
    sentence = "Tickets per shift <now>: {}, usually 12 among peers."
    told = [{**fixed, "direction": "raises", "value": value, "sentence": sentence.format(value)} for value in values]
    return json.dumps(told)


def changes(status: pl.DataFrame, day: date) -> pl.DataFrame:
    number = pl.int_range(pl.len())
    change = pl.when(number % 9 == 0).then(pl.lit("newly_failing")).when(number % 7 == 0).then(pl.lit("fixed"))
    return status.filter(pl.col("status") == "fail").select(
        "control_id",
        "entity_kind",
        "entity_id",
        "on_date",
        pl.lit(day - timedelta(days=1)).alias("previous_on"),
        change.otherwise(pl.lit("still_failing")).alias("change"),
        "status",
        "reason",
        "exceptions",
        pl.lit(1).alias("new_exceptions"),
        pl.lit(1).alias("previous_exceptions"),
    )


def coverage(processes: list[str], controls: pl.DataFrame, day: date) -> pl.DataFrame:
    frame = pl.DataFrame({"process_id": processes}).join(controls.select("control_id"), how="cross")
    frame = frame.join(pl.DataFrame({"feed": ["workers", "trainings", "tickets"]}), how="cross")
    is_stale = pl.col("feed") == "trainings"
    return frame.with_columns(
        pl.lit(day).alias("on_date"),
        (pl.col("feed") != "tickets").alias("is_needed"),
        pl.when(is_stale).then(pl.lit("stale")).otherwise(pl.lit("fresh")).alias("feed_status"),
        pl.lit(day).alias("feed_last_known_on"),
        pl.lit("tested").alias("coverage"),
        pl.lit(None, pl.String).alias("reason"),
        pl.lit(9).alias("judged_items"),
        pl.lit(0).alias("unjudged_items"),
        pl.lit(day).alias("last_looked_on"),
    )


def frameworks(day: date) -> pl.DataFrame:
    rows = [
        (
            framework,
            f"CC{number}",
            day,
            "HR-01 JML-01",
            2,
            2,
            1,
            4,
            number % 5 != 0,
            None if number % 5 else "SEC-01: not implemented",
        )
        for framework in FRAMEWORKS
        for number in range(1, 24)
    ]
    names = "framework reference_id on_date control_ids controls controls_evaluated controls_failing failing_entities is_covered"
    names += " gap_reason"
    return pl.DataFrame(rows, schema=names.split(), orient="row")


def quarantine() -> pl.DataFrame:
    """One row per hostile value."""
    fixed = {"source": "canonical", "feed": "tickets", "folder": "f", "file_sha256": "s", "is_superseded": False, "row_number": 3}
    broken = {"rule_code": "R03", "column_name": "due_at"}
    rows = [
        {**fixed, **broken, "file": f"canonical/{text[:40]}.csv", "value": text, "message": f"'{text}' is no date"}
        for text in HOSTILE
    ]
    return pl.DataFrame(rows)


def deliveries(day: date) -> pl.DataFrame:
    counts = dict.fromkeys(("rows_delivered", "rows_accepted"), 100) | dict.fromkeys(
        ("rows_quarantined", "rows_refused", "rows_repeated"), 0
    )
    days = dict.fromkeys(("delivered_on", "known_on", "first_known_on", "last_known_on"), day)
    texts = {"source": "canonical", "folder": str(day), "file": "f.csv", "file_sha256": "s", "status": "accepted"}
    rows = [
        {**texts, **counts, **days, "feed": feed, "rules_checked": 9, "rules_failed": 0}
        for feed in ("workers", "trainings", "tickets")
    ]
    absent = dict.fromkeys(("refusal_rule", "refusal_reason", "unknown_columns", "dropped_columns"), pl.String)
    return pl.DataFrame(rows).with_columns(
        *(pl.lit(None, kind).alias(name) for name, kind in absent.items()), pl.lit(None, pl.Date).alias("superseded_on")
    )


def outcomes(day: date, rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for kind, size in (("process", 20), ("agent", 500)):
        for back in range(0, 300, 7):
            matured = back > 30
            failed, rule = (int(rng.binomial(size, share)) for share in (0.6, 0.42))
            rows.append(
                (
                    day - timedelta(days=back),
                    kind,
                    size,
                    failed if matured else None,
                    rule if matured else None,
                    size * 0.58,
                    matured,
                    back % 3,
                )
            )
    names = ["as_of_on", "entity_kind", "list_size", "failed", "rule_failed", "expected", "matured", "intervened"]
    return pl.DataFrame(rows, schema=names, orient="row")


def reliability() -> pl.DataFrame:
    rows = [
        (kind, n, 900, 0.02 + n * 0.08, 0.02 + n * 0.075, n * 0.07, 0.05 + n * 0.085)
        for kind in ("agent", "process")
        for n in range(10)
    ]
    return pl.DataFrame(rows, schema=["entity_kind", "tenth", "pairs", "expected", "observed", "lower", "upper"], orient="row")


def monitoring(day: date) -> pl.DataFrame:
    """One measure beyond its limit, two within."""
    measures = [("input_psi", "tickets_28d", 0.31, 0.2), ("score_psi", "", 0.04, 0.2), ("champion_age_days", "", 12.0, 90.0)]
    rows = [
        {"as_of_on": day, "entity_kind": kind, "measure": measure, "name": name, "value": value, "limit_value": limit}
        for kind in ("agent", "process")
        for measure, name, value, limit in measures
    ]
    is_ok = (pl.col("value") <= pl.col("limit_value")).alias("is_ok")
    return pl.DataFrame(rows).with_columns(is_ok, pl.lit(None, pl.String).alias("detail"))


REVIEW = {
    "entity_kind": pl.String,
    "horizon_days": pl.Int64,
    "split": pl.String,
    "competitor": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "detail": pl.String,
    "rows": pl.Int64,
    "entities": pl.Int64,
    "failing_pairs": pl.Int64,
    "dates": pl.Int64,
    "capacity_ratio": pl.Float64,
}
