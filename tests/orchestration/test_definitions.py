"""What the data team finds in Dagster."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets.ingestion import RAW_ASSETS
from orchestration.dbt import STANDING_SEEDS, build_arguments, run_values
from orchestration.definitions import build_defs
from orchestration.partitions import Window
from preaudit.settings import Settings


@pytest.fixture(scope="module")
def definitions():
    return build_defs()


@pytest.fixture(scope="module")
def specs(definitions):
    return [spec for spec in definitions.resolve_all_asset_specs() if not spec.metadata.get("dagster/auto_created_stub_asset")]


def test_every_asset_has_an_owner_a_kind_a_group_and_a_description(specs):
    assert len(specs) > 60
    lacking = {
        spec.key.to_user_string() for spec in specs if not (spec.owners and spec.kinds and spec.group_name and spec.description)
    }
    assert not lacking


def test_every_raw_table_has_a_blocking_gate(definitions):
    graph = definitions.resolve_asset_graph()
    raw = [key for key in graph.get_all_asset_keys() if key.path[0] == "raw"]
    assert len(raw) == 19
    for key in raw:
        assert graph.get(dg.AssetCheckKey(key, "gate")).blocking


def test_reading_a_delivery_is_tried_again_after_a_fault_of_the_machine():
    assert {asset.op.retry_policy.max_retries for asset in RAW_ASSETS.values()} == {2}


def test_the_feature_tables_have_a_blocking_gate(definitions):
    graph = definitions.resolve_asset_graph()
    for kind in ("agent", "process"):
        assert graph.get(dg.AssetCheckKey(dg.AssetKey(["marts", f"ftr_{kind}_pairs"]), "feature_gate")).blocking


def test_there_is_a_daily_schedule_a_weekly_training_and_a_sensor_for_deliveries(definitions):
    assert definitions.resolve_schedule_def("daily_schedule").cron_schedule == "0 5 * * *"
    assert definitions.resolve_schedule_def("weekly_training").job.name == "train_model"
    assert definitions.resolve_sensor_def("new_canonical_deliveries").job.name == "ingest_canonical"


def test_the_same_window_gives_the_same_run_values():
    settings = Settings(home=Path("unused"))
    values = run_values(Window(date(2026, 1, 5), date(2026, 1, 6)), settings)
    assert values["PREAUDIT_RUN_MIN_DATE"] == "2026-01-05"
    assert values["PREAUDIT_RUN_FEATURE_DATES"] == "2026-01-05,2026-01-06"
    assert values == run_values(Window(date(2026, 1, 5), date(2026, 1, 6)), settings)


def test_a_daily_build_leaves_out_what_an_earlier_build_of_the_same_project_left():
    assert "--full-refresh" in build_arguments(full_refresh=True)
    assert any(word.startswith("--exclude=config.materialized:view") for word in build_arguments(only_tables=True))
    assert "--exclude=waivers" in build_arguments(only_tables=True)
    assert not any(word.startswith("--exclude=") for word in build_arguments())
    assert all("unit_test" in build_arguments(only_tables=choice) for choice in (True, False))


def test_no_step_after_the_transformation_depends_on_a_view_that_a_daily_build_leaves_out(definitions):
    left_out = {"staging", "int_feed"}
    graph = definitions.resolve_asset_graph()
    for job in ("score_and_publish",):
        for key in definitions.resolve_job_def(job).asset_layer.selected_asset_keys:
            for parent in graph.get(key).parent_keys:
                assert parent.path[0] not in left_out
                assert parent.path[-1] not in STANDING_SEEDS
                assert not parent.path[-1].startswith("int_feed__")
