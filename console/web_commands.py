"""`preaudit console`: starts the web console; its users and its audit log from the command line.

Belongs here: the commands. Does not: the application (console/web), or what a command does to the store (console/access).
"""

import ipaddress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console.group import DeferringGroup
from preaudit.errors import PreauditError
from preaudit.settings import get_settings

# The web server, SQLAlchemy and Argon2 are loaded by the command that needs them, so that `--help` does not wait for them.
if TYPE_CHECKING:
    from console.access.access import Access

app = typer.Typer(cls=DeferringGroup, help="The web console: lists, decisions, users, audit log.")
users_app = typer.Typer(cls=DeferringGroup, no_args_is_help=True, help="Users of the console.")
audit_app = typer.Typer(cls=DeferringGroup, no_args_is_help=True, help="The console's audit log.")
app.add_typer(users_app, name="users")
app.add_typer(audit_app, name="audit")

DAY = ["%Y-%m-%d"]
DELIVERY_SECONDS = 600  # the daily run starts hours after midnight

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the user.", show_default=False)]


@app.callback(invoke_without_command=True)
def console(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; other than this machine needs https before it.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8000,
) -> None:
    """Start the web console."""
    if ctx.invoked_subcommand is not None:
        return
    import uvicorn

    from console.access.links import FIRST_HOURS, first_link
    from console.web.app import create_app

    settings = get_settings()
    if not (_is_loopback(host) or settings.console_address.startswith("https://")):
        raise PreauditError(
            f"{host} can be reached from elsewhere, and without https passwords and sessions could be read on the way.",
            where="--host",
            remedy="Put https in front of it and set PREAUDIT_CONSOLE_ADDRESS=https://..., or leave --host out.",
        )
    application = create_app(settings, delivers_every=DELIVERY_SECONDS)
    base = settings.console_address.rstrip("/") or f"http://{host}:{port}"
    typer.echo(f"Preaudit on {base}. Stop it with Ctrl-C.", err=True)
    if (secret := first_link(application.state.access)) is not None:
        typer.echo(f"There is no admin yet. Open this once, within {FIRST_HOURS} hour: {base}/start/{secret}", err=True)
    # A year of snapshots is read in seconds, and not while the first person waits.
    application.state.reader.warm()
    # No log of requests: one-time links stand in their addresses.
    uvicorn.run(application, host=host, port=port, access_log=False, log_level="warning", server_header=False)


@app.command("deliver")
def deliver_decisions() -> None:
    """Write decisions of the days that are over to landing/console; a running console and `preaudit run` do it by themselves."""
    from console.decisions.delivery import deliver_from_home

    written = deliver_from_home(get_settings())
    for path in written:
        typer.echo(str(path))
    if not written:
        typer.echo("Nothing waits to be delivered; decisions of today follow when the day is over.")


@users_app.command("list")
def list_users() -> None:
    """Every user with role and state."""
    from console.access.users import users

    for user in users(_access()):
        state = "active" if user.is_active else "disabled"
        typer.echo(f"{user.name}\t{user.role}\t{state if user.password_hash or user.subject else 'no password yet'}")


@users_app.command("add")
def add_user(
    name: NameArgument,
    role: Annotated[str, typer.Option("--role", help="viewer, operations, privacy_officer, auditor or admin.")] = "viewer",
    client: Annotated[
        list[str] | None, typer.Option("--client", help="A client they may see, repeatable; all if left out.")
    ] = None,
    site: Annotated[list[str] | None, typer.Option("--site", help="A site they may see, repeatable; all if left out.")] = None,
    from_: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First day an auditor may see.")] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last day an auditor may see.")] = None,
) -> None:
    """Add a user and print the link by which they choose a password."""
    from console.access.links import make_link
    from console.access.roles import Role
    from console.access.users import Grant, add

    access = _access()
    if role not in {known.value for known in Role}:
        raise PreauditError(f"There is no role {role}.", where="--role", remedy=f"Choose one of {', '.join(Role)}.")
    grant = Grant(
        Role(role),
        clients=frozenset(client) if client else None,
        sites=frozenset(site) if site else None,
        period_first_on=from_.date() if from_ else None,
        period_last_on=to.date() if to else None,
    )
    with access.store.writing() as db:
        user = add(db, access, "server", name, grant)
        secret = make_link(db, user.user_id, access.clock())
    _print_link(secret)


@users_app.command("reset")
def reset_user(name: NameArgument) -> None:
    """Print a new link for a user who forgot the password."""
    from console.access import audit_log
    from console.access.links import make_link
    from console.access.users import find

    access = _access()
    with access.store.writing() as db:
        user = find(db, name)
        secret = make_link(db, user.user_id, access.clock())
        audit_log.append(db, access.clock(), "server", "link_made", user.name)
    _print_link(secret)


@users_app.command("disable")
def disable_user(name: NameArgument) -> None:
    """Keep a user from logging in; their sessions end."""
    from console.access.users import change, find, grant_of

    access = _access()
    with access.store.writing() as db:
        user = find(db, name)
        change(db, access, "server", user.name, grant_of(user), is_active=False)
    typer.echo(f"{user.name} is disabled.")


@audit_app.command("verify")
def verify_audit_log(
    expect: Annotated[str, typer.Option("--expect", help="A hash noted earlier; it must still be in the log.")] = "",
) -> None:
    """Prove that no row of the audit log was changed, removed or put in between; exit code 1 if one was."""
    from console.access.audit_log import verify

    access = _access()
    verdict = verify(access.store, access.settings.console_home, expect)
    for problem in verdict.problems:
        typer.echo(problem)
    if verdict.problems:
        raise typer.Exit(1)
    typer.echo(f"{verdict.rows} rows, unbroken. Note this hash outside of the console: {verdict.head}")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _access() -> "Access":
    from console.access.access import Access
    from console.store.opening import open_store

    settings = get_settings()
    return Access(open_store(settings), settings)


def _print_link(secret: str) -> None:
    from console.access.links import USER_HOURS

    base = get_settings().console_address.rstrip("/") or "http://127.0.0.1:8000"
    typer.echo(f"Works once, for {USER_HOURS} hours: {base}/start/{secret}")
