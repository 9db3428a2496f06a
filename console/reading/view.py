"""What one person may see of the current snapshot: all of it, or the clients and sites of their scope.

Belongs here: cutting frames to a scope. A view reads like a snapshot, so that the terminal's pages can be made of it.
Does not: who has which scope (console/access/).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from console.access.roles import Scope
from console.reading.reading import Reading
from preaudit.errors import PreauditError
from preaudit.snapshot_files import Snapshot

T = TypeVar("T")
# Rows of a refused or quarantined delivery belong to no client, so that nobody with a part of the company sees their values.
UNDIVIDED = frozenset({"quarantine"})


@dataclass(frozen=True, eq=False)
class View(Snapshot):
    """A snapshot within a scope.

    Args:
        reading: the snapshot in memory.
        scope: clients and sites; who has neither published is outside every limited scope.
    """

    reading: Reading
    scope: Scope

    def frame(self, name: str) -> pl.DataFrame:
        """One published table, cut to the scope.

        Raises:
            PreauditError: the snapshot does not have it.
        """
        if name not in self.reading.frames:
            raise PreauditError(
                f"The snapshot {self.folder.name} has no {name}.",
                where=str(self.folder),
                remedy="It was published by an earlier version; the next daily run publishes it.",
            )
        if self.scope.is_everything:
            return self.reading.frames[name]
        return self.reading.memo(("frame", name, self.scope), lambda: self._cut(name))

    def has(self, name: str) -> bool:
        """Whether the snapshot has such a table."""
        return name in self.reading.frames

    def of_entity(self, name: str, kind: str, entity_id: str) -> pl.DataFrame:
        """The rows of one entity; the caller made sure that it is seen."""
        return self.reading.by_entity(name).rows(kind, entity_id)

    def sees(self, kind: str, entity_id: str) -> bool:
        """Whether the entity is within the scope."""
        return self.scope.is_everything or (kind, entity_id) in self._entities

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Like `Reading.memo`, kept apart by scope."""
        return self.reading.memo((self.scope, key), make)

    @property
    def _entities(self) -> frozenset[tuple[str, str]]:
        found = self.memo("entities", lambda: frozenset(self.frame("rankings").select("entity_kind", "entity_id").iter_rows()))
        return found

    def _cut(self, name: str) -> pl.DataFrame:
        whole = self.reading.frames[name]
        if name == "rankings":
            for column, wanted in (("client_id", self.scope.clients), ("site", self.scope.sites)):
                whole = whole if wanted is None else whole.filter(pl.col(column).is_in(sorted(wanted)))
            return whole
        if name in UNDIVIDED:
            return whole.clear()
        seen = self.frame("rankings").select("entity_kind", "entity_id")
        if "entity_id" in whole.columns:
            return whole.join(seen, on=["entity_kind", "entity_id"], how="semi", maintain_order="left")
        if "process_id" in whole.columns:
            return whole.filter(
                pl.col("process_id").is_in(seen.filter(pl.col("entity_kind") == "process")["entity_id"].to_list())
            )
        return whole


def view(reading: Reading, scope: Scope) -> View:
    """The current snapshot as that scope sees it."""
    return View(reading.snapshot.folder, reading.snapshot.manifest, reading, scope)
