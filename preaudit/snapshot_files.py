"""One published version on the disk: its folder's name, its manifest, its tables, and how its files are written.

Belongs here: what is true of one version. Does not: choosing among versions, publishing, the `current` link (snapshot.py).
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from preaudit.errors import PreauditError

SCHEMA_VERSION = 1
MANIFEST = "snapshot.json"
DRAFT = ".draft-"
FOLDER_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))_v(\d{4,})")
# Rows that a reader unpacks to find one entity's.
ROW_GROUP = 5_000
_KEYS = {"as_of_on", "version", "horizon_days", "content_sha256", "published_at", "files"}
_PUBLISH_AGAIN = "Put the folder back from a backup, or remove it and run the day again with `preaudit run --date`."


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
        return pl.read_parquet(self.file(name))

    def file(self, name: str) -> Path:
        """The file of one published table, proven to be the one that was published.

        Raises:
            PreauditError: the file is missing, or not the one that was published.
        """
        path = self.folder / f"{name}.parquet"
        facts = self.manifest["files"].get(name)
        if facts is None or not path.is_file():
            raise PreauditError(f"The snapshot {self.folder.name} has no {name}.parquet.", where=str(path), remedy=_PUBLISH_AGAIN)
        if sha256(path) != facts["sha256"]:
            raise PreauditError(f"{path.name} was changed after it was published.", where=str(path), remedy=_PUBLISH_AGAIN)
        return path


@dataclass(frozen=True)
class DamagedSnapshot:
    """A published version that cannot be read, known by the name of its folder.

    Args:
        folder: its folder.
        damage: what is wrong with it.
    """

    folder: Path
    damage: str

    @property
    def as_of_on(self) -> date:
        return day_and_version(self.folder)[0]

    @property
    def version(self) -> int:
        return day_and_version(self.folder)[1]


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder.

    Raises:
        PreauditError: its snapshot.json is missing or damaged, or was written by another version of the format.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise PreauditError("A published snapshot has no snapshot.json.", where=str(folder), remedy=_PUBLISH_AGAIN)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PreauditError(f"snapshot.json is damaged: {error}.", where=str(path), remedy=_PUBLISH_AGAIN) from error
    if not isinstance(manifest, dict) or "schema_version" not in manifest:
        raise PreauditError("snapshot.json is damaged: it has no schema_version.", where=str(path), remedy=_PUBLISH_AGAIN)
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise PreauditError(
            f"The snapshot has format {manifest['schema_version']}, this program reads {SCHEMA_VERSION}.",
            where=str(path),
            remedy="Read it with the program version that published it.",
        )
    if missing := sorted(_KEYS - set(manifest)):
        raise PreauditError(f"snapshot.json is damaged: no {', '.join(missing)}.", where=str(path), remedy=_PUBLISH_AGAIN)
    if not isinstance(manifest["files"], dict):
        raise PreauditError("snapshot.json is damaged: files is no table.", where=str(path), remedy=_PUBLISH_AGAIN)
    if (named := FOLDER_NAME.fullmatch(folder.name)) and (manifest["as_of_on"], manifest["version"]) != (named[1], int(named[2])):
        raise PreauditError("snapshot.json is of another version.", where=str(path), remedy=_PUBLISH_AGAIN)
    return Snapshot(folder, manifest)


def opened(folder: Path) -> Snapshot | DamagedSnapshot:
    """The snapshot in a folder, or what is wrong with it."""
    try:
        return open_snapshot(folder)
    except PreauditError as error:
        return DamagedSnapshot(folder, error.what)


def day_and_version(folder: Path) -> tuple[date, int]:
    """As-of date and version in the name of a folder."""
    day, version = folder.name.split("_v")
    return date.fromisoformat(day), int(version)


def remove_leftovers(folder: Path) -> None:
    """Remove the drafts that a crashed publish left."""
    for path in folder.glob(f"{DRAFT}*"):
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path)


def write_table(folder: Path, name: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Write one table; returns what the manifest says of it: rows and digest."""
    path = folder / f"{name}.parquet"
    frame.rechunk().write_parquet(path, row_group_size=ROW_GROUP)
    sync(path)
    return {"rows": frame.height, "sha256": sha256(path)}


def sync(path: Path) -> None:
    """Have a file or folder on the disk before the next step."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """Digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
