"""What the data team finds in Dagster."""

import json
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.dbt import build_arguments
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
        spec.key.to_user_string()
        for spec in specs
        if not (spec.owners and spec.kinds and spec.group_name and spec.description)
    }
    assert not lacking


def test_every_raw_table_has_a_blocking_gate(definitions):
    graph = definitions.resolve_asset_graph()
    raw = [key for key in graph.get_all_asset_keys() if key.path[0] == "raw"]
    assert len(raw) == 18
    for key in raw:
        assert graph.get(dg.AssetCheckKey(key, "gate")).blocking


def test_the_feature_tables_have_a_blocking_gate(definitions):
    graph = definitions.resolve_asset_graph()
    for kind in ("agent", "process"):
        assert graph.get(dg.AssetCheckKey(dg.AssetKey(["marts", f"ftr_{kind}_pairs"]), "feature_gate")).blocking


def test_there_is_a_daily_schedule_a_weekly_training_and_a_sensor_for_deliveries(definitions):
    assert definitions.resolve_schedule_def("daily_schedule").cron_schedule == "0 5 * * *"
    assert definitions.resolve_schedule_def("weekly_training").job.name == "train_model"
    assert definitions.resolve_sensor_def("new_canonical_deliveries").job.name == "ingest_canonical"


def test_the_same_window_gives_the_same_dbt_arguments():
    settings = Settings(home=Path("unused"))
    arguments = build_arguments(Window(date(2026, 1, 5), date(2026, 1, 6)), settings)
    assert arguments[0] == "build"
    variables = json.loads(arguments[arguments.index("--vars") + 1])
    assert variables["min_date"] == "2026-01-05"
    assert variables["feature_dates"] == ["2026-01-05", "2026-01-06"]
    assert "--full-refresh" in build_arguments(Window(date(2026, 1, 5), date(2026, 1, 5)), settings, full_refresh=True)
