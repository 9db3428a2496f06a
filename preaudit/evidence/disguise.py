"""Frames without true ids: agents as pseudonyms, items as references, identities out of every sentence and evidence key.

Belongs here: which columns hold what, and where identities are looked up. The pseudonyms are those of the published snapshot, so
that a pack and the console speak of the same agent. Does not: reading facts (facts.py), how a pseudonym is made (pseudonyms.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from preaudit.evidence.facts import Period, has_table, read
from preaudit.pseudonyms import Pseudonyms, load_pseudonyms
from preaudit.settings import Settings

TEXT = frozenset({"reason", "evidence", "status_reason", "refusal_reason", "detail", "approver", "note"})
# Identities of the feed contract that are no person's id. Account ids and addresses are withheld where a sentence quotes them;
# no control's sentence quotes a customer or a device, whose ids are too many to look for.
ACCOUNTS_AND_ADDRESSES = frozenset({"account_id", "email"})
NOT_AGENTS = ACCOUNTS_AND_ADDRESSES | {"customer_ref", "device_id"}


@dataclass(frozen=True)
class Disguise:
    """What takes the true ids out of a frame.

    Attributes:
        agents: every known agent id -> its pseudonym.
        redacted: replaces known identities inside sentences.
    """

    pseudonyms: Pseudonyms
    agents: dict[str, str]
    redacted: Callable[[pl.Series], pl.Series]

    def frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """entity_id of agents becomes their pseudonym, item_key the item_ref; sentences and evidence lose identities."""
        return self.frames({"only": frame})["only"]

    def frames(self, frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """`frame` of several at once.

        What a look for 40,000 identities costs is their search tree, which is made anew each time (2026-11: 35 ms): for one
        sentence as for ten thousand.
        """
        columns = [
            (name, column, frame[column].cast(pl.String))
            for name, frame in frames.items()
            for column in frame.columns
            if column in TEXT
        ]
        # Each different text of a column once: they are far fewer than rows.
        different = [values.drop_nulls().unique() for _, _, values in columns]
        safe = self._safe(pl.concat(different)) if columns else pl.Series(dtype=pl.String)
        without_names = {name: self._without_ids(frame) for name, frame in frames.items()}
        start = 0
        for (name, column, values), texts in zip(columns, different, strict=True):
            shown = values.replace_strict(texts, safe.slice(start, texts.len()), default=None, return_dtype=pl.String)
            without_names[name] = without_names[name].with_columns(shown.alias(column))
            start += texts.len()
        return without_names

    def _without_ids(self, frame: pl.DataFrame) -> pl.DataFrame:
        if "entity_id" in frame.columns:
            is_agent = pl.col("entity_kind") == "agent"
            agents = self.pseudonyms.agents(frame.select(pl.when(is_agent).then(pl.col("entity_id")))["entity_id"])
            frame = frame.with_columns(pl.when(is_agent).then(agents).otherwise(pl.col("entity_id")).alias("entity_id"))
        if "item_key" in frame.columns:
            frame = frame.with_columns(self.pseudonyms.items(frame["item_key"]).alias("item_key"))
            frame = frame.rename({"item_key": "item_ref"})
        return frame

    def _safe(self, texts: pl.Series) -> pl.Series:
        # A part of an evidence key that is an agent's id is one, however short or numeric, which a sentence's word may not be.
        parts = texts.str.split("|").list.eval(pl.element().replace(self.agents)).list.join("|")
        return self.redacted(parts)


def load_disguise(settings: Settings, connection: duckdb.DuckDBPyConnection, period: Period) -> Disguise:
    """The disguise for everybody that any delivery ever named, or a result of the period is about."""
    pseudonyms = load_pseudonyms(settings)
    agents, others = _identities(connection, period)
    names = {agent: pseudonyms.agent(agent) for agent in sorted(agents)}
    return Disguise(pseudonyms, names, pseudonyms.redaction(agents, others - agents))


def _identities(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[set[str], set[str]]:
    """Ids of agents, and other identities that a sentence might quote."""
    # Imported here, as in published_frames.py: only making evidence needs the contract, verifying it must not.
    from expectations.contract import feeds, sources

    places = [
        (f"{feed.source}__{feed.name}", column.name)
        for source in sources()
        for feed in feeds(source)
        for column in feed.columns
        if column.is_identity and column.name not in NOT_AGENTS
    ]
    agents = {name for table, column in places for name in _distinct(connection, "raw", table, column)}
    is_agent = f"entity_kind = 'agent' and on_date between date '{period.first}' and date '{period.last}'"
    agents |= _distinct(connection, "marts", "fct_control_results", "entity_id", is_agent)
    # Accounts are looked up where they are listed: the logs repeat them by the million.
    listed = [("canonical__accounts", "account_id"), ("canonical__workers", "email")]
    return agents, {name for table, column in listed for name in _distinct(connection, "raw", table, column)}


def _distinct(connection: duckdb.DuckDBPyConnection, schema: str, table: str, column: str, condition: str = "true") -> set[str]:
    if not has_table(connection, schema, table):
        return set()
    sql = f'select distinct "{column}" as name from {schema}.{table} where {condition} and "{column}" is not null'
    return set(read(connection, sql)["name"].to_list())
