"""The published tables: which columns of the warehouse leave it, in which order, for one as-of date.

Belongs here: an allow-list per table (a column that is not named is not published), and the proof that no delivered row is lost.
Does not: pseudonyms (pseudonyms.py), files and versions (snapshot.py), or any calculation that a mart should do.
"""

from datetime import date

import duckdb
import polars as pl

from preaudit.errors import PreauditError
from preaudit.published_entities import RANKED_ENTITIES, SCORES
from preaudit.published_monitoring import MONITORING_TABLES
from preaudit.published_table import PublishedTable, names

# Window of the published daily results. A snapshot speaks of its own day and older days stay in older snapshots; a week shows
# which way a result is going. At 10,000 agents publishing 90 days took 2.5 GiB of memory (make bench SIZE=M, 2026-11).
RESULT_DAYS = 7


# The library's columns of numbers that a rule needs.
LIMITS = names(
    "limit_hours limit_hours_privileged limit_days first_limit_days grace_minutes hard_limit_records mad_multiplier limit_ratio",
    "min_population reopen_days response_hours unowned_hours limit_count limit_days_other",
)


# Deliveries as they were known on the as-of day. A refused file never became known: its folder's day counts. Neither has history
# (each row has its own day), which is always there. A refused file is superseded when its folder's next accepted file is known.
_DELIVERIES = """(
    select d.* replace (
        array_to_string(unknown_columns, ', ') as unknown_columns,
        array_to_string(dropped_columns, ', ') as dropped_columns,
        case when coalesce(superseded_on, corrected_on) <= $as_of then coalesce(superseded_on, corrected_on) end as superseded_on)
    from ops.deliveries d left join (
        select refused.delivery_id, min(coalesce(later.known_on, later.first_known_on)) as corrected_on
        from ops.deliveries refused join ops.deliveries later using (source, feed, folder)
        where refused.status = 'refused' and later.status = 'accepted' and later.delivery_id > refused.delivery_id
        group by refused.delivery_id) using (delivery_id)
    where coalesce(known_on, delivered_on, $as_of) <= $as_of)"""

TABLES = (
    PublishedTable(
        name="rankings",
        relation=RANKED_ENTITIES,
        columns=names(
            "as_of_on entity_kind entity_id entity_name rank probability_any risk worst_control_id worst_control_probability",
            "probability_lower probability_upper has_enough_evidence",
            "reasons ranked_by exceptions_28d exceptions_90d open_exceptions controls_scored",
            "site client_id criticality process_id process_name",
        ),
        key=names("entity_kind rank entity_id"),
        window="as_of_on = $as_of",
        text=names("reasons"),
    ),
    PublishedTable(
        name="scores",
        relation=SCORES,
        columns=names(
            "as_of_on entity_kind entity_id control_id horizon_days probability probability_lower probability_upper",
            "has_enough_evidence margin served_by levers",
            "rule_exceptions_28d rule_exceptions_90d reasons days_until_limit",
        ),
        key=names("entity_kind entity_id control_id horizon_days"),
        window="as_of_on = $as_of",
        text=names("reasons"),
    ),
    PublishedTable(
        name="control_status",
        relation="marts.mart_control_status",
        columns=names("control_id entity_kind entity_id on_date status reason"),
        optional=names(
            "note population unjudged_items exceptions waived_exceptions exception_ratio tolerance_ratio is_within_tolerance",
        ),
        key=names("entity_kind entity_id control_id"),
        window="on_date = $as_of",
        text=names("reason note"),
    ),
    PublishedTable(
        name="control_changes",
        relation="marts.mart_control_changes",
        columns=names(
            "control_id entity_kind entity_id on_date previous_on change status reason exceptions new_exceptions",
            "previous_exceptions",
        ),
        key=names("control_id entity_kind entity_id"),
        window="on_date = $as_of",
        text=names("reason"),
    ),
    PublishedTable(
        name="control_coverage",
        relation="marts.mart_control_coverage",
        columns=names(
            "control_id process_id feed on_date is_needed feed_status feed_last_known_on coverage reason judged_items",
            "unjudged_items last_looked_on",
        ),
        key=names("control_id process_id feed"),
        window="on_date = $as_of",
        text=names("reason"),
    ),
    PublishedTable(
        name="framework_coverage",
        relation="marts.mart_framework_coverage",
        columns=names(
            "framework reference_id on_date control_ids controls controls_evaluated controls_failing failing_entities is_covered",
            "gap_reason",
        ),
        key=names("framework reference_id"),
        window="on_date = $as_of",
        text=names("gap_reason"),
    ),
    PublishedTable(
        name="control_results",
        relation="marts.fct_control_results",
        columns=names(
            "control_id entity_kind entity_id on_date population exposure exceptions waived_exceptions exception_ratio",
            "tolerance_ratio has_exception is_within_tolerance status reason note",
        ),
        key=names("on_date entity_kind entity_id control_id"),
        window=f"on_date > $as_of - {RESULT_DAYS} and on_date <= $as_of",
        text=names("reason note"),
    ),
    PublishedTable(
        name="failures",
        relation="marts.fct_failures",
        columns=names("control_id entity_kind entity_id item_key failed_on occurred_at reason is_waived origin"),
        key=names("failed_on entity_kind entity_id control_id item_ref is_waived"),
        window="failed_on <= $as_of",
        text=names("reason"),
    ),
    PublishedTable(
        name="controls",
        relation=(
            "(select * from seeds.control_library"
            " left join (select * from marts.fct_control_days where on_date = $as_of) using (control_id))"
        ),
        columns=names(
            "control_id name area entity_kinds item_kind severity severity_weight is_implemented question remedy",
            "is_evaluable status_reason tested_items entities_in_scope",
        ),
        optional=names(
            "needs_feeds optional_feeds frequency tolerance_ratio tolerance_text limit_source soc2 iso27001 nist80053 pci hipaa",
            *("ccf", "unjudged_items", *LIMITS),
        ),
        key=names("control_id"),
        text=names("status_reason"),
    ),
    *MONITORING_TABLES,
    PublishedTable(
        name="quarantine",
        relation=(
            "(select q.*, d.folder, d.file_sha256, d.superseded_on is not null as is_superseded"
            f" from ops.quarantine q join {_DELIVERIES} d using (delivery_id))"
        ),
        columns=names(
            "source feed folder file file_sha256 is_superseded row_number rule_code column_name value message",
        ),
        key=names("source feed file file_sha256 row_number rule_code column_name is_superseded"),
        text=names("value message"),
    ),
    PublishedTable(
        name="deliveries",
        relation=(
            f"(select * from {_DELIVERIES} left join (select delivery_id, count(*) as rules_checked,"
            " count(*) filter (where not is_success) as rules_failed from ops.gate_results group by delivery_id)"
            " using (delivery_id))"
        ),
        columns=names(
            "source feed folder delivered_on file file_sha256 status refusal_rule refusal_reason rows_delivered rows_accepted",
            "rows_quarantined rows_refused rows_repeated known_on first_known_on last_known_on superseded_on unknown_columns",
            "dropped_columns rules_checked rules_failed",
        ),
        # The same file can be judged again, so that its digest alone does not order its rows.
        key=names("source feed folder file file_sha256 status refusal_rule refusal_reason"),
        text=names("refusal_reason"),
    ),
)


def read_table(connection: duckdb.DuckDBPyConnection, table: PublishedTable, as_of_on: date) -> pl.DataFrame:
    """The rows of one table at the as-of date, not yet pseudonymised, in the column order of the allow-list.

    Raises:
        PreauditError: the table was not built, or lacks a column.
    """
    query = f"select * from {table.relation} where {table.window}"
    try:
        rows = connection.sql(query, params={"as_of": as_of_on} if "$as_of" in query else None)
    except duckdb.CatalogException as error:
        raise PreauditError(
            f"The table behind {table.name}.parquet was not built: {str(error).splitlines()[0]}",
            where=table.relation,
            remedy="Run `preaudit run` to the end; it builds every table before it publishes.",
        ) from error
    found = set(rows.columns)
    missing = [column for column in table.columns if column not in found]
    if missing:
        raise PreauditError(
            f"{table.name}.parquet cannot be published: column {', '.join(missing)} is missing.",
            where=table.relation,
            remedy="Bring the mart and preaudit/published_tables.py back in line.",
        )
    frame = pl.DataFrame(rows.to_arrow_table())
    absent = [pl.lit(None, dtype=pl.String).alias(column) for column in table.optional if column not in found]
    return frame.with_columns(absent).select(*table.columns, *table.optional)


def check_rows_add_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Prove for every delivery: rows delivered = accepted + quarantined + refused.

    Raises:
        PreauditError: for some delivery they are not; names the first file and its counts.
    """
    lost = connection.execute(
        "select file, rows_delivered, rows_accepted, rows_quarantined, rows_refused, count(*) over () from ops.deliveries"
        " where rows_delivered <> rows_accepted + rows_quarantined + rows_refused order by file limit 1"
    ).fetchone()
    if lost is not None:
        file, delivered, accepted, quarantined, refused, files = lost
        raise PreauditError(
            f"Rows do not add up in {files} file(s): {delivered} delivered, but {accepted} accepted + {quarantined} quarantined"
            f" + {refused} refused = {accepted + quarantined + refused}.",
            where=file,
            remedy="Nothing was published. This is a defect of the ingestion; keep the warehouse file and report it.",
        )
