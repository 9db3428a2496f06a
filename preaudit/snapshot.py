"""The published snapshot: complete, versioned Parquet per as-of date, made visible by one atomic rename.

Belongs here: versions, files, the `current` link, and reading them. Readers open nothing else; the warehouse has one writer.
Does not: which columns and rows are published (published_tables.py, published_frames.py), showing them (console/).
"""

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from preaudit.errors import PreauditError
from preaudit.pseudonyms import load_pseudonyms
from preaudit.published_frames import collect, run_facts
from preaudit.published_tables import check_rows_add_up
from preaudit.review import published_review
from preaudit.settings import Settings
from preaudit.warehouse import reading

SCHEMA_VERSION = 1
MANIFEST = "snapshot.json"
RUN_FACTS = "run_facts"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}_v\d{4,}")
_DRAFT = ".draft-"


@dataclass(frozen=True)
class Snapshot:
    """One published version of one as-of date.

    Args:
        folder: resolved folder, so that a switch of `current` while reading changes nothing.
        manifest: content of snapshot.json.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def as_of_on(self) -> date:
        return date.fromisoformat(self.manifest["as_of_on"])

    @property
    def version(self) -> int:
        return int(self.manifest["version"])

    @property
    def content_sha256(self) -> str:
        return str(self.manifest["content_sha256"])

    def frame(self, name: str) -> pl.DataFrame:
        """One published table.

        Raises:
            PreauditError: the file is missing, or not the one that was published.
        """
        path = self.folder / f"{name}.parquet"
        facts = self.manifest["files"].get(name)
        if facts is None or not path.is_file():
            raise PreauditError(f"The snapshot {self.folder.name} has no {name}.parquet.", where=str(path), remedy=_PUBLISH_AGAIN)
        if _sha256(path) != facts["sha256"]:
            raise PreauditError(f"{path.name} was changed after it was published.", where=str(path), remedy=_PUBLISH_AGAIN)
        return pl.read_parquet(path)


_PUBLISH_AGAIN = "Put the folder back from a backup, or remove it and run the day again with `preaudit run --date`."


def publish(settings: Settings, as_of_on: date, run_facts_given: dict[str, Any]) -> Path:
    """Publish the warehouse's state at the as-of date; `current` shows it unless it already shows a later date.

    The same content for the same date keeps the version that is there. A crash at any point leaves `current` whole, old or new.

    Returns:
        The folder of the published version.

    Raises:
        PreauditError: rows were lost in some delivery, a mart is missing or was built for another date.
    """
    (settings.published / "snapshots").mkdir(parents=True, exist_ok=True)
    _remove_leftovers(settings.published)
    with reading(settings) as connection:
        check_rows_add_up(connection)
        frames = collect(connection, load_pseudonyms(settings), as_of_on)
        frames[RUN_FACTS] = run_facts(connection, as_of_on, run_facts_given)
    frames["model_review"] = published_review(settings)

    draft = settings.published / f"{_DRAFT}{uuid.uuid4().hex}"
    draft.mkdir()
    files = {name: _write(draft, name, frame) for name, frame in sorted(frames.items())}
    digest = _content_digest(as_of_on, files)
    versions = [snapshot for snapshot in snapshots(settings) if snapshot.as_of_on == as_of_on]
    if versions and versions[-1].content_sha256 == digest:
        shutil.rmtree(draft)
        published = versions[-1].folder
    else:
        published = _place(settings, draft, as_of_on, versions[-1].version + 1 if versions else 1, digest, files)
    _make_current(settings, published)
    return published


def snapshots(settings: Settings) -> list[Snapshot]:
    """Every published version, oldest as-of date first."""
    folder = settings.published / "snapshots"
    found = [open_snapshot(path) for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda snapshot: (snapshot.as_of_on, snapshot.version))


def read_current(settings: Settings) -> Snapshot:
    """The snapshot that readers see.

    Raises:
        PreauditError: nothing is published yet, or its folder is damaged.
    """
    link = settings.published / "current"
    if not link.is_symlink():
        raise PreauditError(
            "Nothing is published yet.",
            where=str(settings.published),
            remedy="Run `make demo` (sample data) or `preaudit run` first.",
        )
    return open_snapshot(link.resolve())


def read_as_of(settings: Settings, as_of_on: date) -> Snapshot:
    """The latest version of one as-of date.

    Raises:
        PreauditError: that date was never published; names the ones that were.
    """
    published = snapshots(settings)
    versions = [snapshot for snapshot in published if snapshot.as_of_on == as_of_on]
    if not versions:
        days = sorted({snapshot.as_of_on.isoformat() for snapshot in published})
        known = f"Published are {', '.join(days[-5:])}." if days else "Nothing is published yet."
        raise PreauditError(
            f"No snapshot for {as_of_on}. {known}",
            where="--as-of",
            remedy=f"Choose one of them, or run `preaudit run --date {as_of_on}`.",
        )
    return versions[-1]


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder.

    Raises:
        PreauditError: its snapshot.json is missing, or was written by another version of the format.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise PreauditError("A published snapshot has no snapshot.json.", where=str(folder), remedy=_PUBLISH_AGAIN)
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise PreauditError(
            f"The snapshot has format {manifest['schema_version']}, this program reads {SCHEMA_VERSION}.",
            where=str(path),
            remedy="Read it with the program version that published it.",
        )
    return Snapshot(folder, manifest)


def _content_digest(as_of_on: date, files: Mapping[str, Mapping[str, Any]]) -> str:
    """Of everything but the run's own facts, so that the same content is recognised whoever made it and when."""
    content = "\n".join(f"{name} {facts['sha256']}" for name, facts in files.items() if name != RUN_FACTS)
    return hashlib.sha256(f"{SCHEMA_VERSION} {as_of_on}\n{content}".encode()).hexdigest()


def _place(settings: Settings, draft: Path, as_of_on: date, version: int, digest: str, files: Mapping[str, Any]) -> Path:
    """Give a complete draft its manifest and, by one rename, its name."""
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "as_of_on": as_of_on.isoformat(),
        "version": version,
        "horizon_days": settings.horizon_days,
        "content_sha256": digest,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": files,
    }
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    _sync(draft / MANIFEST)
    _sync(draft)
    published = settings.published / "snapshots" / f"{as_of_on.isoformat()}_v{version:04d}"
    draft.rename(published)
    _sync(published.parent)
    return published


def _make_current(settings: Settings, published: Path) -> None:
    """Point `current` to the folder, unless it shows a later date: an old day run again stands beside, it does not take over."""
    link = settings.published / "current"
    # Folder names sort by date.
    if link.is_symlink() and link.resolve().is_dir() and link.resolve().name[:10] > published.name[:10]:
        return
    draft = settings.published / f"{_DRAFT}{uuid.uuid4().hex}"
    draft.symlink_to(Path("snapshots") / published.name)
    draft.replace(link)
    _sync(settings.published)


def _remove_leftovers(folder: Path) -> None:
    for path in folder.glob(f"{_DRAFT}*"):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)


def _write(folder: Path, name: str, frame: pl.DataFrame) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    frame.rechunk().write_parquet(path)
    _sync(path)
    return {"rows": frame.height, "sha256": _sha256(path)}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
