"""The Ed25519 key that packs are signed with: made once, kept in the home folder, its public half beside it.

Belongs here: making, reading and naming keys, signing and checking a signature.
Does not: what is signed (manifest.py, chain.py), or whom a verifier should trust (verify.py says it in words).
"""

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from preaudit.errors import PreauditError
from preaudit.settings import Settings

PRIVATE_KEY, PUBLIC_KEY = "evidence.key", "evidence.pub"
FOR_OTHERS = 0o077


def load_signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The key under `<home>/evidence.key`, made at first use and readable by its owner only; `evidence.pub` stands beside it.

    Raises:
        PreauditError: the file is no Ed25519 key, or others may read it.
    """
    path = settings.home / PRIVATE_KEY
    if not path.exists():
        _create_key(path)
    if path.stat().st_mode & FOR_OTHERS:
        raise PreauditError(
            "The signing key can be read by others, so its signatures would prove nothing.",
            where=str(path),
            remedy=f"Take their rights away (chmod 600). If somebody may have copied it: {_NEW_KEY}",
        )
    key = _parsed(path)
    public = settings.home / PUBLIC_KEY
    words = public_pem(key.public_key())
    if not public.exists() or public.read_bytes() != words:
        public.write_bytes(words)
    return key


def read_public_key(pem: bytes) -> Ed25519PublicKey | None:
    """The Ed25519 public key in PEM form; None where the bytes are none."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as PEM (SubjectPublicKeyInfo)."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the 32 raw bytes of the public key, in hexadecimal digits: what two people compare."""
    return hashlib.sha256(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)).hexdigest()


def is_signed_by(key: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    """Whether the signature (128 small hexadecimal digits, no other spelling) is the key's, over exactly this message."""
    try:
        raw = bytes.fromhex(signature)
        key.verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return raw.hex() == signature


_NEW_KEY = "move the key and the folder evidence/ away together; the next build makes both anew."


def _parsed(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path)
    return key


def _no_key(path: Path) -> PreauditError:
    return PreauditError(
        "This is no Ed25519 private key.", where=str(path), remedy=f"Put it back from a backup. If it is lost: {_NEW_KEY}"
    )


def _create_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(
                Ed25519PrivateKey.generate().private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
            file.flush()
            os.fsync(file.fileno())
        # A link refuses an existing name, so of two processes the first one's key stays.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
