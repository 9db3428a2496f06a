"""Runs the hand-written competitor: the same feature columns from the same Parquet files, by plain SQL on one connection.

Belongs here: the variables that the scripts in handwritten/ read, and their order. Does not: any of our machinery; the scripts
have no increments, no history tables, no contracts, no tests, no results for people.
"""

from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks.world import World

SCRIPTS = Path(__file__).with_name("handwritten")
SEEDS = Path(__file__).parent.parent / "dbt_project" / "seeds"
# The controls that the scripts know; the pipeline has more.
CONTROLS = ("ACC-02", "DATA-02", "DATA-04", "HR-02", "INC-01", "JML-01", "OPS-01", "OPS-04", "SEC-02")


def compute(world: World, training_weekday: int, *, threads: int, memory_limit: str) -> None:
    """Compute ftr_agent, ftr_process and ftr_pair into a new database, for the weekly training days and the last day.

    Args:
        world: its history must be clean: a bad row is not set aside here.
        training_weekday: ISO weekday of the weekly as-of dates.
    """
    days = [world.first_day + timedelta(days=n) for n in range((world.last_day - world.first_day).days + 1)]
    dates = [f"date '{day}'" for day in days if day.isoweekday() == training_weekday or day == world.last_day]
    world.handwritten.unlink(missing_ok=True)
    config = {"threads": str(threads), "memory_limit": memory_limit, "temp_directory": str(world.folder / "handwritten.spill")}
    with duckdb.connect(str(world.handwritten), config=config) as con:
        con.execute(f"set variable history = '{world.history}'")
        con.execute(f"set variable seeds = '{SEEDS}'")
        con.execute(f"set variable controls = {list(CONTROLS)}")
        con.execute(f"set variable first_day = date '{world.first_day}'")
        con.execute(f"set variable last_day = date '{world.last_day}'")
        con.execute(f"set variable feature_dates = [{', '.join(dates)}]")
        for script in sorted(SCRIPTS.glob("*.sql")):
            con.execute(script.read_text(encoding="utf-8"))
