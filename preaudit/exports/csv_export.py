"""Frames as CSV that no spreadsheet runs, and the results of a day in that form.

Belongs here: the spelling of values, and the columns of the results. Does not: other formats, or choosing a snapshot.
"""

import polars as pl
import polars.selectors as cs

# One rule for every CSV: an apostrophe before what begins like a formula, unless it is a plain number.
from preaudit.evidence.tables import FORMULA, NUMBER
from preaudit.snapshot_files import Snapshot

COLUMNS = (
    *("on_date", "control_id", "control_name", "area", "severity", "entity_kind", "entity_id", "status", "reason", "note"),
    *("population", "unjudged_items", "exceptions", "waived_exceptions", "exception_ratio", "tolerance_ratio"),
    *("is_within_tolerance", "soc2", "iso27001", "nist80053", "pci", "hipaa"),
)


def results(snapshot: Snapshot) -> pl.DataFrame:
    """The day's status of every entity and control, with the control's words. grain: control_id, entity_kind, entity_id."""
    controls = snapshot.frame("controls").rename({"name": "control_name"})
    joined = snapshot.frame("control_status").join(controls, on="control_id", how="left", suffix="_of_control")
    return joined.select(COLUMNS).sort("control_id", "entity_kind", "entity_id")


def to_csv(frame: pl.DataFrame) -> str:
    """The rows with a header line; times to the second, in UTC."""
    text = cs.string()
    is_formula = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
    harmless = frame.with_columns(pl.when(is_formula).then(pl.lit("'") + text).otherwise(text).name.keep())
    return harmless.write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ")
