"""The chain of packs: one signed line per pack, each naming the digest of the manifest before it.

Belongs here: `<home>/evidence/chain.jsonl`, its shape, reading and lengthening it. Every line has the digest of the whole zip, so
it also vouches for bytes that no manifest names. Does not: judging a chain (verify.py), building a pack (build.py).
"""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from preaudit.errors import PreauditError
from preaudit.evidence.keys import is_signed_by
from preaudit.settings import Settings

CHAIN = "chain.jsonl"


@dataclass(frozen=True)
class Link:
    """One pack in the chain.

    Attributes:
        number: 1 for the first pack, without gaps.
        pack: file name of the zip, beside the chain.
        previous_manifest_sha256: of the pack before it; null for the first.
        content_sha256: of what the pack says, whenever it was built.
        parameters: what the pack was asked for.
        signature: over all other fields.
    """

    number: int
    pack: str
    pack_sha256: str
    pack_bytes: int
    manifest_sha256: str
    previous_manifest_sha256: str | None
    content_sha256: str
    built_at: str
    parameters: dict[str, Any]
    signature: str = ""

    def message(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json({name: value for name, value in asdict(self).items() if name != "signature"})

    def signed(self, key: Ed25519PrivateKey) -> "Link":
        """The same link with its signature."""
        return Link(**{**asdict(self), "signature": key.sign(self.message()).hex()})

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        return is_signed_by(key, self.signature, self.message())


def canonical_json(value: Any) -> bytes:
    """One spelling per value: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def evidence_folder(settings: Settings) -> Path:
    """Where packs and their chain are kept."""
    return settings.home / "evidence"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one process lengthens the chain at a time; another one waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def read_chain(folder: Path) -> list[Link]:
    """All links in the order of the file; none where there is no chain yet.

    Raises:
        PreauditError: a line cannot be read as a link.
    """
    path = folder / CHAIN
    *lines, rest = path.read_bytes().split(b"\n") if path.is_file() else [b""]
    return [_link(path, number, line) for number, line in enumerate([*lines, rest] if rest else lines, start=1)]


def append(folder: Path, link: Link) -> None:
    """Lengthen the chain by one link: the file is replaced whole, so a crash leaves the old one or the new one."""
    path = folder / CHAIN
    before = path.read_bytes() if path.exists() else b""
    draft = folder / f".{CHAIN}.{secrets.token_hex(8)}"
    with draft.open("wb") as stream:
        stream.write(before + canonical_json(asdict(link)) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def _link(path: Path, number: int, line: bytes) -> Link:
    try:
        link = Link(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise PreauditError(
            "A line of the evidence chain cannot be read.",
            where=f"{path}, line {number}",
            remedy="Put the file back from a backup; `preaudit evidence verify` then says whether it belongs to the packs.",
        ) from error
    # What the file spells and what was signed must be the same bytes.
    if canonical_json(asdict(link)) != line:
        raise PreauditError(
            "A line of the evidence chain is not spelled as it was written.",
            where=f"{path}, line {number}",
            remedy="It was changed by hand or in transport: take a copy that was not.",
        )
    return link
