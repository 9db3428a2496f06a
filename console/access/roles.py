"""Who may do what: permissions, roles, and the part of the company a person may see.

Belongs here: the matrix of roles and permissions, and the scope. Does not: how a request proves who it is (permissions.py), or
users (users.py).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Permission(StrEnum):
    """What a route asks for; every route asks for exactly one."""

    PUBLIC = "public"  # nobody need be logged in: the log-in itself, style sheets
    OWN_ACCOUNT = "own_account"  # whoever is logged in
    READ_RESULTS = "read_results"  # lists, entities, controls, forecasts, data, runs
    READ_EVIDENCE = "read_evidence"
    READ_DECISIONS = "read_decisions"
    DECIDE = "decide"
    APPROVE_WAIVERS = "approve_waivers"
    REQUEST_REVEALS = "request_reveals"
    APPROVE_REVEALS = "approve_reveals"
    ISSUE_OWN_RECORDS = "issue_own_records"  # a worker's own record, and the answer to what the worker contests in it
    READ_AUDIT_LOG = "read_audit_log"
    MANAGE_USERS = "manage_users"
    MANAGE_TOKENS = "manage_tokens"


class Role(StrEnum):
    """What a person is to the console; one each, so that separate duties are separate accounts."""

    VIEWER = "viewer"
    OPERATIONS = "operations"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


_P = Permission
_READER = frozenset({_P.PUBLIC, _P.OWN_ACCOUNT, _P.READ_RESULTS, _P.READ_EVIDENCE, _P.READ_DECISIONS})

# An admin hands out roles but neither decides nor learns who an agent is; the privacy officer says yes to a reveal of somebody
# else, operations to a waiver of somebody else. An auditor sees evidence and the audit log of a period, nothing else.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _READER,
    Role.OPERATIONS: _READER | {_P.DECIDE, _P.APPROVE_WAIVERS, _P.REQUEST_REVEALS},
    Role.PRIVACY_OFFICER: _READER
    | {_P.APPROVE_WAIVERS, _P.REQUEST_REVEALS, _P.APPROVE_REVEALS, _P.ISSUE_OWN_RECORDS, _P.READ_AUDIT_LOG},
    Role.AUDITOR: frozenset({_P.PUBLIC, _P.OWN_ACCOUNT, _P.READ_EVIDENCE, _P.READ_AUDIT_LOG}),
    Role.ADMIN: _READER | {_P.READ_AUDIT_LOG, _P.MANAGE_USERS, _P.MANAGE_TOKENS},
}


@dataclass(frozen=True)
class Scope:
    """The clients and sites a person may see.

    Args:
        clients: client ids; None = all of them.
        sites: sites; None = all of them.
    """

    clients: frozenset[str] | None = None
    sites: frozenset[str] | None = None

    @property
    def is_everything(self) -> bool:
        return self.clients is None and self.sites is None


@dataclass(frozen=True)
class Period:
    """First and last day, both included; None = open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Person:
    """Who a request comes from: a logged-in user, or an API token.

    Args:
        user_id: id of the user; None for an API token.
        name: log-in name, or `token:<name>`; this is what the audit log says.
        scope: what part of the company the person may see.
        period: the days an auditor may see evidence and audit log of; open for everybody else.
        csrf: what every form must send back; empty for an API token, which has no forms.
        permissions: what the person may do.
    """

    user_id: int | None
    name: str
    role: Role | None
    scope: Scope
    period: Period
    csrf: str
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
