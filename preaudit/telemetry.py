"""Usage reporting of the libraries we stand on, switched off in one place before any of them is imported."""

import os

OFF = {
    "DAGSTER_TELEMETRY_ENABLED": "false",
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "GX_ANALYTICS_ENABLED": "false",
    # No reporting, but as unasked for: a progress bar for every artifact, in the middle of our own lines.
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


def switch_off() -> None:
    """Set every opt-out variable for this process and the ones it starts."""
    os.environ.update(OFF)
