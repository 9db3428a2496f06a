"""The snapshot that pages show: read once, changed for the next one only when that is read and proven as a whole.

Belongs here: following the `current` link, and going on with what is there when the new one is damaged. Does not: loading
(reading.py).
"""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from console.reading.reading import Reading, load
from preaudit.errors import PreauditError
from preaudit.settings import Settings
from preaudit.snapshot import current_folder, snapshots
from preaudit.snapshot_files import open_snapshot

# A damaged snapshot is tried again that often: somebody may have put it back.
RETRY_SECONDS = 30.0


class SnapshotReader:
    """One per application, shared by all requests; a page asks once, so it never mixes two snapshots.

    Args:
        settings: whose published folder.
        prepare: what is worked out of a new snapshot before anybody waits for it.
    """

    def __init__(self, settings: Settings, prepare: Sequence[Callable[[Reading], object]] = ()) -> None:
        self._settings = settings
        self._prepare = tuple(prepare)
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._refused: tuple[Path, float, str] | None = None
        self._worker: threading.Thread | None = None

    def current(self) -> Reading:
        """The snapshot to show. While a new one is being read, and where it cannot be, the one before.

        Raises:
            PreauditError: nothing is published yet, or nothing that is published can be read.
        """
        reading = self._reading
        if reading is None:
            with self._lock:
                if self._reading is None:
                    self._reading = self._first()
                return self._reading
        folder = self._folder()
        if folder not in (None, reading.snapshot.folder) and not self._is_refused(folder):
            self._follow()
        return reading

    def warm(self) -> None:
        """Start reading before anybody asks; what is wrong is told to whoever asks first."""

        def read() -> None:
            with contextlib.suppress(PreauditError):
                self.current()

        threading.Thread(target=read, name="first-snapshot", daemon=True).start()

    def notices(self, reading: Reading) -> tuple[str, ...]:
        """What a reader must know of the snapshot that is shown."""
        refused = self._refused
        told = (refused[2],) if refused and refused[0] != reading.snapshot.folder else ()
        return (*told, *reading.notices)

    def wait(self) -> None:
        """Until a snapshot that is being read has been."""
        worker = self._worker
        if worker is not None:
            worker.join()

    def _folder(self) -> Path | None:
        try:
            return current_folder(self._settings)
        except PreauditError:  # the folder was emptied under us: what is in memory is still true
            return None

    def _is_refused(self, folder: Path | None) -> bool:
        refused = self._refused
        return refused is not None and refused[0] == folder and time.monotonic() - refused[1] < RETRY_SECONDS

    def _first(self) -> Reading:
        folder = current_folder(self._settings)
        try:
            return self._load(folder)
        except PreauditError as error:
            self._refuse(folder, error)
            for snapshot in reversed(snapshots(self._settings)):
                if snapshot.folder.resolve() != folder:
                    try:
                        return self._load(snapshot.folder.resolve())
                    except PreauditError:
                        continue
            raise

    def _follow(self) -> None:
        with self._lock:
            # Asked again: since the caller looked, another request may have followed, or a later day been published.
            folder, shown = self._folder(), self._reading
            if folder is None or shown is None or folder == shown.snapshot.folder:
                return
            if self._worker is not None and self._worker.is_alive():
                return
            self._worker = threading.Thread(target=self._change_to, args=(folder,), name="next-snapshot", daemon=True)
            self._worker.start()

    def _change_to(self, folder: Path) -> None:
        try:
            self._reading = self._load(folder)
            self._refused = None
        except PreauditError as error:
            self._refuse(folder, error)

    def _load(self, folder: Path) -> Reading:
        try:
            reading = load(self._settings, open_snapshot(folder), self._reading)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise PreauditError(
                f"A file of the snapshot {folder.name} cannot be read.",
                where=f"{folder}: {error}",
                remedy="Put the folder back from a backup, or run the day again with `preaudit run --date`.",
            ) from error
        for step in self._prepare:
            step(reading)
        return reading

    def _refuse(self, folder: Path, error: PreauditError) -> None:
        told = f"The newest snapshot {folder.name} cannot be read: {error.what} What you see is the last one that can."
        self._refused = (folder, time.monotonic(), told)
