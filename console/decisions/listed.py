"""What can be decided on: the entities of the current ranking, and which of them are on the list.

Belongs here: finding one entity in the published ranking, the length of the list, and whether a person's scope holds it.
Does not: showing lists (console/reading), or how they are ranked (ml/).
"""

import math
from dataclasses import dataclass
from datetime import date

import polars as pl

from console.access.roles import Scope
from preaudit.errors import PreauditError
from preaudit.settings import Settings
from preaudit.snapshot import read_current
from preaudit.snapshot_files import Snapshot


class NotListed(PreauditError):
    """There is no such entity for this person; the message is the same whether it is elsewhere or nowhere."""

    status = 404


@dataclass(frozen=True)
class Listed:
    """An entity as the current ranking has it.

    Args:
        entity_kind: process or agent.
        entity_id: process id, or the agent's pseudonym.
        name: a process's name; None for agents.
        as_of_on: day of the ranking.
        rank: place in it.
        is_listed: whether it is among the first `list_length`.
        list_length: the fixed budget k.
        controls: ids of the controls that judged it, for a decision on one of them.
    """

    entity_kind: str
    entity_id: str
    name: str | None
    as_of_on: date
    rank: int
    is_listed: bool
    list_length: int
    controls: tuple[str, ...]


def list_length(settings: Settings, entity_kind: str, entities: int) -> int:
    """How many items operations can act on: k = max(1, ceil(capacity ratio x entities)), as in ml/metrics.py. No threshold."""
    ratio = settings.capacity_agents_ratio if entity_kind == "agent" else settings.capacity_processes_ratio
    return max(1, math.ceil(ratio * entities))


def find(settings: Settings, scope: Scope, entity_kind: str, entity_id: str) -> Listed:
    """The entity in the current ranking.

    Raises:
        NotListed: it is not ranked, or not in the person's scope.
        PreauditError: nothing is published yet.
    """
    snapshot = read_current(settings)
    ranking = snapshot.frame("rankings").filter(pl.col("entity_kind") == entity_kind)
    rows = ranking.filter(pl.col("entity_id") == entity_id).to_dicts()
    if not rows or not _in_scope(snapshot, scope, entity_kind, entity_id):
        raise NotListed("No entity of that name is in the current ranking.")
    row = rows[0]
    length = list_length(settings, entity_kind, ranking.height)
    status = snapshot.frame("control_status").filter(
        (pl.col("entity_kind") == entity_kind) & (pl.col("entity_id") == entity_id) & (pl.col("status") != "not_in_scope")
    )
    return Listed(
        entity_kind=entity_kind,
        entity_id=entity_id,
        name=row["entity_name"],
        as_of_on=snapshot.as_of_on,
        rank=row["rank"],
        is_listed=row["rank"] <= length,
        list_length=length,
        controls=tuple(sorted(status["control_id"].unique())),
    )


def in_scope(settings: Settings, scope: Scope) -> set[tuple[str, str]]:
    """Kind and id of every entity that a limited person may see."""
    return _allowed(read_current(settings), scope)


def _in_scope(snapshot: Snapshot, scope: Scope, entity_kind: str, entity_id: str) -> bool:
    return scope.is_everything or (entity_kind, entity_id) in _allowed(snapshot, scope)


def _allowed(snapshot: Snapshot, scope: Scope) -> set[tuple[str, str]]:
    mine = snapshot.frame("rankings")
    if "client_id" not in mine.columns:
        # The snapshot does not say where an entity belongs, so a limited person sees none rather than all.
        return set()
    if scope.clients is not None:
        mine = mine.filter(pl.col("client_id").is_in(list(scope.clients)))
    if scope.sites is not None:
        mine = mine.filter(pl.col("site").is_in(list(scope.sites)))
    return set(mine.select("entity_kind", "entity_id").iter_rows())
