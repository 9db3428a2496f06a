"""The manifest of a pack: every file with its digest, what was asked for, and the pack before it.

Belongs here: its shape, its bytes, its digests. Does not: the chain's own lines (chain.py), checking one (verify.py).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = "preaudit-evidence/1"
MANIFEST, SIGNATURE, PUBLIC_KEY, INDEX = "manifest.json", "manifest.sig", "public_key.pem", "index.html"
# These three cannot be in the manifest: it is the first, the second signs it, and the third is judged by the second.
OUTSIDE = frozenset({MANIFEST, SIGNATURE, PUBLIC_KEY})


@dataclass(frozen=True)
class Manifest:
    """What a pack says of itself.

    Attributes:
        number: place in the chain.
        built_at: when the warehouse was read and the pack made, ISO, UTC. With the place in the chain the only thing that differs
            between two packs of the same input.
        content_sha256: over parameters, code version and every file but the index, which quotes built_at.
        parameters: controls, framework, from, to, source_time_zone.
        run_ids: finished runs that covered days of the period.
        files: path in the pack -> sha256, bytes.
    """

    number: int
    previous_manifest_sha256: str | None
    built_at: str
    content_sha256: str
    parameters: dict[str, Any]
    code_version: str
    run_ids: list[str]
    public_key_sha256: str
    files: dict[str, dict[str, Any]]
    format: str = FORMAT

    def to_bytes(self) -> bytes:
        """The manifest as it stands in the pack and is signed."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()


def parse_manifest(data: bytes) -> Manifest | None:
    """The manifest; None where the bytes are none of this format."""
    try:
        manifest = Manifest(**json.loads(data))
    except (ValueError, TypeError):
        return None
    return manifest if manifest.format == FORMAT else None


def file_facts(path: Path) -> dict[str, Any]:
    """SHA-256 and size of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}


def content_digest(parameters: Mapping[str, Any], code_version: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    """SHA-256 of what a pack says, whenever it was built."""
    lines = [f"{name} {facts['sha256']}" for name, facts in sorted(files.items()) if name != INDEX]
    head = json.dumps({"format": FORMAT, "parameters": parameters, "code_version": code_version}, sort_keys=True)
    return hashlib.sha256("\n".join([head, *lines]).encode()).hexdigest()
