"""The mock audit of a framework over a period: every control drawn, looked at and judged, and the criteria on top.

Belongs here: the order of the steps, and the document that all outputs are made of. Does not: figures (sampling.py,
completeness.py, verdicts.py), or files and pages (report.py).
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from preaudit.audit.completeness import Request, as_sentence, look
from preaudit.audit.deviation import plan_for
from preaudit.audit.sampling import draw, population
from preaudit.audit.verdicts import ControlTest, Criterion, criteria, judge
from preaudit.evidence import sources
from preaudit.evidence.disguise import Disguise, load_disguise
from preaudit.evidence.facts import Framework, Period, control_row, controls_of, require_tested_days
from preaudit.settings import Settings
from preaudit.warehouse import reading


@dataclass(frozen=True)
class Audit:
    """The whole result. The same warehouse, question and seed give the same audit."""

    framework: Framework
    period: Period
    seed: int
    tests: list[ControlTest]
    criteria: list[Criterion]
    requests: list[Request]

    @property
    def name(self) -> str:
        """Of its folder."""
        return f"{self.framework.value}_{self.period.first}_{self.period.last}_seed{self.seed}"


def audit(settings: Settings, framework: Framework, period: Period, seed: int) -> Audit:
    """Audit every control that refers to the framework.

    Raises:
        PreauditError: no day of the period was tested.
    """
    tests, requests = [], []
    with reading(settings) as connection:
        require_tested_days(connection, period)
        disguise = load_disguise(settings, connection, period)
        for control_id in controls_of(connection, framework):
            test, asked = _test(connection, disguise, control_id, period, seed)
            tests.append(test)
            requests += asked
        requests += _code(connection, period)
    return Audit(framework, period, seed, tests, criteria(tests, framework.value), requests)


def _test(
    connection: duckdb.DuckDBPyConnection, disguise: Disguise, control_id: str, period: Period, seed: int
) -> tuple[ControlTest, list[Request]]:
    row = control_row(connection, control_id)
    completeness, requests = look(connection, disguise, control_id, period)
    counted = population(connection, control_id, period)
    plan = plan_for(counted.judged, row["tolerance_ratio"] or 0.0)
    sample = draw(connection, disguise, control_id, period, plan, seed) if plan else pl.DataFrame()
    broken = sample.filter(pl.col("result") == "exception") if plan else sample
    never = int(broken["is_zero_tolerance"].sum()) if plan else 0
    verdict = judge(plan, broken.height, never, counted, completeness)
    for item in broken.iter_rows(named=True):
        which = f"{item['item_ref']} (drawn as number {item['draw']})"
        text = f"Explain {which} and show what was done: {as_sentence(item['reason'])}"
        requests.append(Request(control_id, "deviation", text))
    return ControlTest(row, counted, completeness, plan, sample, verdict), requests


def _code(connection: duckdb.DuckDBPyConnection, period: Period) -> list[Request]:
    versions = sources.runs(connection, period)["code_version"].unique().sort().to_list()
    if len(versions) < 2:
        return []
    text = f"Show what was changed between the versions of the code that tested the period: {', '.join(versions)}."
    return [Request(None, "code", text)]
