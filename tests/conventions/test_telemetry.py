"""Nothing reports about us."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_great_expectations_sees_the_switch():
    code = (
        "from preaudit import telemetry; telemetry.switch_off();"
        "from great_expectations.analytics.config import ENV_CONFIG; print(ENV_CONFIG.gx_analytics_enabled)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "False"
