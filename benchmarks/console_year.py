"""A published year of a large company, made of random numbers: what pages of the console are timed on.

Belongs here: snapshots in the shape of the published tables, with the hostile names that data can hold. Does not: a simulation
with causes (simulation/), timing (console_load.py).

`python -m benchmarks.console_year HOME [--agents 10000] [--processes 200] [--days 365]`
"""

import argparse
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import console_year_tables as made
from preaudit.settings import Settings
from preaudit.snapshot import _make_current, _place
from preaudit.snapshot_files import write_table

LAST = date(2026, 10, 31)


class Company:
    """The entities and controls of every day; chances go up and down by a random walk."""

    def __init__(self, agents: int, processes: int) -> None:
        self.rng = np.random.default_rng(7)
        self.controls = made.controls()
        names = [*made.HOSTILE, *(f"process {number}" for number in range(processes))][:processes]
        self.processes = [f"P{number:04d}" for number in range(processes)]
        self.agents = [f"A-{number:08d}" for number in range(agents)]
        works_for = self.rng.integers(processes, size=agents)
        place = [number % 7 for number in range(processes)]
        self.entities = pl.DataFrame(
            {
                "entity_kind": ["process"] * processes + ["agent"] * agents,
                "entity_id": self.processes + self.agents,
                "entity_name": [*names, *[None] * agents],
                "site": [f"site {place[p]}" for p in (*range(processes), *works_for)],
                "client_id": [f"C{p % 23:02d}" for p in (*range(processes), *works_for)],
                "criticality": ["high"] * processes + [None] * agents,
                "process_id": [None] * processes + [self.processes[p] for p in works_for],
                "process_name": [None] * processes + [names[p] for p in works_for],
            }
        )
        self.level = self.rng.normal(-2.5, 1.0, self.entities.height)
        self.reasons = [made.reasons(self.rng) for _ in range(500)]

    def rankings(self, day: date) -> pl.DataFrame:
        """One day's list of both kinds."""
        count = self.entities.height
        self.level += self.rng.normal(0, 0.08, count)
        chance = 1 / (1 + np.exp(-self.level))
        worst = self.rng.integers(len(self.controls), size=count)
        past = self.rng.poisson(3 * chance)
        return (
            self.entities.with_columns(
                pl.lit(day).alias("as_of_on"),
                pl.Series("probability_any", chance),
                pl.Series("risk", chance * 0.8),
                pl.Series("worst_control_id", self.controls["control_id"].gather(worst)),
                pl.Series("worst_control_probability", chance * 0.7),
                pl.Series("probability_lower", chance * 0.5),
                pl.Series("probability_upper", np.minimum(chance * 0.9, 1)),
                pl.Series("has_enough_evidence", self.rng.random(count) > 0.02),
                pl.Series("reasons", [self.reasons[number] for number in self.rng.integers(500, size=count)]),
                pl.lit("model").alias("ranked_by"),
                pl.Series("exceptions_28d", past.astype(float)),
                pl.Series("exceptions_90d", (past + self.rng.poisson(1, count)).astype(float)),
                pl.Series("open_exceptions", self.rng.poisson(0.2, count)),
                pl.lit(20).alias("controls_scored"),
            )
            .with_columns(pl.col("risk").rank("ordinal", descending=True).over("entity_kind").cast(pl.Int32).alias("rank"))
            .sort("entity_kind", "rank")
        )

    def tables(self, day: date, rankings: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """Every table of a day."""
        pairs = self._pairs()
        status = self._status(pairs, day)
        return {
            "rankings": rankings,
            "scores": self._scores(pairs, day),
            "control_status": status,
            "control_changes": made.changes(status, day),
            "control_coverage": made.coverage(self.processes, self.controls, day),
            "framework_coverage": made.frameworks(day),
            "failures": self._failures(day),
            "controls": self.controls,
            "quarantine": made.quarantine(),
            "deliveries": made.deliveries(day),
            "model_review": pl.DataFrame(schema=made.REVIEW),
            "run_facts": pl.DataFrame({"fact": ["run_id"], "value": ['"made up"']}),
            "list_outcomes": made.outcomes(day, self.rng),
            "reliability": made.reliability(),
            "model_monitoring": made.monitoring(day),
        }

    def _pairs(self) -> pl.DataFrame:
        every = self.entities.select("entity_kind", "entity_id").join(self.controls.select("control_id"), how="cross")
        return every.filter(pl.Series(self.rng.random(every.height) < 0.65))

    def _scores(self, pairs: pl.DataFrame, day: date) -> pl.DataFrame:
        chance = self.rng.beta(0.4, 9, pairs.height)
        headline = pairs.with_columns(
            pl.lit(day).alias("as_of_on"),
            pl.lit(30).alias("horizon_days"),
            pl.Series("probability", chance),
            pl.Series("probability_lower", chance * 0.7),
            pl.Series("probability_upper", np.minimum(chance * 1.4, 1)),
            pl.Series("has_enough_evidence", self.rng.random(pairs.height) > 0.02),
            pl.lit(0.0).alias("margin"),
            pl.lit("model").alias("served_by"),
            pl.Series("rule_exceptions_28d", self.rng.poisson(0.1, pairs.height).astype(float)),
            pl.Series("rule_exceptions_90d", self.rng.poisson(0.3, pairs.height).astype(float)),
            pl.Series(
                "days_until_limit", np.where(self.rng.random(pairs.height) < 0.02, self.rng.integers(0, 40, pairs.height), np.nan)
            ),
            pl.Series("reasons", [self.reasons[number] for number in self.rng.integers(500, size=pairs.height)]),
        ).with_columns(pl.col("days_until_limit").fill_nan(None))
        lever = {
            "feature": "trainings_overdue",
            "sentence": "Trainings past their due date: 2, usually 0 among peers.",
            "value": 2.0,
        }
        moved = [{**lever, "peer_value": 0.0, "probability_after": 0.1, "change": -0.12}]
        headline = headline.with_columns(
            pl.Series("levers", [moved if number % 9 == 0 else [] for number in range(pairs.height)])
        )
        others = [
            headline.with_columns(pl.lit(days).alias("horizon_days"), pl.lit(None, pl.String).alias("reasons"))
            for days in (7, 90)
        ]
        return pl.concat([headline, *others]).sort("entity_kind", "entity_id", "control_id", "horizon_days")

    def _status(self, pairs: pl.DataFrame, day: date) -> pl.DataFrame:
        words = np.array(["pass", "fail", "waived", "not_applicable", "not_evaluable", "error"])
        status = words[self.rng.choice(6, pairs.height, p=(0.7, 0.04, 0.01, 0.2, 0.045, 0.005))]
        fails = status == "fail"
        return pairs.with_columns(
            pl.lit(day).alias("on_date"),
            pl.Series("status", status),
            pl.when(pl.Series(fails)).then(pl.lit("last used on 2026-01-30, <b>account</b> never closed")).alias("reason"),
            pl.lit(None, pl.String).alias("note"),
            pl.lit(12).alias("population"),
            pl.lit(0).alias("unjudged_items"),
            pl.Series("exceptions", np.where(fails, self.rng.integers(1, 15, pairs.height), 0)),
            pl.lit(0).alias("waived_exceptions"),
            pl.lit(0.0).alias("exception_ratio"),
            pl.lit(0.0).alias("tolerance_ratio"),
            pl.lit(True).alias("is_within_tolerance"),
        )

    def _failures(self, day: date) -> pl.DataFrame:
        count = self.entities.height * 7
        who, control = self.rng.integers(self.entities.height, size=count), self.rng.integers(len(self.controls), size=count)
        return pl.DataFrame(
            {
                "control_id": self.controls["control_id"].gather(control),
                "entity_kind": self.entities["entity_kind"].gather(who),
                "entity_id": self.entities["entity_id"].gather(who),
                "item_ref": [f"I-{number:010d}" for number in range(count)],
                "failed_on": [day - timedelta(days=int(back)) for back in self.rng.integers(0, 365, count)],
                "occurred_at": [None] * count,
                "reason": ["2 of 2 views without a case of the customer"] * count,
                "is_waived": self.rng.random(count) < 0.03,
                "origin": ["control"] * count,
            }
        )


def make_year(settings: Settings, agents: int, processes: int, days: int) -> None:
    """Publish `days` days up to `LAST`; days before the last hold the ranking only, which is all the history reads."""
    company = Company(agents, processes)
    (settings.published / "snapshots").mkdir(parents=True, exist_ok=True)
    for back in reversed(range(days)):
        day = LAST - timedelta(days=back)
        rankings = company.rankings(day)
        tables = {"rankings": rankings} if back else company.tables(day, rankings)
        publish_tables(settings, day, tables)


def publish_tables(settings: Settings, day: date, tables: dict[str, pl.DataFrame], version: int = 1) -> Path:
    """One day as a published snapshot that is current."""
    draft = settings.published / f".draft-{day}"
    draft.mkdir(parents=True)
    files = {name: write_table(draft, name, frame) for name, frame in tables.items()}
    (settings.published / "snapshots").mkdir(exist_ok=True)
    folder = _place(settings, draft, day, version, f"made-up-{day}", files)
    _make_current(settings, folder)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    for name, standard in (("agents", 10_000), ("processes", 200), ("days", 365)):
        parser.add_argument(f"--{name}", type=int, default=standard)
    given = parser.parse_args()
    make_year(Settings(home=given.home), given.agents, given.processes, given.days)
