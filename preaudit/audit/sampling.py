"""Drawing the sample of a control from what it tested in a period.

Belongs here: the population of items, the order they are drawn in, and what is known of each drawn item, without true ids.
Does not: how many are drawn (deviation.py), or what the sample means (verdicts.py).
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from preaudit.audit.deviation import Plan
from preaudit.evidence.disguise import Disguise
from preaudit.evidence.facts import Period, items_sql, read

# A thing is an item for both kinds of entity, and every day where a state is tested: an auditor picks it once.
ALGORITHM = (
    "Population: different items judged at least once in the period. Order: SHA-256 of 'seed|control|item', ascending, as"
    " hexadecimal digits. Drawn: the first n. An item deviates if it broke the rule on any day of the period, waived or not."
)


@dataclass(frozen=True)
class Population:
    """Different items of a control in a period.

    Attributes:
        judged: judged at least once: what is drawn from.
        deviations: of these, broke the rule on some day.
        waived: of the deviations, under a waiver on each of those days.
        unjudged: never judged, and in no population.
    """

    judged: int
    deviations: int
    waived: int
    unjudged: int


def population(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> Population:
    """Count the items of a control."""
    sql = f"{_tested(connection, control_id)} {_COUNTS}"
    return Population(**read(connection, sql, **_parameters(control_id, period)).row(0, named=True))


def draw(
    connection: duckdb.DuckDBPyConnection, disguise: Disguise, control_id: str, period: Period, plan: Plan, seed: int
) -> pl.DataFrame:
    """The sample, in the order of the draw. grain: item.

    The hash makes the order as good as random, and the same for every run, thread count and row order; a larger sample of the
    same seed begins with the smaller one. The true item key is hashed, not its pseudonymous reference, so that a new pseudonym
    key draws the same items. Reason, evidence and time are those of the first day of the deviation, else of the first judged day.
    """
    sql = f"{_tested(connection, control_id)}, {_DRAWN.format(items=items_sql(connection, control_id))}"
    drawn = read(connection, sql, **_parameters(control_id, period), seed=str(seed), size=plan.size)
    agents = [sorted(map(disguise.pseudonyms.agent, row or ())) for row in drawn["agents"].to_list()]
    shown = drawn.with_columns(
        pl.Series("agents", [", ".join(row) for row in agents], dtype=pl.String),
        pl.col("processes").list.join(", ").fill_null(""),
        pl.lit(control_id).alias("control_id"),
    )
    return disguise.frame(shown).select("control_id", pl.exclude("control_id"))


def _tested(connection: duckdb.DuckDBPyConnection, control_id: str) -> str:
    return _TESTED.format(items=items_sql(connection, control_id))


def _parameters(control_id: str, period: Period) -> dict[str, Any]:
    return {"control": control_id, "first": period.first, "last": period.last}


_TESTED = """
with tested as (
    select
        item_key, count(is_exception) > 0 as is_judged, coalesce(bool_or(is_exception), false) as is_deviation,
        coalesce(bool_and(is_waived) filter (where is_exception), false) as is_waived,
        coalesce(bool_or(is_zero_tolerance) filter (where is_exception and not is_waived), false) as is_zero_tolerance
    from {items} group by item_key
)"""

_COUNTS = """
select count(*) filter (where is_judged) as judged, count(*) filter (where is_deviation) as deviations,
    count(*) filter (where is_waived) as waived, count(*) filter (where not is_judged) as unjudged
from tested"""

_DRAWN = """
drawn as (
    select *, row_number() over (order by sha256(concat_ws('|', $seed, $control, item_key)), item_key) as draw
    from tested where is_judged qualify draw <= $size
)
select drawn.draw, drawn.item_key, if(drawn.is_deviation, 'exception', 'pass') as result, drawn.is_waived,
    drawn.is_zero_tolerance, list(distinct entity_id order by entity_id) filter (where entity_kind = 'agent') as agents,
    list(distinct entity_id order by entity_id) filter (where entity_kind = 'process') as processes,
    min(tested_on) as first_tested_on, max(tested_on) as last_tested_on, count(distinct tested_on) as days_tested,
    count(distinct tested_on) filter (where is_exception) as days_broken,
    count(distinct tested_on) filter (where is_exception is null) as days_not_judged,
    {first_occurred_at} as occurred_at, {first_reason} as reason, {first_evidence} as evidence
from drawn inner join {{items}} as items using (item_key) group by all order by draw""".format(
    **{
        f"first_{column}": f"first({column} order by is_exception desc nulls last, tested_on, entity_kind, entity_id)"
        for column in ("occurred_at", "reason", "evidence")
    }
)
