"""One published snapshot per session and the command line on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from preaudit.cli import app, run_app
from preaudit.settings import Settings, get_settings
from preaudit.snapshot import publish
from tests.console.published_fixture import DAY, make_warehouse, settings_for


class Result(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose agents and processes are ranked by a model."""
    settings = settings_for(tmp_path_factory.mktemp("model"))
    make_warehouse(settings)
    publish(settings, DAY, {"run_id": "r1"})
    return settings


@pytest.fixture(scope="session")
def published_by_rule(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose agents are ranked by the rule."""
    settings = settings_for(tmp_path_factory.mktemp("rule"))
    make_warehouse(settings, agents_ranked_by="rule")
    decision = settings.home / "review" / "agent_decision.json"
    decision.parent.mkdir(exist_ok=True)
    decision.write_text('{"passed": false, "verdict": "no better than the rule", "answers": []}', encoding="utf-8")
    publish(settings, DAY, {"run_id": "r1"})
    return settings


@pytest.fixture
def preaudit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Result]]:
    """`preaudit(home, "rank", "agents")` runs the command on a home folder."""

    def run(home: Path, *arguments: str, columns: int = 100) -> Result:
        monkeypatch.setenv("PREAUDIT_HOME", str(home))
        monkeypatch.setenv("PREAUDIT_LANDING", str(home.parent / "landing"))
        monkeypatch.setenv("COLUMNS", str(columns))
        get_settings.cache_clear()
        try:
            code = run_app(app, list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    yield run
    get_settings.cache_clear()
