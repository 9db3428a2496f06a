"""Frames as files: CSV for people, Parquet for programs, both the same bytes for the same rows.

Belongs here: spelling of values in those two formats. Does not: which frames there are (content.py), or their pseudonyms.
"""

from pathlib import Path

import polars as pl
import polars.selectors as cs

# Parallel sums differ in their last bits from run to run; nine decimals keep equal content equal.
DECIMALS = 9
# What a spreadsheet would run instead of showing gets an apostrophe in front, as in every CSV that the console writes.
FORMULA = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"


def write_table(folder: Path, name: str, frame: pl.DataFrame) -> tuple[Path, Path]:
    """Write <name>.csv and <name>.parquet; times are UTC, in CSV to the second."""
    frame = frame.with_columns(cs.float().round(DECIMALS))
    csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    text = cs.string()
    is_formula = text.str.contains(FORMULA) & ~text.str.contains(NUMBER)
    harmless = frame.with_columns(pl.when(is_formula).then(pl.lit("'") + text).otherwise(text).name.keep())
    harmless.write_csv(csv, datetime_format="%Y-%m-%dT%H:%M:%SZ")
    frame.write_parquet(parquet, compression="zstd")
    return csv, parquet
