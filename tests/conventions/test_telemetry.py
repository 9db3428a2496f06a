"""Nothing reports about us."""

import os
from pathlib import Path

import pytest

from preaudit import telemetry

ROOT = Path(__file__).parents[2]


def test_every_library_is_told_to_report_nothing():
    telemetry.switch_off()
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_dagster_and_dbt_are_told_in_their_own_files_too():
    import yaml

    assert yaml.safe_load((ROOT / "dagster.yaml").read_text())["telemetry"]["enabled"] is False
    assert yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text())["flags"]["send_anonymous_usage_stats"] is False


@pytest.mark.slow
def test_great_expectations_reports_nothing_in_the_context_that_the_gate_makes(tmp_path):
    from expectations.validation import context

    made = context(tmp_path / "var", tmp_path / "docs")
    # None would leave the choice to the environment of whoever starts us.
    assert made.variables.analytics_enabled is False
