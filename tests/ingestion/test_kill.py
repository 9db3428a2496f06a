"""A load that is killed leaves nothing behind, and the same load again gives what an undisturbed one gives."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from preaudit.settings import Settings
from tests.ingestion.world import DAY, World

ROWS = 300_000
CONTENT = "select * exclude (loaded_at) from ops.deliveries"

# The child stops itself at the moment asked for, so that the kill does not depend on this machine's speed.
CHILD = """
import importlib, sys, time
from datetime import date
from pathlib import Path
from preaudit import ingestion
from preaudit.settings import Settings

module, name, home, landing = sys.argv[1:]
owner = importlib.import_module(module)
*path, last = name.split(".")
for part in path:
    owner = getattr(owner, part)
real = getattr(owner, last)

def stopping(*arguments, **options):
    result = real(*arguments, **options)
    print("there", flush=True)
    time.sleep(600)
    return result

setattr(owner, last, stopping)
settings = Settings(home=Path(home), landing=Path(landing), settle_seconds=0)
ingestion.ingest(settings, "canonical", "auth_events", date(2026, 1, 5), date(2026, 1, 5))
"""


def deliver_many(landing: Path) -> None:
    path = landing / "canonical" / "history" / "auth_events.parquet"
    path.parent.mkdir(parents=True)
    duckdb.execute(
        "copy (select 'e' || i as event_id, (timestamp '2026-01-01' + to_seconds(i))::varchar as occurred_at, "
        "'a' || i % 99 as account_id, if(i % 1000 = 0, 'odd', 'success') as outcome "
        f"from range({ROWS}) t(i)) to '{path}' (format parquet)"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("preaudit.ingestion.raw", "insert_rows"),
        ("expectations.gate", "check_delivery"),
        ("preaudit.ingestion.ledger", "Record.accept"),
    ],
)
def test_a_killed_load_leaves_nothing_and_the_next_one_is_complete(tmp_path: Path, module: str, name: str):
    landing = tmp_path / "landing"
    deliver_many(landing)
    undisturbed, killed = (
        World(Settings(home=tmp_path / home, landing=landing, settle_seconds=0)) for home in ("undisturbed", "killed")
    )
    command = [sys.executable, "-c", CHILD, module, name, str(killed.settings.home), str(landing)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"there\n"
        os.kill(child.pid, signal.SIGKILL)
    assert killed.rows("select count(*) from raw.canonical__auth_events") == [(0,)]
    assert killed.rows(CONTENT) == []
    for world in (killed, undisturbed):
        world.load("auth_events", through=DAY)
    assert killed.rows(CONTENT) == undisturbed.rows(CONTENT)
    digest = "select count(*), bit_xor(hash(event)) from raw.canonical__auth_events event"
    assert killed.rows(digest) == undisturbed.rows(digest)
    assert killed.rows("select count(*) from ops.quarantine") == [(ROWS // 1000,)]
