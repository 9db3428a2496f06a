"""Who is behind a pseudonym: a sealed file beside the snapshots, never inside one.

Belongs here: writing it at publication, opening it. Does not: pseudonyms (pseudonyms.py), or who may know (console/reveals).
docs/decisions/0009-sealed-identities.md says why it is a file and how it is sealed.
"""

import json
import os
import secrets
from dataclasses import dataclass

import duckdb

from preaudit.errors import PreauditError
from preaudit.pseudonyms import Pseudonyms, load_pseudonyms
from preaudit.settings import Settings
from preaudit.snapshot_files import DRAFT, sync

NAME = "identities"
MARK = b"preaudit identities 1\n"  # format and version; authenticated with the content
NONCE_BYTES = 12
_REMEDY = "Publish again (`preaudit run`); the file is written with every snapshot."
# Every place from which an agent's pseudonym is published.
_RANKED = ("marts.rank_entities", "marts.mart_control_status", "marts.fct_control_results", "marts.fct_failures", "ml.scores")


@dataclass(frozen=True)
class Identities:
    """True agent ids by pseudonym."""

    by_pseudonym: dict[str, str]

    def true_id(self, pseudonym: str) -> str:
        """The worker id behind a pseudonym.

        Raises:
            PreauditError: there is no such pseudonym.
        """
        if pseudonym not in self.by_pseudonym:
            raise PreauditError("Nobody is known under this pseudonym.", where=pseudonym, remedy=_REMEDY)
        return self.by_pseudonym[pseudonym]


def agent_ids(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every worker whose pseudonym may stand in a snapshot."""
    queries = [f"select entity_id from {table} where entity_kind = 'agent'" for table in _RANKED]
    has_workers = connection.execute(
        "select 1 from information_schema.columns where table_schema = 'raw' and table_name = 'canonical__workers'"
        " and column_name = 'worker_id'"
    ).fetchone()
    if has_workers:
        queries.append("select worker_id from raw.canonical__workers")
    return {row[0] for row in connection.execute(" union ".join(queries)).fetchall() if row[0] is not None}


def write_identities(settings: Settings, pseudonyms: Pseudonyms, worker_ids: set[str]) -> None:
    """Seal the ids into `<home>/published/identities`, readable by its owner only; one rename makes it visible."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content = json.dumps({pseudonyms.agent(worker_id): worker_id for worker_id in sorted(worker_ids)}).encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = MARK + nonce + AESGCM(_key(pseudonyms)).encrypt(nonce, content, MARK)
    draft = settings.published / f"{DRAFT}{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
        sync(draft)
        draft.replace(settings.published / NAME)
    finally:
        draft.unlink(missing_ok=True)
    sync(settings.published)


def read_identities(settings: Settings) -> Identities:
    """The identities of this home folder.

    Raises:
        PreauditError: none were published, or the file does not belong to this home's pseudonym key.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    path = settings.published / NAME
    if not path.is_file():
        raise PreauditError("No identities were published.", where=str(path), remedy=_REMEDY)
    sealed = path.read_bytes()
    nonce, content = sealed[len(MARK) : len(MARK) + NONCE_BYTES], sealed[len(MARK) + NONCE_BYTES :]
    try:
        opened = AESGCM(_key(load_pseudonyms(settings))).decrypt(nonce, content, MARK)
    except (InvalidTag, ValueError) as error:
        raise PreauditError(
            "The identities are damaged, or sealed with another key than this home's pseudonym.key.",
            where=str(path),
            remedy=_REMEDY,
        ) from error
    return Identities(json.loads(opened))


def _key(pseudonyms: Pseudonyms) -> bytes:
    """A key of its own, derived from the pseudonym key: HKDF-SHA256 (RFC 5869) without salt."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=MARK).derive(pseudonyms.key)
