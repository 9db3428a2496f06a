"""What a data team sees of ordinary and disturbed days: published versions, deliveries, refusals, Dagster's history."""

import dagster as dg
import polars as pl
import pytest

from tests.integration.operation import Operation
from tests.integration.world import FIRST_DAY, LAST_HISTORY_DAY, LATE_FOLDER, SECOND_DAY

pytestmark = pytest.mark.slow

NEED_LOG_INS = {"ACC-02", "ACC-06", "DATA-04", "SEC-02", "SEC-03", "SEC-04"}
NEED_DATA_LOG = {"DATA-01", "DATA-02", "DATA-03"}


def delivery(operation: Operation, feed: str, folder: object) -> pl.DataFrame:
    frame = operation.current().frame("deliveries")
    return frame.filter((pl.col("feed") == feed) & (pl.col("folder") == str(folder)))


def test_the_history_is_one_load_that_ends_in_a_model_and_a_ranking(loaded: Operation):
    assert loaded.current().as_of_on == LAST_HISTORY_DAY
    rankings = loaded.current().frame("rankings")
    assert set(rankings["entity_kind"]) == {"agent", "process"}
    assert rankings.filter(pl.col("entity_kind") == "agent").height > 40
    review = loaded.current().frame("model_review")
    assert {"lightgbm", "rule"} <= set(review["competitor"].drop_nulls())
    assert all(is_evaluable for is_evaluable, _ in loaded.evaluable(LAST_HISTORY_DAY).values())


def test_what_a_model_reviewer_opens_names_agents_by_pseudonyms(loaded: Operation):
    kept = [loaded.home / "review" / "agent_validation.parquet", *(loaded.home / "mlflow").rglob("validation_rows.parquet")]
    assert len(kept) == 3
    names = {name for file in kept for name in pl.read_parquet(file)["entity_id"]}
    people = {worker for (worker,) in loaded.rows("select distinct worker_id from intermediate.int_hr__worker_history")}
    assert len(people) > 40 < len(names)
    assert not names & people


@pytest.mark.parametrize("state", ["loaded", "first_day", "second_day", "corrected"])
def test_every_delivered_row_is_accepted_quarantined_or_refused(state: str, request: pytest.FixtureRequest):
    operation: Operation = request.getfixturevalue(state)
    frame = operation.current().frame("deliveries")
    accounted = pl.col("rows_accepted") + pl.col("rows_quarantined") + pl.col("rows_refused")
    assert frame.filter(pl.col("rows_delivered") != accounted).is_empty()
    raw = operation.rows(
        "select sum(rows_accepted), sum(rows_quarantined) from ops.deliveries "
        "where status = 'accepted' and folder = 'history' and feed = 'tickets'"
    )
    assert raw == operation.rows(
        "select count(*) filter (not _is_quarantined), count(*) filter (_is_quarantined) from raw.canonical__tickets "
        "where _delivery_id in (select delivery_id from ops.deliveries where folder = 'history')"
    )


def test_a_forbidden_column_is_reported_and_is_nowhere_in_raw(first_day: Operation):
    assert delivery(first_day, "workers", FIRST_DAY)["dropped_columns"].to_list() == ["gender"]
    columns = first_day.rows("select column_name from information_schema.columns where table_schema = 'raw'")
    assert ("gender",) not in columns
    assert first_day.rows("select count(*) from raw.canonical__workers where _extra like '%gender%'") == [(0,)]


def test_a_refused_delivery_stops_only_the_controls_that_need_it(first_day: Operation, second_day: Operation):
    refused = delivery(second_day, "auth_events", SECOND_DAY)
    assert refused["status"].to_list() == ["refused"]
    assert "outcome" in refused["refusal_reason"][0]
    assert second_day.current().as_of_on == SECOND_DAY
    assert all(is_evaluable for is_evaluable, _ in first_day.evaluable(FIRST_DAY).values())
    controls = second_day.evaluable(SECOND_DAY)
    assert {control for control, (is_evaluable, _) in controls.items() if not is_evaluable} == NEED_LOG_INS | NEED_DATA_LOG
    for control in NEED_LOG_INS:
        assert f"feed auth_events was refused on {SECOND_DAY}" in str(controls[control][1])
    statuses = second_day.current().frame("control_status")
    assert set(statuses.filter(pl.col("control_id").is_in(NEED_LOG_INS))["status"]) == {"not_evaluable"}
    others = statuses.filter(~pl.col("control_id").is_in(NEED_LOG_INS | NEED_DATA_LOG))
    assert {"pass", "fail"} <= set(others["status"])
    assert "not_evaluable" not in set(others.filter(pl.col("control_id").is_in(["HR-02", "OPS-04"]))["status"])


def test_a_feed_that_did_not_come_makes_its_control_not_evaluable_and_says_since_when(second_day: Operation):
    assert second_day.evaluable(SECOND_DAY)["DATA-02"] == (False, f"feed data_access_events is stale: last known {FIRST_DAY}")


def test_a_refused_delivery_leaves_its_ingestion_run_red_and_the_day_green(second_day: Operation):
    with dg.DagsterInstance.from_config(str(second_day.home / "dagster")) as instance:
        newest = {run.job_name: run for run in reversed(instance.get_runs())}
    assert newest["ingest_canonical"].status == dg.DagsterRunStatus.FAILURE
    assert newest["daily_risk"].status == dg.DagsterRunStatus.SUCCESS


def test_a_corrected_day_is_a_new_version_and_the_old_one_stays_readable(second_day: Operation, corrected: Operation):
    before, after = corrected.versions(SECOND_DAY)
    assert before.content_sha256 == second_day.current().content_sha256
    assert before.frame("rankings").equals(second_day.current().frame("rankings"))
    assert corrected.current().folder == after.folder
    assert all(is_evaluable for is_evaluable, _ in corrected.evaluable(SECOND_DAY).values())
    tickets = delivery(corrected, "tickets", SECOND_DAY).sort("superseded_on", nulls_last=True)
    assert tickets["superseded_on"].to_list() == [SECOND_DAY, None]
    assert tickets["rows_delivered"][0] == tickets["rows_delivered"][1] + 1


def test_a_late_day_is_accepted_known_from_the_run_that_found_it_and_counted(corrected: Operation):
    late = delivery(corrected, "auth_events", LATE_FOLDER)
    assert late.select("status", "rows_accepted", "known_on").rows() == [("accepted", 1, SECOND_DAY)]
    assert corrected.versions(LATE_FOLDER) == []
    [(number,)] = corrected.rows("select _delivery_id from raw.canonical__auth_events where event_id = 'LATE1'")
    assert corrected.rows(
        f"select occurred_on, known_on, logins from intermediate.int_access__auth_agent_day where delivery_id = {number}"
    ) == [(LATE_FOLDER, SECOND_DAY, 1)]


def test_runs_materializations_and_checks_are_in_dagsters_history(first_day: Operation):
    accepted = delivery(first_day, "tickets", FIRST_DAY)["rows_accepted"][0]
    with dg.DagsterInstance.from_config(str(first_day.home / "dagster")) as instance:
        runs = [(run.job_name, run.status, run.tags.get("dagster/partition")) for run in instance.get_runs()]
        for job in ("ingest_canonical", "daily_risk"):
            assert (job, dg.DagsterRunStatus.SUCCESS, str(FIRST_DAY)) in runs
        assert {"transform", "train_model", "score_and_publish"} <= {job for job, _, _ in runs}
        event = instance.get_latest_materialization_event(dg.AssetKey(["raw", "canonical__tickets"]))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.partition == str(FIRST_DAY)
        assert event.asset_materialization.metadata["dagster/row_count"].value == accepted
        for name in ("rank_entities", "fct_control_results", "ftr_agent"):
            assert instance.get_latest_materialization_event(dg.AssetKey(["marts", name])) is not None
        keys = [
            dg.AssetCheckKey(dg.AssetKey(["raw", "canonical__tickets"]), "gate"),
            dg.AssetCheckKey(dg.AssetKey(["marts", "ftr_agent_pairs"]), "feature_gate"),
        ]
        records = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    assert {key: record.status.value for key, record in records.items()} == dict.fromkeys(keys, "SUCCEEDED")
