"""The root of the command line: options of every command, and the reading commands.

Belongs here: mounting. Does not: running commands, which preaudit/cli.py mounts beside these.
"""

from typing import Annotated

import typer

from console import commands, servers
from console.group import DefaultingGroup, DeferringGroup, defer

app = typer.Typer(
    cls=DeferringGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Tests every compliance control daily and forecasts which processes and agents will fail one.",
)


DebugOption = Annotated[bool, typer.Option("--debug", help="Show the stack trace of an error.")]


@app.callback()
def options(ctx: typer.Context, debug: DebugOption = False) -> None:
    """Options of every command."""
    if isinstance(ctx.obj, dict):
        ctx.obj["debug"] = debug


app.command("rank")(commands.rank)
app.command("show")(commands.show)
controls_app = typer.Typer(cls=DefaultingGroup, subcommand_metavar="[ID | COMMAND]")
controls_app.callback(invoke_without_command=True)(commands.controls)
controls_app.command(DefaultingGroup.default)(commands.control)
app.add_typer(controls_app, name="controls")
app.command("coverage")(commands.coverage)
app.command("frameworks")(commands.frameworks)
app.command("monitoring")(commands.monitoring)
app.command("quarantine")(commands.quarantine)
app.command("deliveries")(commands.deliveries)
app.command("snapshots")(commands.list_snapshots)
app.command("ui")(servers.ui)
models_app = typer.Typer(cls=DeferringGroup)
models_app.callback(invoke_without_command=True)(servers.models)
defer(models_app, "compare", "console.model_commands:compare", "Every competitor with intervals, per kind and horizon.")
defer(models_app, "list", "console.model_commands:list_versions", "Every version: who serves, what the gate said, who approved.")
defer(models_app, "approve", "console.model_commands:approve", "Let a version that passed its gate score from now on.")
defer(models_app, "rollback", "console.model_commands:rollback", "Back to the version before, or to the rule.")
app.add_typer(models_app, name="models")
app.command("docs")(servers.docs)
defer(app, "simulate", "simulation.cli:simulate_command", "Make a synthetic operation's deliveries, with causes we know.")
