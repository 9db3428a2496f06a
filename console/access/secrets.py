"""Secrets that are shown once: session cookies, one-time links, API tokens. The store keeps their digest.

Belongs here: making and digesting. Does not: passwords, which people choose (passwords.py).
"""

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    """256 random bits in URL-safe characters."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """SHA-256 in hex. No salt: the secret has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
