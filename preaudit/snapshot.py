"""The published snapshot: complete, versioned Parquet per as-of date, made visible by one atomic rename.

Belongs here: versions, the `current` link, and choosing what to read. Readers open nothing else; the warehouse has one writer.
Does not: the files of one version (snapshot_files.py), what is published (published_tables.py, published_frames.py), showing it
(console/).
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from preaudit.errors import PreauditError
from preaudit.identities import agent_ids, write_identities
from preaudit.pseudonyms import load_pseudonyms
from preaudit.published_frames import collect, run_facts
from preaudit.published_tables import check_rows_add_up
from preaudit.review import published_reliability, published_review
from preaudit.settings import Settings
from preaudit.snapshot_files import (
    DRAFT,
    FOLDER_NAME,
    MANIFEST,
    SCHEMA_VERSION,
    DamagedSnapshot,
    Snapshot,
    day_and_version,
    open_snapshot,
    opened,
    remove_leftovers,
    sync,
    write_table,
)
from preaudit.warehouse import reading

RUN_FACTS = "run_facts"


def publish(settings: Settings, as_of_on: date, run_facts_given: dict[str, Any]) -> Path:
    """Publish the warehouse's state at the as-of date; `current` shows it unless it already shows a later date.

    The same content for the same date keeps the version that is there. A crash at any point leaves `current` whole, old or new.

    Returns:
        The folder of the published version.

    Raises:
        PreauditError: rows were lost in some delivery, a mart is missing or was built for another date.
    """
    (settings.published / "snapshots").mkdir(parents=True, exist_ok=True)
    remove_leftovers(settings.published)
    with reading(settings) as connection:
        check_rows_add_up(connection)
        pseudonyms = load_pseudonyms(settings)
        frames = collect(connection, pseudonyms, as_of_on)
        known_agents = agent_ids(connection)
        frames[RUN_FACTS] = run_facts(connection, as_of_on, run_facts_given)
    frames["model_review"] = published_review(settings)
    frames["reliability"] = published_reliability(settings)

    draft = settings.published / f"{DRAFT}{uuid.uuid4().hex}"
    draft.mkdir()
    files = {name: write_table(draft, name, frame) for name, frame in sorted(frames.items())}
    digest = _content_digest(as_of_on, files)
    last = next((path for path in reversed(_folders(settings)) if day_and_version(path)[0] == as_of_on), None)
    found = opened(last) if last else None
    if isinstance(found, Snapshot) and found.content_sha256 == digest:
        shutil.rmtree(draft)
        published = found.folder
    else:
        # A damaged version keeps its number: what people cited stays what it was, or is seen to be lost.
        published = _place(settings, draft, as_of_on, day_and_version(last)[1] + 1 if last else 1, digest, files)
    # Before readers see a new pseudonym, who may know can learn whose it is.
    write_identities(settings, pseudonyms, known_agents)
    _make_current(settings, published)
    return published


def snapshots(settings: Settings) -> list[Snapshot]:
    """Every intact published version, oldest as-of date first."""
    return [found for path in _folders(settings) if isinstance(found := opened(path), Snapshot)]


def damaged_snapshots(settings: Settings) -> list[DamagedSnapshot]:
    """Every published version that cannot be read, oldest as-of date first."""
    return [found for path in _folders(settings) if isinstance(found := opened(path), DamagedSnapshot)]


def current_folder(settings: Settings) -> Path:
    """The folder that readers see: the one `current` shows; where that link is lost, the newest intact one.

    Raises:
        PreauditError: nothing is published yet.
    """
    if (shown := _shown(settings)) is not None:
        return shown
    folders = [found.folder for found in snapshots(settings)] or _folders(settings)
    if not folders:
        raise PreauditError(
            "Nothing is published yet.",
            where=str(settings.published),
            remedy="Run `make demo` (sample data) or `preaudit run` first.",
        )
    return folders[-1].resolve()


def read_current(settings: Settings) -> Snapshot:
    """The snapshot that readers see.

    Raises:
        PreauditError: nothing is published yet, or its folder is damaged.
    """
    return open_snapshot(current_folder(settings))


def read_as_of(settings: Settings, as_of_on: date) -> Snapshot:
    """The latest version of one as-of date.

    Raises:
        PreauditError: that date was never published (names the ones that were), or its latest version is damaged.
    """
    versions = [path for path in _folders(settings) if day_and_version(path)[0] == as_of_on]
    if not versions:
        days = sorted({snapshot.as_of_on.isoformat() for snapshot in snapshots(settings)})
        known = f"Published are {', '.join(days[-5:])}." if days else "Nothing is published yet."
        raise PreauditError(
            f"No snapshot for {as_of_on}. {known}",
            where="--as-of",
            remedy=f"Choose one of them, or run `preaudit run --date {as_of_on}`.",
        )
    return open_snapshot(versions[-1])


def _folders(settings: Settings) -> list[Path]:
    """Folders of all versions, intact or not, oldest as-of date first."""
    folder = settings.published / "snapshots"
    found = [path for path in folder.iterdir() if FOLDER_NAME.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(found, key=day_and_version)


def _shown(settings: Settings) -> Path | None:
    """The folder that `current` points to; None where it is no link, or one to nowhere."""
    link = settings.published / "current"
    return link.resolve() if link.is_symlink() and link.is_dir() else None


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
    sync(draft / MANIFEST)
    sync(draft)
    published = settings.published / "snapshots" / f"{as_of_on.isoformat()}_v{version:04d}"
    draft.rename(published)
    sync(published.parent)
    return published


def _make_current(settings: Settings, published: Path) -> None:
    """Point `current` to the folder, unless it shows a later date: an old day run again stands beside, it does not take over."""
    shown = _shown(settings)
    # Folder names sort by date.
    if shown is not None and shown.name[:10] > published.name[:10]:
        return
    if shown is None:
        # The link was lost: the newest day is shown again, which need not be the one just published.
        published = snapshots(settings)[-1].folder
    link = settings.published / "current"
    draft = settings.published / f"{DRAFT}{uuid.uuid4().hex}"
    draft.symlink_to(Path("snapshots") / published.name)
    draft.replace(link)
    sync(settings.published)
