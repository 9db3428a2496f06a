"""Same arguments, same world; more events, same failures; more days, no more memory."""

import hashlib
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from preaudit.errors import PreauditError
from simulation import sample, simulate
from tests.simulation.reading import read

TINY = {"agents": 24, "processes": 2, "days": 15, "events_per_shift": 3.0, "tickets_per_shift": 1.0}


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    simulate(**TINY, seed=5, out=tmp_path / "one")
    simulate(**TINY, seed=5, out=tmp_path / "two")
    simulate(**TINY, seed=6, out=tmp_path / "other")

    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert digests(tmp_path / "one") != digests(tmp_path / "other")


def test_an_old_simulation_in_the_folder_is_replaced(tmp_path):
    stale = tmp_path / "landing" / "canonical" / "1999-01-01" / "workers.csv"
    stale.parent.mkdir(parents=True)
    stale.write_text("worker_id\n")

    simulate(**TINY, seed=5, out=tmp_path)

    assert not stale.exists()


def test_more_events_and_dirt_do_not_change_who_fails(tmp_path):
    simulate(**TINY | {"events_per_shift": 9.0}, seed=5, out=tmp_path / "busy")
    simulate(**TINY, seed=5, out=tmp_path / "quiet", with_dirt=False)

    busy, quiet = (pl.read_parquet(tmp_path / name / "truth" / "failures.parquet") for name in ("busy", "quiet"))
    assert len(quiet)
    assert busy.equals(quiet)


def test_the_last_days_are_daily_folders_and_the_rest_is_history(tmp_path):
    simulate(**TINY, seed=5, out=tmp_path)

    folders = sorted(path.name for path in (tmp_path / "landing" / "canonical").iterdir())
    assert folders == ["2026-10-29", "2026-10-30", "2026-10-31", "history"]
    lists = pl.read_parquet(tmp_path / "landing" / "canonical" / "history" / "workers.parquet")["snapshot_on"].unique().sort()
    assert [str(day) for day in lists] == ["2026-10-17", "2026-10-18", "2026-10-25", "2026-10-28"]


@pytest.mark.parametrize("sizes", [{"agents": 4}, {"processes": 0}, {"days": 3}])
def test_sizes_that_make_no_company_are_refused_with_what_to_do(tmp_path, sizes):
    with pytest.raises(PreauditError, match="at least 5 agents per process"):
        simulate(**TINY | sizes, seed=5, out=tmp_path)


def test_the_command_writes_a_world_and_says_where(tmp_path):
    import typer
    from typer.testing import CliRunner

    from simulation.cli import simulate_command

    app = typer.Typer()
    app.command()(simulate_command)
    options = "--agents 24 --processes 2 --days 8 --seed 5 --events-per-shift 2 --tickets-per-shift 1 --end-on 2026-03-01"
    result = CliRunner().invoke(app, [*options.split(), "--out", str(tmp_path)])

    assert result.exit_code == 0, result.output
    assert (tmp_path / "landing" / "canonical" / "2026-03-01" / "workers.csv").exists()
    assert "Next: preaudit run --landing" in result.output


def test_the_sample_in_the_repository_is_small_enough():
    assert sum(path.stat().st_size for path in sample.FOLDER.rglob("*") if path.is_file()) <= 8_000_000


def test_the_days_of_the_sample_are_the_folders_it_has():
    folders = sorted(path.name for path in (sample.LANDING / "canonical").iterdir())
    assert folders == [*(day.isoformat() for day in sample.DAILY_DAYS), "history"]
    lists = pl.read_parquet(sample.LANDING / "canonical" / "history" / "workers.parquet")["snapshot_on"]
    assert (lists.min(), lists.max()) == (sample.FIRST_DAY, sample.LAST_HISTORY_DAY)


@pytest.mark.slow
def test_the_sample_in_the_repository_is_what_its_parameters_make(tmp_path):
    # By content, not by bytes: another release of the Parquet writer may pack the same rows differently.
    sample.make_sample(tmp_path)
    made, kept = (
        {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} for folder in (tmp_path, sample.FOLDER)
    )

    assert made == kept
    for path in made:
        assert read(tmp_path / path).equals(read(sample.FOLDER / path)), path


@pytest.mark.slow
def test_memory_does_not_grow_with_the_days(tmp_path):
    program = (
        "import resource, sys; from simulation import simulate;"
        "simulate(600, 20, int(sys.argv[1]), 1, sys.argv[2], events_per_shift=40.0);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak(days: str) -> int:
        command = [sys.executable, "-c", program, days, str(tmp_path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        return int(done.stdout)

    assert peak("100") < 1.25 * peak("25")
