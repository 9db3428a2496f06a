"""What the warehouse knows of one control in one period: frames with true ids, for whoever writes evidence from them.

Belongs here: population, results, exceptions, waivers and parameters of a control, read with SQL over the whole period at once.
Does not: deliveries, gate results and runs (sources.py), pseudonyms, without which no frame may leave (disguise.py), layout.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import duckdb
import polars as pl

from preaudit.errors import PreauditError


class Framework(StrEnum):
    """Frameworks that the control library refers to; the value is the library's column."""

    soc2 = "soc2"
    iso27001 = "iso27001"
    nist80053 = "nist80053"
    pci = "pci"
    hipaa = "hipaa"


@dataclass(frozen=True)
class Period:
    """Inclusive as-of dates.

    Raises:
        PreauditError: the period ends before it starts.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise PreauditError(f"The period ends before it starts: {self.first} > {self.last}.", remedy="Exchange the two days.")

    def __str__(self) -> str:
        return f"{self.first} to {self.last}" if self.first < self.last else str(self.first)


def read(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: Any) -> pl.DataFrame:
    """The rows of a query; it has to name every parameter that is given.

    Raises:
        PreauditError: a table that the query needs was never built.
    """
    try:
        return pl.DataFrame(connection.sql(sql, params=parameters or None).to_arrow_table())
    except duckdb.CatalogException as error:
        raise PreauditError(
            f"The warehouse lacks a table that evidence is taken from: {str(error).splitlines()[0]}",
            where="warehouse.duckdb",
            remedy="Run `preaudit run` to the end first.",
        ) from error


def library(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per control of the library, every column, by control_id."""
    return read(connection, "select * from seeds.control_library order by control_id")


def controls_of(connection: duckdb.DuckDBPyConnection, framework: Framework) -> list[str]:
    """Ids of the controls that refer to a framework, implemented or not."""
    return library(connection).filter(pl.col(framework.value).is_not_null())["control_id"].to_list()


def controls_failing_on(connection: duckdb.DuckDBPyConnection, day: date) -> list[str]:
    """Ids of the controls with a result `fail` on that day."""
    sql = "select distinct control_id from marts.fct_control_results where on_date = $day and status = 'fail' order by all"
    return read(connection, sql, day=day)["control_id"].to_list()


def control_row(connection: duckdb.DuckDBPyConnection, control_id: str) -> dict[str, Any]:
    """The library row of a control: its words, limits, tolerance and references, the parameters it runs with.

    Raises:
        PreauditError: the library has no such control.
    """
    rows = library(connection).filter(pl.col("control_id") == control_id)
    if rows.is_empty():
        raise PreauditError(
            f"There is no control {control_id}.", where="--control", remedy="`preaudit controls` lists the library."
        )
    return rows.row(0, named=True)


def items_sql(connection: duckdb.DuckDBPyConnection, control_id: str) -> str:
    """A select of all tested items of a control in the period $first to $last, with `is_waived`; for a larger query.

    Waivers are those of today's register: an entry that was changed since the day of the test is judged as it stands now.
    """
    if not has_table(connection, "controls", model_name(control_id)):
        return f"({_NO_ITEMS})"
    return f"({_ITEMS.format(table=f'controls.{model_name(control_id)}')})"


def population(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """How much was tested, counted from the tested items and, apart from them, from the control results.

    grain: on_date, entity_kind; days with items only. `is_reconciled`: both counts of judged items are the same.
    """
    return read(connection, _POPULATION.format(items=items_sql(connection, control_id)), **_parameters(control_id, period))


def results(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """The control's result per day. grain: on_date, entity_kind, for every day of the period, run or not.

    entity_kind is null on days without any result; status is that of the whole kind: fail where one entity failed.
    """
    return read(connection, _RESULTS.format(items=items_sql(connection, control_id)), **_parameters(control_id, period))


def exceptions(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """Tested items that break the rule. grain: tested_on, entity_kind, entity_id, item_key (a state breaks it once a day).

    `failed_on`: the first day this item broke the rule, also before the period; null where no failure was recorded.
    """
    return read(connection, _EXCEPTIONS.format(items=items_sql(connection, control_id)), **_parameters(control_id, period))


def unjudged(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """Items the data could not judge, which are in no population. grain: tested_on, entity_kind, reason."""
    return read(connection, _UNJUDGED.format(items=items_sql(connection, control_id)), **_parameters(control_id, period))


def require_tested_days(connection: duckdb.DuckDBPyConnection, period: Period) -> None:
    """A period of which no day was ever tested proves nothing: neither a pack nor an audit is made of it.

    Raises:
        PreauditError: no day of the period was tested; names the days that were.
    """
    days = read(connection, "select min(on_date) as first, max(on_date) as last from marts.fct_control_days").row(0)
    if days[0] is None or period.last < days[0] or period.first > days[1]:
        tested = f"Tested are {days[0]} to {days[1]}: choose some of these days." if days[0] else "Run `preaudit run` first."
        raise PreauditError(f"No day was tested: {period}.", where="period", remedy=tested)


def waivers(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """Entries of today's waiver register that hold on some day of the period, one row each."""
    return read(connection, _WAIVERS, **_parameters(control_id, period))


def model_name(control_id: str) -> str:
    """JML-01 -> ctl_jml_01."""
    return "ctl_" + control_id.lower().replace("-", "_")


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether a run has built this table or view."""
    sql = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    return bool(connection.execute(sql, [schema, table]).fetchall())


def _parameters(control_id: str, period: Period) -> dict[str, Any]:
    return {"control": control_id, "first": period.first, "last": period.last}


_NO_ITEMS = """
    select null::varchar as entity_kind, null::varchar as entity_id, null::varchar as item_key, null::date as tested_on,
        null::timestamp as occurred_at, null::timestamp as known_at, null::double as exposure, null::boolean as is_exception,
        null::boolean as is_zero_tolerance, null::varchar as reason, null::varchar as evidence, null::boolean as is_waived
    where $control is not null and $first is not null and $last is not null and false"""

_ITEMS = """
    select items.*, coalesce(items.is_exception, false) and exists (
        select 1 from seeds.waivers as waivers
        where waivers.control_id = items.control_id and waivers.entity_kind = items.entity_kind
            and waivers.entity_id = items.entity_id and coalesce(waivers.item_key, items.item_key) = items.item_key
            and waivers.from_date <= items.tested_on and waivers.expires_on > items.tested_on) as is_waived
    from {table} as items
    where items.control_id = $control and items.tested_on between $first and $last"""

_POPULATION = """
with counted as (
    select tested_on as on_date, entity_kind, count(*) as items, count(is_exception) as judged_items,
        count(*) - count(is_exception) as unjudged_items, count(distinct entity_id) as entities,
        count(*) filter (is_exception) as exceptions, sum(exposure) filter (is_exception is not null) as exposure
    from {items} group by all
), recorded as (
    select on_date, entity_kind, sum(population)::bigint as items_in_results,
        sum(exceptions + waived_exceptions)::bigint as exceptions_in_results
    from marts.fct_control_results where control_id = $control and on_date between $first and $last group by all
)
select on_date, entity_kind, coalesce(items, 0) as items, coalesce(judged_items, 0) as judged_items,
    coalesce(unjudged_items, 0) as unjudged_items, coalesce(entities, 0) as entities, exposure,
    coalesce(exceptions, 0) as exceptions, coalesce(items_in_results, 0) as items_in_results,
    coalesce(exceptions_in_results, 0) as exceptions_in_results,
    coalesce(judged_items, 0) = coalesce(items_in_results, 0)
        and coalesce(exceptions, 0) = coalesce(exceptions_in_results, 0) as is_reconciled
from counted full join recorded using (on_date, entity_kind) order by all"""

_RESULTS = """
with spine as (
    select cast(day as date) as on_date from generate_series($first, $last, interval 1 day) as days (day)
), unjudged as (
    select tested_on as on_date, entity_kind, count(*) as unjudged_items from {items} where is_exception is null group by all
), recorded as (
    select on_date, entity_kind, count(*) as entities, sum(population)::bigint as population, sum(exposure) as exposure,
        sum(exceptions)::bigint as exceptions, sum(waived_exceptions)::bigint as waived_exceptions,
        count(*) filter (status = 'fail') as entities_failing,
        count(*) filter (not is_within_tolerance) as entities_outside_tolerance, min(tolerance_ratio) as tolerance_ratio
    from marts.fct_control_results where control_id = $control and on_date between $first and $last group by all
), tested as (
    select * from recorded full join unjudged using (on_date, entity_kind)
)
select spine.on_date, tested.entity_kind,
    case
        when days.has_error then 'error'
        when days.on_date is null or not days.is_evaluable then 'not_evaluable'
        when tested.exceptions > 0 then 'fail'
        when tested.waived_exceptions > 0 then 'waived'
        when tested.population > 0 then 'pass'
        when tested.unjudged_items > 0 then 'not_evaluable'
        else 'not_applicable'
    end as status,
    coalesce(tested.population, 0) as population, coalesce(tested.unjudged_items, 0) as unjudged_items,
    tested.exposure, coalesce(tested.exceptions, 0) as exceptions, coalesce(tested.waived_exceptions, 0) as waived_exceptions,
    tested.exceptions / tested.population as exception_ratio, tested.tolerance_ratio, coalesce(tested.entities, 0) as entities,
    coalesce(tested.entities_failing, 0) as entities_failing,
    coalesce(tested.entities_outside_tolerance, 0) as entities_outside_tolerance,
    if(days.on_date is null, 'no run covered this day', days.status_reason) as status_reason
from spine left join marts.fct_control_days as days on days.control_id = $control and days.on_date = spine.on_date
left join tested on tested.on_date = spine.on_date order by all"""

_EXCEPTIONS = """
with onsets as (
    select entity_kind, entity_id, item_key, min(failed_on) as failed_on
    from marts.fct_failures where control_id = $control group by all
)
select items.tested_on, items.entity_kind, items.entity_id, items.item_key, onsets.failed_on, items.occurred_at, items.known_at,
    items.exposure, items.is_zero_tolerance, items.is_waived, items.reason, items.evidence
from {items} as items left join onsets using (entity_kind, entity_id, item_key)
where items.is_exception order by all"""

_UNJUDGED = """
select tested_on, entity_kind, reason, count(*) as items from {items} where is_exception is null group by all order by all"""

_WAIVERS = """
select entity_kind, entity_id, item_key, reason, approver, from_date, expires_on from seeds.waivers
where control_id = $control and from_date <= $last and expires_on > $first order by all"""
