"""What the agent model expects of a process's people, as two features of the process model.

Belongs here: sums of the agents' probabilities over the staff of each process and day, joined to process rows.
Does not: making those probabilities, or reading and writing tables.

Every probability must come from a model that had learned only what was known at its as-of date: for training the out-of-fold
predictions of the rolling origins (ml/evaluation.py), for scoring the scores of the day itself. Then a sum at d knows nothing
after d.
"""

import polars as pl

from preaudit.errors import PreauditError

SCORE_COLUMNS = ("as_of_on", "entity_id", "control_id", "probability")
STAFF_COLUMNS = ("as_of_on", "agent_id", "process_id")
PROCESS_DAY = ["as_of_on", "process_id"]


def with_staff_scores(pairs: pl.DataFrame, scores: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """The process pairs with `staff_expected_failures` and `staff_expected_failures_any` added, in the pairs' order.

    Args:
        pairs: process pairs; grain as_of_on, entity_id (the process), control_id.
        scores: agent pairs with `probability`, made at their own as-of date; grain as_of_on, entity_id (the agent), control_id.
        staff: who worked where; grain as_of_on, agent_id.

    Returns:
        `pairs` with the people expected to fail the control (null where no agent of the process was scored for it) and the
        failures of any control expected of them (null where no agent of the process was scored that day).

    Raises:
        PreauditError: a column is missing, or an agent pair has two scores of one day, which would count twice.
    """
    _require(scores, SCORE_COLUMNS, "agent scores")
    _require(staff, STAFF_COLUMNS, "staff")
    if scores.select(SCORE_COLUMNS[:3]).is_duplicated().any():
        raise PreauditError(
            "The agent scores hold a pair twice for one day, so its chance would count twice.",
            where="agent scores",
            remedy="Hand over the scores of one horizon, and of each as-of date those of one model.",
        )
    placed = scores.join(staff, left_on=["as_of_on", "entity_id"], right_on=["as_of_on", "agent_id"], how="inner")
    known = placed.filter(pl.col("probability").is_not_null() & pl.col("process_id").is_not_null())
    # Sorted, so that the same scores give the same last digit in whatever order they were read.
    ordered = known.sort(["as_of_on", "process_id", "control_id", "entity_id"])
    expected = pl.col("probability").sum()
    by_control = ordered.group_by([*PROCESS_DAY, "control_id"], maintain_order=True).agg(
        expected.alias("staff_expected_failures")
    )
    of_any = ordered.group_by(PROCESS_DAY, maintain_order=True).agg(expected.alias("staff_expected_failures_any"))
    keys = ["as_of_on", "entity_id"]
    joined = pairs.join(
        by_control.rename({"process_id": "entity_id"}), on=[*keys, "control_id"], how="left", maintain_order="left"
    )
    return joined.join(of_any.rename({"process_id": "entity_id"}), on=keys, how="left", maintain_order="left")


def _require(frame: pl.DataFrame, names: tuple[str, ...], what: str) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise PreauditError(
            f"The {what} lack {', '.join(missing)}.",
            where=what,
            remedy="Agent scores come from ml/evaluation.py or ml.scores, the staff from intermediate.int_entities__agent_day.",
        )
