"""A training history of any size in DuckDB, made of arithmetic: agents with a hidden habit, and 100 features beside it.

Belongs here: the tables that training and scoring read, with the columns of the real marts and more. Does not: measuring.
Agent features stand once per agent and date and the view joins them to the pairs, as in dbt_project/models/marts/features.
"""

from pathlib import Path

import duckdb

from ml.features import SLICE_COLUMNS, Feature, features

FEATURES = 100
FIRST_DAY = "2025-01-05"
# Columns that the rule, the list and the constraints read; their names are fixed.
PAIR_COLUMNS = ("exceptions_28d", "exceptions_90d", "severity_weight", "is_foreseeable", "exposure_28d", "control_base_ratio")
# About one pair in sixty fails within a horizon, as in the sample.
LEVEL = -6.6


def catalogue() -> tuple[Feature, ...]:
    """100 features: the pair's own, then agent features, named after the catalogue and then numbered."""
    real = {feature.name: feature for feature in features("agent")}
    own = [name for name, feature in real.items() if feature.family != "control" and name not in PAIR_COLUMNS]
    names = [*PAIR_COLUMNS, *own, *(f"extra_{number}" for number in range(FEATURES))][:FEATURES]
    return tuple(real.get(name) or Feature(name, "agent", "workload", name, 0, False, "count") for name in names)


def build(warehouse: Path, agents: int, dates: int, controls: int) -> int:
    """Make the marts; returns the number of pairs. The last five dates have no outcome yet."""
    own = [feature.name for feature in catalogue() if feature.name not in PAIR_COLUMNS]
    columns = ",\n".join(
        f"(hash(agent, week // {1 + place % 8}, {place}) % 1000) / 10.0 as {name}" for place, name in enumerate(own)
    )
    slices = ", ".join(f"'all' as {name}" for name in SLICE_COLUMNS)
    noise = "sqrt(-2 * ln((hash({0}) % 1000000 + 1) / 1000001.0)) * cos(2 * pi() * (hash({0}, 9) % 1000000) / 1000000.0)"
    habit, wave = noise.format("agent"), noise.format("agent, week // 4")
    with duckdb.connect(str(warehouse), config={"threads": "2", "memory_limit": "6GB"}) as connection:
        connection.execute(f"""
            create schema marts;
            create table marts.ftr_agent as
                select
                    date '{FIRST_DAY}' + 7 * week::integer as as_of_on, 'E' || lpad(agent::varchar, 6, '0') as entity_id,
                    {slices}, {habit} as habit, {wave} as wave, {columns}
                from range({dates}) weeks (week), range({agents}) agents (agent);
            create table marts.pairs as
                select
                    as_of_on, entity_id, 'C-' || control as control_id,
                    1 / (1 + exp(-({LEVEL} + 0.8 * habit + 1.1 * wave + 0.1 * control))) as hazard,
                    floor(6 * hazard + (hash(as_of_on, entity_id, control, 1) % 1000) / 1000.0)::double as exceptions_28d,
                    exceptions_28d + (hash(entity_id, control, 2) % 2)::double as exceptions_90d,
                    (0.25 + 0.25 * (control % 4))::double as severity_weight, 0.0::double as is_foreseeable,
                    (hash(entity_id, control, 3) % 40)::double as exposure_28d, 0.01::double as control_base_ratio
                from marts.ftr_agent, range({controls}) controls (control);
            create view marts.ftr_agent_pairs as
                select pairs.* exclude (hazard), agents.* exclude (as_of_on, entity_id, habit, wave)
                from marts.pairs as pairs inner join marts.ftr_agent as agents using (as_of_on, entity_id);
            create table marts.lbl_pair_outcomes as
                select
                    'agent' as entity_kind, as_of_on, entity_id, control_id, 30 as horizon_days,
                    case when as_of_on < date '{FIRST_DAY}' + 7 * {dates - 5}
                        then hash(as_of_on, entity_id, control_id, 4) % 1000000 < hazard * 1000000 end as is_failure,
                    case when is_failure then as_of_on + (1 + hash(as_of_on, entity_id, control_id, 5) % 30)::integer end
                        as first_failed_on
                from marts.pairs;
        """)
        # One more than the wave of its weeks is what a feature shows of it.
        connection.execute("update marts.ftr_agent set overtime_minutes_28d = 300 + 100 * wave")
        return int(connection.execute("select count(*) from marts.pairs").fetchall()[0][0])
