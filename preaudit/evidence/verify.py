"""Verification: does a pack, or a chain of packs, say exactly what was signed, and what does that prove?

Belongs here: every check an auditor needs, without a warehouse and without the private key, and the words for what was trusted.
Does not: printing (console/), or anything that changes a file.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from preaudit.errors import PreauditError
from preaudit.evidence.chain import CHAIN, Link, read_chain
from preaudit.evidence.container import read_container
from preaudit.evidence.keys import fingerprint, is_signed_by, public_pem, read_public_key
from preaudit.evidence.manifest import MANIFEST, OUTSIDE, PUBLIC_KEY, SIGNATURE, Manifest, parse_manifest


@dataclass(frozen=True)
class Verification:
    """The outcome.

    Attributes:
        problems: what differs from what was signed, one sentence each; empty where nothing does.
        trust: what the outcome proves and what not, one sentence each.
        packs: how many packs were looked at.
        head: digest of the last manifest, to be noted by whoever wants to recognise this chain later.
    """

    problems: list[str]
    trust: list[str]
    packs: int
    head: str | None


@dataclass
class _Checked:
    """What is known of one pack; `manifest` is None where it cannot be relied on."""

    problems: list[str] = field(default_factory=list)
    manifest: Manifest | None = None
    manifest_sha256: str | None = None
    key: Ed25519PublicKey | None = None


def verify(target: Path, public_key: bytes | None = None, head: str | None = None) -> Verification:
    """Verify a zip, an unpacked pack, or a folder with a chain of packs.

    Args:
        public_key: PEM of the key that must have signed; else the key that stands in the pack is taken.
        head: manifest digest noted earlier; the chain must still hold it.

    Raises:
        PreauditError: there is nothing to verify, or the given key is no Ed25519 public key.
    """
    given = read_public_key(public_key) if public_key is not None else None
    if public_key is not None and given is None:
        raise PreauditError(
            "The given key is no Ed25519 public key.",
            where="--public-key",
            remedy="Give the file evidence.pub of the installation.",
        )
    if target.is_dir() and (target / CHAIN).is_file():
        return _verify_chain(target, given, head)
    checked = _check_lone(target, given)
    problems = [*checked.problems, *_place_in_chain(target, checked, given)]
    if head is not None and checked.manifest_sha256 != head:
        problems.append(f"the manifest is not the one noted as {head}")
    return Verification(
        problems, _trust(checked.key, given, checked.manifest_sha256 is not None, is_chain=False), 1, checked.manifest_sha256
    )


def _verify_chain(folder: Path, given: Ed25519PublicKey | None, head: str | None) -> Verification:
    try:
        chain = read_chain(folder)
    except PreauditError as error:
        return Verification([str(error)], _trust(None, given, is_signed=False, is_chain=True), 0, None)
    problems: list[str] = [] if chain else ["the chain names no pack"]
    key, previous, is_signed = given, None, True
    for number, link in enumerate(chain, start=1):
        checked = _Checked([f"{link.pack} is missing"])
        if (path := folder / Path(link.pack).name).is_file():
            data = path.read_bytes()
            checked = _check_zip(data, key)
            key = key or checked.key
            if hashlib.sha256(data).hexdigest() != link.pack_sha256 or len(data) != link.pack_bytes:
                checked.problems.append("the zip is not the one that the chain names")
        is_signed = is_signed and checked.manifest_sha256 is not None
        found = [*checked.problems, *_check_link(link, checked, key)]
        if link.number != number or link.previous_manifest_sha256 != previous:
            found.append(f"the chain is broken before it (number {number} is due): a pack was removed, added or moved")
        problems += [f"pack {link.number} ({link.pack}): {problem}" for problem in found]
        previous = link.manifest_sha256
    named = {link.pack for link in chain}
    problems += [f"{path.name} is not in the chain" for path in sorted(folder.glob("*.zip")) if path.name not in named]
    if head is not None and head not in {link.manifest_sha256 for link in chain}:
        problems.append(f"the chain no longer holds the manifest noted as {head}")
    return Verification(problems, _trust(key, given, is_signed, is_chain=True), len(chain), previous)


def _check_lone(target: Path, given: Ed25519PublicKey | None) -> _Checked:
    if target.is_file():
        return _check_zip(target.read_bytes(), given)
    if not (target / MANIFEST).is_file():
        raise PreauditError(
            "There is no evidence pack and no chain of packs.",
            where=str(target),
            remedy=f"Name a pack (.zip), a folder with {CHAIN}, or the folder a pack was unpacked into (with {MANIFEST}).",
        )
    files = {path.relative_to(target).as_posix(): path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()}
    return _check_files(files, given)


def _check_zip(data: bytes, given: Ed25519PublicKey | None) -> _Checked:
    files, problems = read_container(data)
    if not files:
        return _Checked(problems or ["the zip is empty"])
    checked = _check_files(files, given)
    checked.problems[:0] = problems
    return checked


def _check_files(files: dict[str, bytes], given: Ed25519PublicKey | None) -> _Checked:
    checked = _Checked()
    missing = sorted(OUTSIDE - files.keys())
    if missing:
        checked.problems += [f"{name} is missing" for name in missing]
        return checked
    words, own = files[MANIFEST], read_public_key(files[PUBLIC_KEY])
    if own is None or public_pem(own) != files[PUBLIC_KEY]:
        checked.problems.append(f"{PUBLIC_KEY} is not a key as it was written")
    elif given is not None and fingerprint(own) != fingerprint(given):
        checked.problems.append("the key in the pack is another than the one it should be signed with")
    checked.key = given or own
    signature = files[SIGNATURE].decode("latin-1")
    if checked.key is None or not signature.endswith("\n") or not is_signed_by(checked.key, signature[:-1], words):
        checked.problems.append(f"the signature of {MANIFEST} is wrong: it was changed, or signed with another key")
        return checked
    checked.manifest, checked.manifest_sha256 = parse_manifest(words), hashlib.sha256(words).hexdigest()
    if checked.manifest is None:
        checked.problems.append(f"{MANIFEST} is of a format this version does not know")
        return checked
    checked.problems += _compare(files, checked.manifest, own)
    return checked


def _compare(files: dict[str, bytes], manifest: Manifest, own: Ed25519PublicKey | None) -> list[str]:
    present, listed = files.keys() - OUTSIDE, manifest.files
    problems = [f"{name} is missing" for name in sorted(listed.keys() - present)]
    problems += [f"{name} was added" for name in sorted(present - listed.keys())]
    problems += [
        f"{name} was changed"
        for name in sorted(present & listed.keys())
        if {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])} != listed[name]
    ]
    if own is not None and manifest.public_key_sha256 != fingerprint(own):
        problems.append("the manifest names another public key than the one in the pack")
    return problems


def _check_link(link: Link, checked: _Checked, key: Ed25519PublicKey | None) -> list[str]:
    problems = []
    if key is None or not link.is_signed_by(key):
        problems.append("the signature of its line in the chain is wrong")
    manifest = checked.manifest
    if manifest is not None and (
        checked.manifest_sha256 != link.manifest_sha256
        or (manifest.number, manifest.previous_manifest_sha256) != (link.number, link.previous_manifest_sha256)
    ):
        problems.append("its manifest is not the one that the chain names")
    return problems


def _place_in_chain(target: Path, checked: _Checked, given: Ed25519PublicKey | None) -> list[str]:
    """A lone zip beside a chain must be the one that the chain names."""
    if not target.is_file() or not (target.parent / CHAIN).is_file() or checked.key is None:
        return []
    data = target.read_bytes()
    link = next((link for link in read_chain(target.parent) if link.pack == target.name), None)
    if link is None:
        return ["the chain beside it does not name it"]
    problems = _check_link(link, checked, given or checked.key)
    if hashlib.sha256(data).hexdigest() != link.pack_sha256:
        problems.append("the zip is not the one that the chain beside it names")
    return problems


def _trust(key: Ed25519PublicKey | None, given: Ed25519PublicKey | None, is_signed: bool, *, is_chain: bool) -> list[str]:
    used = given or key
    if used is not None and not is_signed:
        whose = "you gave" if given is not None else "that stands in the pack"
        trust = [f"Checked with the public key {whose} (SHA-256 {fingerprint(used)}): not everything bears its signature."]
    elif given is not None:
        trust = [f"Checked with the public key you gave (SHA-256 {fingerprint(given)}): its owner signed."]
    elif key is not None:
        trust = [
            f"Checked with the public key that stands in the pack (SHA-256 {fingerprint(key)}): this shows that nothing changed"
            " since somebody signed, not who signed. Compare that digest with the one you were told, or give --public-key."
        ]
    else:
        trust = ["No public key could be read, so nothing is proven."]
    if is_chain:
        trust.append(
            "The chain shows packs that were changed, removed or exchanged before its last one. That its end was not cut off"
            " shows only by a digest noted earlier (--head)."
        )
    else:
        trust.append("A pack by itself does not show which other packs there were: verify the folder with its chain for that.")
    return trust
