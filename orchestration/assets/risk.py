"""The model of each entity kind (weekly) and the scores of each as-of date (daily).

Belongs here: the two kinds of asset. Does not: how a model is trained, judged or explained (ml/).
"""

from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.dbt import OWNER
from orchestration.partitions import DAILY, window_of
from orchestration.progress import say
from preaudit.settings import Settings

if TYPE_CHECKING:
    from ml.plan import TrainingPlan

ENTITY_KINDS = ("agent", "process")
SCORES = dg.AssetKey(["ml", "scores"])


def model_key(entity_kind: str) -> dg.AssetKey:
    """Asset key of one entity kind's model."""
    return dg.AssetKey(["ml", f"model_{entity_kind}"])


def features_key(entity_kind: str) -> dg.AssetKey:
    """Asset key of one entity kind's feature table."""
    return dg.AssetKey(["marts", f"ftr_{entity_kind}_pairs"])


class TrainingConfig(dg.Config):
    """How far a training goes (ml/plan.py): quick after a history load, full once a week."""

    is_quick: bool = False


def train_and_record(
    context: dg.AssetExecutionContext, entity_kind: str, horizon_days: int, plan: "TrainingPlan", settings: Settings
) -> dict[str, Any]:
    """Train one kind's model for one horizon and keep what came of it, in MLflow and for publication."""
    from dataclasses import asdict, replace

    from ml import dataset, registry, training
    from preaudit import warehouse
    from preaudit.code_version import code_version
    from preaudit.pseudonyms import load_pseudonyms
    from preaudit.review import save_review

    with warehouse.reading(settings) as connection:
        frame = dataset.load_training_frame(connection, entity_kind, horizon_days)
    say(context.log, f"training the {entity_kind} model for {horizon_days} days on {frame.height:,} rows ({plan.name})")
    known = {"code_version": code_version(), "run_id": context.run.run_id}
    outcome = training.train(frame, entity_kind, settings, plan=plan, context=known, horizon_days=horizon_days)
    if entity_kind == "agent":
        # What reviewers open in MLflow names people no more than any page does.
        rows = outcome.validation_rows
        named = rows.with_columns(load_pseudonyms(settings).agents(rows["entity_id"]).alias("entity_id"))
        outcome = replace(outcome, validation_rows=named)
    recorded = registry.record(outcome, settings)
    other = None if horizon_days == settings.horizon_days else horizon_days
    save_review(settings, entity_kind, outcome.review, outcome.validation_rows, asdict(outcome.decision), other_horizon=other)
    aliases = ", ".join(recorded.aliases) or "no alias"
    version = f"version {recorded.version} ({aliases})" if recorded.version else "nothing registered"
    say(context.log, f"{entity_kind} model, {horizon_days} days: {outcome.decision.verdict}; {version}")
    return {
        "dagster/row_count": frame.height,
        "horizon_days": horizon_days,
        "verdict": outcome.decision.verdict,
        "model_version": recorded.version or "none",
        "mlflow_run_id": recorded.run_id,
    }


def build_model_asset(entity_kind: str) -> dg.AssetsDefinition:
    """The asset ml/model_<kind>: trained on matured rows, judged beside its competitors, recorded in MLflow."""

    @dg.asset(
        key=model_key(entity_kind),
        deps=[features_key(entity_kind), dg.AssetKey(["marts", "lbl_pair_outcomes"])],
        group_name="risk",
        owners=[OWNER],
        kinds={"lightgbm", "mlflow"},
        description=f"LightGBM model of {entity_kind} failures in the horizon, beside the rule it has to beat; the gate decides.",
        pool="warehouse",
    )
    def model(
        context: dg.AssetExecutionContext, config: TrainingConfig, settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult:
        from ml import plan

        chosen = plan.QUICK if config.is_quick else plan.FULL
        headline, *others = (train_and_record(context, entity_kind, days, chosen, settings) for days in
                             chosen.all_horizons(settings.horizon_days))  # fmt: skip
        return dg.MaterializeResult(
            metadata={**headline, "other_horizons": {str(one["horizon_days"]): one["verdict"] for one in others}}
        )

    return model


MODEL_ASSETS = [build_model_asset(kind) for kind in ENTITY_KINDS]


@dg.asset(
    key=SCORES,
    deps=[features_key(kind) for kind in ENTITY_KINDS],
    group_name="risk",
    owners=[OWNER],
    kinds={"lightgbm", "duckdb"},
    description="Probability of failing within the horizon for every pair in the cohort, with reasons; else the rule's order.",
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool="warehouse",
)
def scores(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Score the last day of the window."""
    import polars as pl

    from ml import dataset, scoring
    from preaudit import warehouse

    as_of_on = window_of(context).last
    frames = []
    for kind in ENTITY_KINDS:
        with warehouse.reading(settings) as connection:
            pairs = dataset.load_scoring_frame(connection, kind, as_of_on)
        frames.append(scoring.score(pairs, kind, settings))
    result = pl.concat(frames)
    warehouse.replace_scores(settings, result)
    served: dict[str, Any] = {f"rows_served_by_{name}": rows for name, rows in result.group_by("served_by").len().iter_rows()}
    say(context.log, f"scored {result.height:,} pairs as of {as_of_on}")
    return dg.MaterializeResult(metadata={"dagster/row_count": result.height, "as_of_on": str(as_of_on), **served})
