"""What a pack says of one control, collected once: the rule, its parameters, and every frame, already without true ids.

Belongs here: which frames a pack has, under which name. Does not: reading (facts.py, sources.py), files (pack.py), pages.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from preaudit.evidence import facts, sources
from preaudit.evidence.disguise import Disguise
from preaudit.evidence.facts import Period
from preaudit.evidence.rule import RuleFile, rule_files
from preaudit.settings import Settings

# Lists that some rules compare with: as much parameters as the limits of the library row.
RULE_LISTS = ("role_profiles", "sod_pairs", "procedure_steps")


@dataclass(frozen=True)
class ControlEvidence:
    """Everything on one control.

    Attributes:
        row: its library row.
        frames: population, results, exceptions, unjudged, waivers, deliveries, reconciliation, validation, and parameters_<list>
            for each list the rule compares with; grains in facts.py and sources.py.
    """

    row: dict[str, Any]
    rule: list[RuleFile]
    frames: dict[str, pl.DataFrame]

    @property
    def control_id(self) -> str:
        return str(self.row["control_id"])


def collect_control(
    settings: Settings, connection: duckdb.DuckDBPyConnection, disguise: Disguise, control_id: str, period: Period
) -> ControlEvidence:
    """Read one control.

    Raises:
        PreauditError: the library has no such control, or nothing was ever run.
    """
    files = sources.deliveries(connection, control_id, period)
    frames = {
        "population": facts.population(connection, control_id, period),
        "results": facts.results(connection, control_id, period),
        "exceptions": facts.exceptions(connection, control_id, period),
        "unjudged": facts.unjudged(connection, control_id, period),
        "waivers": facts.waivers(connection, control_id, period),
        # Earlier files are counted, with one digest over theirs: named one by one, they would fill every day's pack.
        "deliveries": files.filter("is_in_period").drop("is_in_period"),
        "reconciliation": sources.reconciliation(files),
        "validation": sources.validation(connection, control_id, period),
    }
    rule = rule_files(settings, control_id)
    for name in RULE_LISTS:
        if any(name in file.sql for file in rule):
            frames[f"parameters_{name}"] = facts.read(connection, f"select * from seeds.{name} order by all")
    return ControlEvidence(facts.control_row(connection, control_id), rule, disguise.frames(frames))


def collect_runs(connection: duckdb.DuckDBPyConnection, period: Period) -> dict[str, pl.DataFrame]:
    """The frames that all controls of a pack share: runs and dbt invocations."""
    return {"runs": sources.runs(connection, period), "invocations": sources.invocations(connection, period)}
