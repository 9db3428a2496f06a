"""Errors at the outermost door."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from console.group import DeferringGroup, run_app

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("code", "what", "remedy"),
    [
        (errno.ENOSPC, "No space left on device.", "Free space"),
        (errno.ENOTDIR, "Not a directory.", "A file stands where a folder is needed"),
        (errno.EACCES, "Permission denied.", "Have the permission given"),
        (errno.EIO, "Input/output error.", "Put that right"),
    ],
)
def test_what_the_system_refuses_is_told_with_place_and_remedy(
    capsys: pytest.CaptureFixture[str], code: int, what: str, remedy: str
) -> None:
    app = typer.Typer(cls=DeferringGroup, pretty_exceptions_enable=False)

    @app.callback()
    def group() -> None:
        """A group of one command."""

    @app.command()
    def fails() -> None:
        raise OSError(code, os.strerror(code), "/data/var")

    assert run_app(app, ["fails"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [f"Error: {what}", "  Where: /data/var"]
    assert lines[2].startswith(f"  What to do: {remedy}")


def test_a_control_character_in_a_message_is_written_out(preaudit: Run, published: Any, tmp_path: Path) -> None:
    result = preaudit(published.home, "show", "P\x1b[31m")

    assert result.code == 1
    assert "\x1b" not in result.err
