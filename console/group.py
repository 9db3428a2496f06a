"""The command group: commands whose code is loaded only when they are called, and errors as one message.

Belongs here: behaviour that all commands share. Does not: any command, or any page.
"""

import errno
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from console.cells import visible
from preaudit.errors import PreauditError


class DeferringGroup(TyperGroup):
    """A group with commands that are imported when they are called, so `--help` does not pay for them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command to call, loaded if it was deferred."""
        name, command, rest = super().resolve_command(ctx, args)
        target = getattr(getattr(command, "callback", None), "deferred_to", None)
        return name, _load(str(name), target) if target else command, rest


class DefaultingGroup(DeferringGroup):
    """A group that takes its first word for an argument of its default command, unless a command is called so."""

    default = "<ID>"

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of that name, or the default one with the word as its argument."""
        if args and args[0] not in self.commands:
            return self.default, self.commands[self.default], args
        return super().resolve_command(ctx, args)


def defer(app: typer.Typer, name: str, target: str, summary: str) -> None:
    """Mount the function `module:function` as a command without importing its module.

    Args:
        app: an app with class `DeferringGroup`.
        name: name of the command.
        target: 'package.module:function' of a typer command function.
        summary: the line that `--help` of the group shows.
    """

    def placeholder() -> None:
        raise AssertionError("DeferringGroup.resolve_command puts the real command here")

    placeholder.deferred_to = target  # type: ignore[attr-defined]
    app.command(name, help=summary)(placeholder)


def run_app(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Run the command line: exit code 0, 1 for an error (one message, a trace only with `--debug`), 2 for wrong usage.

    Raises:
        SystemExit: with typer's own exit code, for everything that is no error of ours.
    """
    state = {"debug": False}
    try:
        app(args=arguments, obj=state)
    except Exception as error:  # The outermost door: a person gets a message, not a trace.
        if state["debug"]:
            raise
        sys.stderr.write(_message(error))
        return 1
    return 0


def _load(name: str, target: str) -> Any:
    module, function = target.split(":")
    command: Callable[..., Any] = getattr(importlib.import_module(module), function)
    app = typer.Typer(add_completion=False)
    app.command(name)(command)
    return typer.main.get_command(app)


def _bad_setting(error: ValidationError) -> PreauditError:
    found = [(f"PREAUDIT_{'_'.join(map(str, problem['loc'])).upper()}", problem["msg"]) for problem in error.errors()]
    return PreauditError(
        "; ".join(f"{name}: {words}" for name, words in found),
        where="environment variables",
        remedy="Set them to a value that docs/settings.md allows.",
    )


_OTHER_PLACE = "set PREAUDIT_HOME to another folder"
_REMEDIES = {
    errno.ENOSPC: f"Free space on that disk, or {_OTHER_PLACE}; then run it again.",
    errno.EDQUOT: f"Free space in your quota, or {_OTHER_PLACE}; then run it again.",
    errno.EACCES: f"Have the permission given to you, or {_OTHER_PLACE}.",
    errno.EPERM: f"Have the permission given to you, or {_OTHER_PLACE}.",
    errno.EROFS: f"The disk is read-only: {_OTHER_PLACE}.",
    errno.EEXIST: f"A file stands where a folder is needed: move it away, or {_OTHER_PLACE}.",
    errno.ENOTDIR: f"A file stands where a folder is needed: move it away, or {_OTHER_PLACE}.",
    errno.EISDIR: f"A folder stands where a file is needed: move it away, or {_OTHER_PLACE}.",
}


def _system_refused(error: OSError) -> PreauditError:
    """A full disk, a file in the way, a missing permission: the person's to mend, not a defect of the program."""
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    remedy = _REMEDIES.get(error.errno or 0, "Put that right and run it again; `preaudit --debug ...` shows the trace.")
    return PreauditError(f"{error.strerror or error}.", where=" and ".join(names), remedy=remedy)


def _message(error: Exception) -> str:
    if isinstance(error, ValidationError) and error.title == "Settings":
        error = _bad_setting(error)
    if isinstance(error, OSError):
        error = _system_refused(error)
    if not isinstance(error, PreauditError):
        remedy = "run it again as `preaudit --debug ...` and report the trace."
        return f"Error: {type(error).__name__}: {visible(str(error))}\n  What to do: {remedy}\n"
    lines = [f"Error: {visible(error.what)}"]
    if error.where:
        lines.append(f"  Where: {visible(error.where)}")
    if error.remedy:
        lines.append(f"  What to do: {visible(error.remedy)}")
    return "\n".join(lines) + "\n"
