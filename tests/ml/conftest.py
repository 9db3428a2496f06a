"""A small world with known hazards: pairs whose failures come from a hidden habit that the features only see through counts."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from ml.features import SLICE_COLUMNS, features
from preaudit.settings import Settings

FIRST = date(2026, 1, 4)
HORIZON = 30
CONTROLS = {"HR-02": (0.75, -7.2), "SEC-02": (1.0, -7.8), "DATA-02": (0.5, -7.6), "OPS-01": (0.25, -7.0)}


def world(
    entities: int = 150, weeks: int = 20, *, seed: int = 1, strength: float = 1.5, controls: dict = CONTROLS, kind: str = "agent"
) -> pl.DataFrame:
    """Wide training pairs of every entity, control and weekly date; `true_p` is the chance of a failure in 30 days.

    Each day an entity fails a control with a hazard of its hidden discipline and its workload. Counts look back, labels look
    forward over the same drawn days, so past and future are linked only through the hazard. The last 5 weeks have no outcome.
    """
    rng = np.random.default_rng(seed)
    days = weeks * 7 + 90 + HORIZON
    discipline = rng.normal(0, 1, entities)
    wave = rng.normal(0, 1, (entities, days // 7 + 1))
    for week in range(1, wave.shape[1]):
        wave[:, week] = 0.85 * wave[:, week - 1] + 0.53 * wave[:, week]
    workload = np.repeat(wave, 7, axis=1)[:, :days]
    names = [feature.name for feature in features(kind)]
    frames = []
    for control, (severity, level) in controls.items():
        logit = level + strength * (0.5 * discipline[:, None] + 1.1 * workload)
        hazard = 1 / (1 + np.exp(-logit))
        fails = rng.random(hazard.shape) < hazard
        for week in range(weeks):
            today = 90 + week * 7
            future, window = fails[:, today + 1 : today + 1 + HORIZON], hazard[:, today + 1 : today + 1 + HORIZON]
            known = week < weeks - 5
            first = np.where(future.any(axis=1), future.argmax(axis=1) + 1, 0)
            on = FIRST + timedelta(weeks=week)
            frame = pl.DataFrame(
                {
                    "as_of_on": [on] * entities,
                    "entity_id": [f"E{index:03d}" for index in range(entities)],
                    "control_id": [control] * entities,
                    **{name: ["all"] * entities for name in SLICE_COLUMNS},
                    "exceptions_7d": fails[:, today - 6 : today + 1].sum(axis=1).astype(float),
                    "exceptions_28d": fails[:, today - 27 : today + 1].sum(axis=1).astype(float),
                    "exceptions_90d": fails[:, today - 89 : today + 1].sum(axis=1).astype(float),
                    "overtime_minutes_28d" if kind == "agent" else "overtime_per_head_28d": 300
                    + 100 * workload[:, today]
                    + rng.normal(0, 30, entities),
                    "severity_weight": np.full(entities, severity),
                    "is_foreseeable": np.zeros(entities),
                    "exposure_28d": rng.poisson(20, entities).astype(float),
                    "control_base_ratio": np.full(entities, 0.05),
                    f"is_control_{control.lower().replace('-', '_')}": np.ones(entities),
                    "is_failure": [bool(value) if known else None for value in future.any(axis=1)],
                    "first_failed_on": [on + timedelta(days=int(value)) if known and value else None for value in first],
                    "true_p": 1 - np.prod(1 - window, axis=1),
                }
            )
            frames.append(frame)
    wide = pl.concat(frames, how="diagonal_relaxed").cast({"is_failure": pl.Boolean, "first_failed_on": pl.Date})
    missing = [pl.lit(None, dtype=pl.Float64).alias(name) for name in names if name not in wide.columns]
    return wide.with_columns(missing).sort("as_of_on", "entity_id", "control_id")


@pytest.fixture(scope="session")
def small_world() -> pl.DataFrame:
    return world()


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path, threads=2, random_seed=7)


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """One real training, shared: 150 entities, 4 controls, 20 weeks of which 15 have outcomes."""
    from ml.training import train

    home = tmp_path_factory.mktemp("home")
    return train(world(), "agent", Settings(home=home, random_seed=7), context={"code_version": "test"})


@pytest.fixture(scope="session")
def make_world():
    return world
