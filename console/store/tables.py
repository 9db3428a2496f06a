"""Every table of the store, so that importing this module knows the whole schema.

Belongs here: the list. Does not: any table.
"""

from console.store.audit_log import Entry
from console.store.base import Base
from console.store.decisions import Answer, Decision
from console.store.own_records import Contest, RecordLink
from console.store.reveals import Reveal
from console.store.sessions import FailedLogIn, Link, LogIn, ProviderLogIn
from console.store.tokens import Token
from console.store.users import User

__all__ = [
    "Answer", "Base", "Contest", "Decision", "Entry", "FailedLogIn", "Link", "LogIn", "ProviderLogIn", "RecordLink", "Reveal",
    "Token", "User",
]  # fmt: skip
