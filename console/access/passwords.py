"""Passwords of local users: Argon2id, with the library's parameters.

Belongs here: hashing, checking, and which passwords are refused. Does not: counting failed attempts (log_in.py).
"""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from preaudit.errors import PreauditError

SHORTEST = (
    12  # NIST SP 800-63B-4 asks for 15 where the password stands alone, 8 beside a second factor; 12 with a limit on attempts
)
LONGEST = 200  # longer ones only cost time to hash

_HASHER = PasswordHasher()
# One hash takes 64 MiB: so many log-ins at a time are checked, the rest wait, so that nobody fills the memory from outside.
_PLACES = threading.BoundedSemaphore(4)
# Checked where there is no such user, so that the time of the answer does not tell.
_NOBODY = _HASHER.hash("nobody has this password")


def hashed(password: str, name: str) -> str:
    """The password's hash, for the store.

    Raises:
        PreauditError: it is too short, too long, or contains the user's name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PreauditError(f"The password has {len(password)} characters; it needs {SHORTEST} to {LONGEST}.")
    if name and name in password.lower():
        raise PreauditError("The password contains the user name.")
    if len(set(password)) < 5:
        raise PreauditError("The password repeats a few characters.")
    with _PLACES:
        return _HASHER.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash; takes as long where there is no hash."""
    try:
        with _PLACES:
            _HASHER.verify(password_hash or _NOBODY, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
