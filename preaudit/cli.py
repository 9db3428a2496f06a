"""The composition root of `preaudit`: the reading commands of console/ and the running commands of orchestration/.

Belongs here: mounting, and nothing else. The running commands are named, not imported: console never imports orchestration,
and `preaudit --help` does not wait for Dagster.
"""

import sys

from console import evidence_commands, export_commands, web_commands
from console.app import app, controls_app
from console.group import defer, run_app
from preaudit import telemetry

defer(app, "run", "orchestration.commands:run_command", "Run one day or a range: ingest, check, transform, score, publish.")
defer(app, "train", "orchestration.commands:train_command", "Train both models, let the gate judge them, publish the day again.")
defer(app, "demo", "orchestration.commands:demo_command", "The main job on the sample data.")
defer(
    controls_app,
    "selftest",
    "orchestration.selftest:selftest_command",
    "Plant a violation of every control in a copy of the data and list the controls that did not notice.",
)
app.add_typer(evidence_commands.app, name="evidence")
defer(app, "audit", "console.audit_commands:audit", "Draw an auditor's samples for a framework and a period, and judge them.")
app.add_typer(export_commands.app, name="export")
app.add_typer(web_commands.app, name="console")


def main() -> None:
    """Entry point of the `preaudit` command."""
    telemetry.switch_off()
    sys.exit(run_app(app))


if __name__ == "__main__":
    main()
