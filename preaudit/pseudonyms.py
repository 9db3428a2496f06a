"""Pseudonyms: how agents are named outside the warehouse.

Belongs here: the key, the agent pseudonym, the item reference, and their replacement inside text.
Does not: which columns are published (published_tables.py), and who is behind a pseudonym (identities.py).
"""

import base64
import hmac
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from preaudit.errors import PreauditError
from preaudit.settings import Settings

KEY_BYTES = 32
REFERENCE_CHARACTERS = 10  # 50 bits: two of 100,000 agents share a pseudonym with a chance of 1 in 200,000
WITHHELD = "(withheld)"
MAIL_ADDRESS = r"[^\s@'\"]+@[^\s@'\"]+"
SHORTEST_IDENTITY = 4  # shorter identifiers cannot be told from ordinary words and figures inside a sentence


@dataclass(frozen=True)
class Pseudonyms:
    """The pseudonyms under one key: the same worker has the same one in every snapshot of this home folder."""

    key: bytes

    def agent(self, worker_id: str) -> str:
        """'A-' and 10 base32 characters of HMAC-SHA256(key, worker id)."""
        return "A-" + self._digest(worker_id)

    def item(self, item_key: str) -> str:
        """'I-' and 10 base32 characters: tells tested items apart without naming the account, course or person in their key."""
        return "I-" + self._digest(f"item|{item_key}")

    def agents(self, column: pl.Series) -> pl.Series:
        """`agent` over a column of worker ids."""
        return _mapped(column, self.agent)

    def items(self, column: pl.Series) -> pl.Series:
        """`item` over a column of item keys."""
        return _mapped(column, self.item)

    def redaction(self, worker_ids: Iterable[str], withheld: Iterable[str] = ()) -> Callable[[pl.Series], pl.Series]:
        """What makes sentences publishable: worker ids become pseudonyms, other identities and mail addresses '(withheld)'.

        Identifiers of fewer than four characters, or of digits only, are left alone: they would be found in every figure.
        """
        replacements = {identity: WITHHELD for identity in withheld if _is_distinctive(identity)}
        replacements |= {worker_id: self.agent(worker_id) for worker_id in worker_ids if _is_distinctive(worker_id)}
        # Longest first: W1000 must not be found inside W10001.
        patterns = sorted(replacements, key=lambda identity: (-len(identity), identity))
        names = [replacements[pattern] for pattern in patterns]

        def redacted(sentences: pl.Series) -> pl.Series:
            known = sentences.str.replace_many(patterns, names, leftmost=True) if patterns else sentences
            return known.str.replace_all(MAIL_ADDRESS, WITHHELD)

        return redacted

    def _digest(self, text: str) -> str:
        digest = hmac.digest(self.key, text.encode(), "sha256")
        return base64.b32encode(digest).decode()[:REFERENCE_CHARACTERS]


def load_pseudonyms(settings: Settings) -> Pseudonyms:
    """The pseudonyms under `<home>/pseudonym.key`; the key is made once, whole or not at all, readable by its owner only.

    Raises:
        PreauditError: the key file is not the 32 bytes it was made with.
    """
    path = settings.home / "pseudonym.key"
    if not path.exists():
        _create_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise PreauditError(
            f"The pseudonym key has {len(key)} bytes instead of {KEY_BYTES}.",
            where=str(path),
            remedy="Put back the key from a backup; with a new key every agent gets another pseudonym.",
        )
    return Pseudonyms(key)


def _create_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link refuses an existing name, so of two processes the first one's key stays.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _is_distinctive(identity: str) -> bool:
    return len(identity) >= SHORTEST_IDENTITY and not identity.isdigit()


def _mapped(column: pl.Series, function: Callable[[str], str]) -> pl.Series:
    names = column.drop_nulls().unique().to_list()
    return column.replace_strict(names, [function(name) for name in names], default=None, return_dtype=pl.String)
