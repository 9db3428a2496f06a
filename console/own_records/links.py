"""Links to one worker's own record: signed, expiring, for a single person; a privacy officer issues and revokes them.

Belongs here: issuing, checking, revoking. Does not: what the record holds (record.py), the pages.
"""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from console.access import audit_log
from console.access.access import Access
from console.access.roles import Person
from console.own_records.record import is_held
from console.reading.view import View
from console.store.own_records import RecordLink
from preaudit.errors import PreauditError
from preaudit.pseudonyms import load_pseudonyms
from preaudit.settings import Settings

INFO = b"preaudit own record link 1"
BY_LINK = "own record"  # who acts, in the audit log: whoever holds the link


class NotHeld(PreauditError):
    """Nothing is held about such a worker, or not within the officer's scope; the message does not say which."""

    status = 404


class LinkRefused(PreauditError):
    """The link is forged, expired, revoked or unknown; the message does not say which."""

    status = 404

    def __init__(self) -> None:
        super().__init__("This link is not valid, or not any more.", remedy="Ask the privacy officer for a new one.")


def issue(access: Access, officer: Person, view: View, worker_id: str) -> str:
    """The signed part of a new link to the record of a worker, who has asked for it under the id that HR knows.

    The worker's id is turned into the pseudonym and forgotten: neither the store nor the audit log has it.

    Raises:
        NotHeld: nothing is held about that worker.
    """
    now = access.clock()
    pseudonym = load_pseudonyms(access.settings).agent(worker_id.strip())
    if not is_held(view, access.store, pseudonym):
        raise NotHeld("Nothing is held about a worker of that id.", remedy="Compare it with the worker id in the HR delivery.")
    link = RecordLink(
        link_id=str(uuid.uuid4()),
        pseudonym=pseudonym,
        issued_by=officer.name,
        issued_at=now,
        # Whole seconds, as in the signed part.
        expires_at=now.replace(microsecond=0) + timedelta(days=access.settings.console_record_days),
    )
    with access.store.writing() as db:
        db.add(link)
        # Named by its number: the log would otherwise tie the pseudonym to whoever asked that day.
        audit_log.append(db, now, officer.name, "own_record_issued", link.link_id)
    signed = _signer(access.settings).dumps([link.link_id, pseudonym, int(link.expires_at.timestamp())])
    return signed if isinstance(signed, str) else signed.decode()


def find(access: Access, token: str) -> RecordLink:
    """The link behind a token.

    Raises:
        LinkRefused: it cannot be used.
    """
    if not (access.settings.home / "pseudonym.key").is_file():
        raise LinkRefused
    try:
        link_id, pseudonym, until = _signer(access.settings).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise LinkRefused from error
    now = access.clock()
    with access.store.reading() as db:
        link = db.get(RecordLink, link_id)
    if link is None or link.pseudonym != pseudonym or link.revoked_at is not None:
        raise LinkRefused
    if min(link.expires_at, datetime.fromtimestamp(until, UTC)) <= now:
        raise LinkRefused
    return link


def note_opened(access: Access, link: RecordLink) -> None:
    """Write down that the record was looked at."""
    now = access.clock()
    with access.store.writing() as db:
        db.get_one(RecordLink, link.link_id).opened_at = now
        audit_log.append(db, now, BY_LINK, "own_record_opened", link.link_id)


def revoke(access: Access, officer: Person, link_id: str) -> None:
    """End a link now.

    Raises:
        PreauditError: there is no such link, or it is revoked already.
    """
    now = access.clock()
    with access.store.writing() as db:
        link = db.get(RecordLink, link_id)
        if link is None or link.revoked_at is not None:
            raise PreauditError("There is no such link, or it is revoked already.")
        link.revoked_at = now
        audit_log.append(db, now, officer.name, "own_record_revoked", link_id)


def links(access: Access) -> list[RecordLink]:
    """Every link, newest first."""
    with access.store.reading() as db:
        return list(db.scalars(select(RecordLink).order_by(RecordLink.issued_at.desc(), RecordLink.link_id)))


def state(link: RecordLink, now: datetime) -> str:
    """Open, revoked or expired."""
    if link.revoked_at is not None:
        return "revoked"
    return "open" if now < link.expires_at else "expired"


def _signer(settings: Settings) -> URLSafeSerializer:
    """Signs with a key of its own, derived from the pseudonym key: a copy of the store alone makes no link."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO).derive(load_pseudonyms(settings).key)
    return URLSafeSerializer(key, salt=INFO, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256})
