"""Which files lie in the landing folder, and which of them still have to be loaded.

Belongs here: file and folder names, settling, hashes. Does not: opening a file's content, recording (load.py).
A file is looked at again only when its size or change time says that it may differ from what was loaded.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb

from expectations.contract import find_feed
from preaudit.settings import Settings

FORMATS = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")
HISTORY = "history"
BETWEEN_NAMES = " and "


@dataclass(frozen=True)
class DeliveryFile:
    """One feed's file in one folder; `paths` has two entries only where the folder holds two formats of the feed."""

    source: str
    feed: str
    folder: str
    delivered_on: date | None
    paths: tuple[Path, ...]
    file: str
    bytes: int

    @property
    def is_history(self) -> bool:
        return self.delivered_on is None

    @property
    def path(self) -> Path:
        """The file; of two formats of one feed, the first by name."""
        return self.paths[0]

    @property
    def format(self) -> str:
        """The file ending without `.gz`: csv, parquet or jsonl."""
        return self.path.name.split(".", 1)[1].removesuffix(".gz")

    def sha256(self) -> str:
        """Digest of the content, in hexadecimal; empty where a file cannot be read, which its reader then says."""
        digest = hashlib.sha256()
        try:
            for path in self.paths:
                with path.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
        except OSError:
            return ""
        return digest.hexdigest()


@dataclass(frozen=True)
class UnclaimedFile:
    """A file that will not be loaded now, and why."""

    source: str
    file: str
    state: Literal["waiting", "unknown"]
    reason: str


def scan(settings: Settings, source: str) -> tuple[list[DeliveryFile], list[UnclaimedFile]]:
    """All files of a source, split into loadable ones (history first, then by day) and the rest."""
    found: dict[tuple[str, str], list[Path]] = {}
    unclaimed: list[UnclaimedFile] = []
    root = settings.landing / source
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        if not path.is_file():
            continue
        file = path.relative_to(settings.landing).as_posix()
        problem = _problem(settings, source, path, path.relative_to(root).parts)
        if problem:
            unclaimed.append(UnclaimedFile(source, file, *problem))
        else:
            found.setdefault((path.parent.name, path.name.split(".", 1)[0]), []).append(path)
    files = [_delivery(settings, source, folder, feed, paths) for (folder, feed), paths in found.items()]
    return sorted(files, key=lambda file: (file.delivered_on or date.min, file.feed)), unclaimed


def unclaimed(settings: Settings, source: str) -> list[UnclaimedFile]:
    """Files that are still being copied, or whose name says no feed of the contract."""
    return scan(settings, source)[1]


def unloaded(
    con: duckdb.DuckDBPyConnection, settings: Settings, source: str, through: date, feed: str | None = None
) -> list[DeliveryFile]:
    """Files up to a day that differ from what was last recorded for their feed and folder; history first, then by day."""
    known = con.execute(
        "select feed, folder, file_sha256, file_bytes, epoch(loaded_at), status from ops.deliveries where source = ? "
        "qualify row_number() over (partition by feed, folder order by delivery_id desc) = 1",
        [source],
    ).fetchall()
    recorded = {(feed, folder): tuple(rest) for feed, folder, *rest in known}
    files = [file for file in scan(settings, source)[0] if (file.delivered_on or through) <= through]
    files = [file for file in files if feed is None or file.feed == feed]
    return [file for file in files if not _is_recorded(file, recorded.get((file.feed, file.folder)))]


def split_names(file: str) -> list[str]:
    """The paths, relative to the landing folder, that `DeliveryFile.file` names."""
    return file.split(BETWEEN_NAMES)


def folder_day(name: str) -> date | None:
    """The day of a delivery folder, or None where the name is no ISO date."""
    try:
        return date.fromisoformat(name) if len(name) == len("2026-01-01") else None
    except ValueError:
        return None


def _problem(
    settings: Settings, source: str, path: Path, parts: tuple[str, ...]
) -> tuple[Literal["waiting", "unknown"], str] | None:
    name = path.name
    if name.startswith(".") or name.endswith((".part", ".tmp", ".crdownload", ".filepart")):
        return "waiting", "its name says that it is still being written"
    if len(parts) != 2 or (parts[0] != HISTORY and folder_day(parts[0]) is None):
        return "unknown", "it does not lie in a folder named history or YYYY-MM-DD"
    feed, dot, ending = name.partition(".")
    if dot + ending not in FORMATS:
        return "unknown", f"its ending is none of {', '.join(FORMATS)}"
    if find_feed(source, feed) is None:
        return "unknown", f"{feed} is not a feed of source {source}"
    age = time.time() - path.stat().st_mtime
    if 0 <= age < settings.settle_seconds:
        return (
            "waiting",
            f"it was written {age:.1f} s ago and may still be being copied; it is taken after {settings.settle_seconds:g} s",
        )
    return None


def _delivery(settings: Settings, source: str, folder: str, feed: str, paths: list[Path]) -> DeliveryFile:
    names = BETWEEN_NAMES.join(path.relative_to(settings.landing).as_posix() for path in paths)
    size = sum(path.stat().st_size for path in paths)
    return DeliveryFile(source, feed, folder, folder_day(folder), tuple(paths), names, size)


def _is_recorded(file: DeliveryFile, recorded: tuple[Any, ...] | None) -> bool:
    """Whether the last recorded delivery of this place has the file's content.

    The change time (ctime) is trusted, not the modification time, which copying tools carry over. A refused file that was
    delivered again, or only touched, is judged again: its limits or what it refers to may have changed.
    """
    if recorded is None:
        return False
    sha, size, loaded_epoch, status = recorded
    changed_epoch = max(path.stat().st_ctime for path in file.paths)
    if file.bytes != size or (status == "refused" and changed_epoch > loaded_epoch):
        return False
    return bool(changed_epoch < loaded_epoch - 1 or file.sha256() == sha)
