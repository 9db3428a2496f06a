"""Is the population complete and accurate? And what would an auditor ask for, where it is not?

Belongs here: what the deliveries, days and items of a control's period say of the population, and the requests that follow from
it. Does not: reading them (preaudit/evidence/), or what a gap does to the verdict (verdicts.py).
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from preaudit.evidence import facts, sources
from preaudit.evidence.disguise import Disguise
from preaudit.evidence.facts import Period, items_sql, read

BLIND = ("not_evaluable", "error")


@dataclass(frozen=True)
class Completeness:
    """The state of one control's population.

    Attributes:
        days: of the period.
        days_not_evaluable: of these, not run, not evaluable, or ended with an error: nothing of them is in the population.
        files: that became known, or were refused, in the period.
        are_rows_accounted_for: delivered = accepted + quarantined + refused, for every feed.
        are_items_counted_alike: the items add up to the recorded results, every day.
    """

    days: int
    days_not_evaluable: int
    files: int
    files_refused: int
    rows_delivered: int
    rows_accepted: int
    rows_quarantined: int
    rows_refused: int
    are_rows_accounted_for: bool
    are_items_counted_alike: bool

    @property
    def limits(self) -> tuple[str, ...]:
        """Why the population is not all there was, one sentence each."""
        found = []
        if self.days_not_evaluable:
            found.append(f"{self.days_not_evaluable} of {self.days} days could not be evaluated")
        if not self.are_rows_accounted_for:
            found.append("delivered rows are unaccounted for")
        if not self.are_items_counted_alike:
            found.append("tested items do not add up to the recorded results")
        return tuple(found)


@dataclass(frozen=True)
class Request:
    """One thing an auditor would still ask for.

    Attributes:
        kind: missing_data, refused_file, reconciliation, unjudged_items, unmatched_waiver, waiver_approval, deviation or code.
        control_id: None where it concerns all controls.
    """

    control_id: str | None
    kind: str
    text: str


def look(
    connection: duckdb.DuckDBPyConnection, disguise: Disguise, control_id: str, period: Period
) -> tuple[Completeness, list[Request]]:
    """The completeness of a control's population, and the requests it gives rise to; without true ids.

    Raises:
        PreauditError: the library has no such control, or nothing was ever run.
    """
    results = disguise.frame(facts.results(connection, control_id, period))
    files = disguise.frame(sources.deliveries(connection, control_id, period)).filter("is_in_period")
    rows = sources.reconciliation(files)
    counted = facts.population(connection, control_id, period)
    blind = results.filter(pl.col("status").is_in(BLIND) & (pl.col("unjudged_items") == 0))
    state = Completeness(
        days=results["on_date"].n_unique(),
        days_not_evaluable=blind["on_date"].n_unique(),
        files=files["delivery_id"].n_unique(),
        files_refused=files.filter(pl.col("status") == "refused")["delivery_id"].n_unique(),
        **{name: int(rows[name].sum()) for name in ("rows_delivered", "rows_accepted", "rows_quarantined", "rows_refused")},
        are_rows_accounted_for=bool(rows["is_reconciled"].all()),
        are_items_counted_alike=bool(counted["is_reconciled"].all()),
    )
    unjudged = disguise.frame(facts.unjudged(connection, control_id, period))
    parameters = {"control": control_id, "first": period.first, "last": period.last}
    waivers = disguise.frame(read(connection, _WAIVERS.format(items=items_sql(connection, control_id)), **parameters))
    asked = [
        *(("missing_data", text) for text in _missing(blind)),
        *(("refused_file", text) for text in _refused(files)),
        *(("reconciliation", f"Explain why {text}.") for text in state.limits if "days" not in text),
        *(("unjudged_items", text) for text in _unjudged(unjudged)),
        *_waivers(waivers),
    ]
    return state, [Request(control_id, kind, text) for kind, text in asked]


def as_sentence(reason: str | None) -> str:
    """A reason as the end of a sentence."""
    return f"{(reason or 'none on record').rstrip('.')}."


def _missing(blind: pl.DataFrame) -> list[str]:
    by_reason = blind.group_by("status_reason").agg(
        pl.col("on_date").n_unique().alias("days"), pl.col("on_date").min().alias("first"), pl.col("on_date").max().alias("last")
    )
    return [
        f"Deliver what was missing, or show the control by other means, for {days} day(s) from {first} to {last}:"
        f" {as_sentence(reason)}"
        for reason, days, first, last in by_reason.sort("first", "last", "status_reason").iter_rows()
    ]


def _refused(files: pl.DataFrame) -> list[str]:
    """Files that nothing replaced within the period."""
    open_files = files.filter((pl.col("status") == "refused") & pl.col("superseded_on").is_null())
    columns = open_files.select("file", "rows_refused", "refusal_reason").unique().sort("file", "refusal_reason")
    return [
        f"Deliver {file} again. Rows refused: {rows:,}. Reason: {as_sentence(reason)}"
        for file, rows, reason in columns.iter_rows()
    ]


def _unjudged(unjudged: pl.DataFrame) -> list[str]:
    """Item-days by reason, for whichever kind of entity has more of them: a thing counts for both."""
    by_kind = unjudged.group_by("reason", "entity_kind").agg(pl.col("items").sum())
    by_reason = by_kind.group_by("reason").agg(pl.col("items").max()).sort("items", "reason", descending=[True, False])
    return [
        f"Provide what was lacking for tests of an item on a day ({items:,} in all): {as_sentence(reason)}"
        for reason, items in by_reason.iter_rows()
    ]


def _waivers(waivers: pl.DataFrame) -> list[tuple[str, str]]:
    asked = []
    for row in waivers.iter_rows(named=True):
        which = f"the waiver of {row['entity_kind']} {row['entity_id']} from {row['from_date']} to {row['expires_on']}"
        if row["exceptions"]:
            approver = row["approver"] or "none on record"
            text = f"Show the approval of {which}. Approver: {approver}. Reason: {as_sentence(row['reason'])}"
            asked.append(("waiver_approval", text))
        else:
            asked.append(("unmatched_waiver", f"Explain {which}: it covers no exception of the period."))
    return asked


_WAIVERS = """
select waivers.entity_kind, waivers.entity_id, waivers.item_key, waivers.reason, waivers.approver, waivers.from_date,
    waivers.expires_on, count(items.item_key) as exceptions
from seeds.waivers as waivers left join {items} as items on items.is_waived
    and items.entity_kind = waivers.entity_kind and items.entity_id = waivers.entity_id
    and coalesce(waivers.item_key, items.item_key) = items.item_key
    and waivers.from_date <= items.tested_on and waivers.expires_on > items.tested_on
where waivers.control_id = $control and waivers.from_date <= $last and waivers.expires_on > $first
group by all order by all"""
