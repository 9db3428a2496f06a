"""The evidence world with more items of SEC-02, enough to draw from, and what tests of the audit ask of it.

Belongs here: rows. Does not: expectations.
"""

from pathlib import Path

import polars as pl

from preaudit.audit.deviation import plan_for
from preaudit.audit.sampling import Population, draw, population
from preaudit.evidence.disguise import load_disguise
from preaudit.settings import Settings
from preaudit.warehouse import reading
from tests.preaudit.evidence_world import WEEK, change, make_world


def make_audit_world(home: Path) -> Settings:
    """The evidence world, after which nothing of SEC-02 is left but what a test adds."""
    settings = make_world(home)
    change(settings, "delete from controls.ctl_sec_02; delete from marts.fct_control_results; delete from marts.fct_failures")
    change(settings, "update marts.fct_control_days set is_evaluable = true, status_reason = null")
    change(
        settings,
        "insert into marts.fct_control_days by name select 'SEC-02' as control_id, true as is_evaluable,"
        " date '2026-01-09' as on_date",
    )
    return settings


def add_items(
    settings: Settings,
    first: int,
    last: int,
    outcome: str = "false",
    *,
    day: str = "2026-01-05",
    kind: str = "agent",
    is_zero_tolerance: bool = False,
) -> None:
    """Items first..last (their key is K and the number), with what their test said, and the result that counts them.

    Args:
        outcome: true, false or null, as the control's is_exception.
    """
    entity = "'W0001'" if kind == "agent" else "'P01'"
    count, broken = last - first + 1, (last - first + 1 if outcome == "true" else 0)
    change(
        settings,
        f"insert into controls.ctl_sec_02 select 'SEC-02', '{kind}', {entity}, 'K' || number, '{day}', '{day}', '{day}', 1,"
        f" {outcome}, {is_zero_tolerance}, 'W0001 did it', 'auth_events|W0001|{day}'"
        f" from range({first}, {last + 1}) as numbers (number)",
    )
    if outcome != "null":
        change(
            settings,
            f"insert into marts.fct_control_results values ('SEC-02', '{kind}', {entity}, '{day}', {count}, {count}, {broken}, 0,"
            f" 0.01, {broken == 0}, '{'fail' if broken else 'pass'}')",
        )


def counted(settings: Settings) -> Population:
    """The population of SEC-02 in the week."""
    with reading(settings) as connection:
        return population(connection, "SEC-02", WEEK)


def drawn(settings: Settings, seed: int) -> pl.DataFrame:
    """The sample of SEC-02 in the week, at the control's own tolerance of one half percent."""
    with reading(settings) as connection:
        plan = plan_for(population(connection, "SEC-02", WEEK).judged, 0.005)
        assert plan is not None
        return draw(connection, load_disguise(settings, connection, WEEK), "SEC-02", WEEK, plan, seed)
