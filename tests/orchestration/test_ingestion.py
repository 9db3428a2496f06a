"""What the data team sees of a delivery in Dagster and on the terminal."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from preaudit.settings import Settings
from tests.ingestion.world import DAY, WORKERS, World

pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Settings(home=tmp_path / "var", landing=tmp_path / "landing", settle_seconds=2))


def ingest(world: World, feed: str = "workers", through: date = DAY) -> tuple[bool, dict[str, dg.MetadataValue]]:
    """Whether the feed's gate was green in a run of the day, and the metadata of its asset."""
    key = dg.AssetKey(["raw", f"canonical__{feed}"])
    with dg.DagsterInstance.ephemeral() as instance:
        result = (
            build_defs(settings=world.settings)
            .resolve_job_def("ingest_canonical")
            .execute_in_process(
                instance=instance,
                partition_key=through.isoformat(),
                asset_selection=[key],
                run_config={"loggers": {"progress": {}}},
                raise_on_error=False,
            )
        )
    (check,) = result.get_asset_check_evaluations()
    (materialization,) = result.asset_materializations_for_node(f"raw_canonical__{feed}")
    return check.passed, dict(materialization.metadata)


def test_the_gate_stays_red_until_the_refused_file_is_replaced(world, capsys):
    world.deliver("2026-01-05", "workers.csv", WORKERS)
    assert not ingest(world)[0]
    assert "workers.csv refused: The delivery has no rows" in " ".join(capsys.readouterr().err.split())
    assert not ingest(world)[0]
    assert "workers.csv still refused: The delivery has no rows" in " ".join(capsys.readouterr().err.split())
    assert ingest(world, through=date(2026, 1, 4))[0]
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    assert ingest(world)[0]
    assert "refused" not in capsys.readouterr().err


def test_files_that_are_not_loaded_are_named_once_per_source(world, capsys):
    world.deliver("2026-01-05", "wrokers.csv", WORKERS)
    world.deliver("2026-01-05", "shifts.csv.part", "worker_id\n")
    _, metadata = ingest(world)
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("not loaded") == 2
    assert "wrokers.csv: wrokers is not a feed of source canonical" in said
    assert "shifts.csv.part: its name says that it is still being written" in said
    assert len(metadata["not_loaded"].value) == 2
    _, metadata = ingest(world, "shifts")
    assert "not_loaded" not in metadata
    assert "not loaded" not in capsys.readouterr().err


def test_a_corrected_history_says_that_built_days_need_a_rebuild(world, capsys):
    header = "worker_id,document_id,version,signed_at\n"
    world.deliver("history", "acknowledgements.csv", header + "w1,d,1,2026-01-02\n")
    ingest(world, "acknowledgements")
    assert "WARNING" not in capsys.readouterr().err
    world.deliver("history", "acknowledgements.csv", header + "w1,d,2,2026-01-02\n")
    ingest(world, "acknowledgements")
    said = " ".join(capsys.readouterr().err.split())
    assert "WARNING canonical acknowledgements" in said
    assert "--full-refresh" in said
