"""The 17 feeds the simulation delivers: their columns in the contract's order, their kind and the time they sort by.

Only declarations belong here. `words` are the values a code can take; where a column's values are free in the contract
(sites, roles, entitlements), the synthetic company's own words stand here.
"""

from dataclasses import dataclass

from simulation.columns import Column

SITES = ("Manila", "Cebu", "Bogota", "Krakow")
COUNTRIES = ("PH", "PH", "CO", "PL", "RO")
ROLES = ("agent", "senior_agent", "team_lead", "quality_analyst")
PATTERNS = ("day", "evening", "night", "rotating")
TICKET_KINDS = (
    "case", "incident", "security_incident", "change", "access_request", "export_request", "remediation", "vulnerability",
    "qa_review",
)  # fmt: skip
TICKET_STATUS = ("new", "in_progress", "on_hold", "resolved", "closed", "cancelled")
STEPS = ("opened", "identity_check", "work", "quality_check", "closed", "reopened")
VERSIONS = tuple(str(number) for number in range(1, 21))
ACTIONS = ("view", "search", "export", "download", "print", "unmask", "copy_to_media", "send_external")
ENTITLEMENTS = (
    "crm.read", "crm.update", "crm.export", "crm.unmask", "payments.refund", "payments.approve", "reports.read", "desk.use",
    "admin.users",
)  # fmt: skip
LINES = (
    "card disputes", "health claims", "order support", "billing", "technical support", "back office", "retention", "fraud review",
)  # fmt: skip
CONTROLS = (
    "JML-01", "HR-02", "DATA-04", "DATA-02", "SEC-02", "ACC-02", "OPS-01", "OPS-04", "INC-01", "CUST-QA", "OPS-02", "ACC-06",
    "DATA-01", "DATA-03", "SEC-03", "JML-02", "JML-03", "ACC-04", "ACC-05", "HR-01", "HR-03", "HR-04", "SEC-01", "CHG-02",
)  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """One feed: kind S (list), V (version) or E (event), and the column its rows are sorted and dated by."""

    name: str
    kind: str
    sort_by: str
    columns: tuple[Column, ...]


def _id(name: str, prefix: str, width: int) -> Column:
    return Column(name, "id", prefix, width)


def _worker(name: str) -> Column:
    return _id(name, "W", 6)


def _process(name: str = "process_id") -> Column:
    return _id(name, "P", 3)


def _ticket(name: str = "ticket_id") -> Column:
    return _id(name, "T", 8)


def _code(name: str, *words: str) -> Column:
    return Column(name, "code", words=words)


def _many(kind: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names)


ACCOUNT, SYSTEM, CLIENT = _id("account_id", "A", 7), _id("system_id", "S", 3), _id("client_id", "C", 3)

WORKERS = Feed("workers", "S", "hire_date", (
    _worker("worker_id"), Column("email", "id", "agent", 6, "@bpo.example"),
    _code("employment_status", "active", "leave", "notice", "terminated"),
    _code("employment_type", "employee", "contractor"), _code("job_role", *ROLES), _id("team", "TEAM", 4), _code("site", *SITES),
    _code("country", *COUNTRIES), _code("shift_pattern", *PATTERNS), _worker("manager_id"),
    *_many("date", "hire_date", "resignation_date", "termination_date"),
))  # fmt: skip
PROCESSES = Feed("processes", "S", "process_id", (
    _process(), _code("name", *LINES), CLIENT, _code("site", *SITES), _code("criticality", "low", "medium", "high", "critical"),
    _code("regulated", "pci", "phi", "pii", "pci,pii"), _worker("owner_id"), _code("approved_countries", "PH", "CO", "PL,RO"),
))  # fmt: skip
ASSIGNMENTS = Feed("process_assignments", "S", "assigned_from", (
    _worker("worker_id"), _process(), *_many("date", "assigned_from", "assigned_to"),
))  # fmt: skip
TRAININGS = Feed("trainings", "V", "updated_at", (
    _worker("worker_id"), _code("course_id", "SEC-AWARENESS", "PROCESS-BASICS"), Column("scope", "id", "P", 3, null="awareness"),
    *_many("time", "assigned_at", "due_at", "completed_at", "expires_at"), Column("score", "count"), Column("updated_at", "time"),
))  # fmt: skip
SCREENINGS = Feed("screenings", "V", "updated_at", (
    _worker("worker_id"), _code("kind", "background", "reference"), _code("status", "pending", "clear", "adverse", "expired"),
    *_many("time", "completed_at", "expires_at", "updated_at"),
))  # fmt: skip
ACKNOWLEDGEMENTS = Feed("acknowledgements", "E", "signed_at", (
    _worker("worker_id"), _code("document_id", "CODE-OF-CONDUCT", "NDA", "CLEAN-DESK"), _code("version", *VERSIONS),
    Column("signed_at", "time"),
))  # fmt: skip
SHIFTS = Feed("shifts", "V", "updated_at", (
    _worker("worker_id"), *_many("time", "starts_at", "ends_at"), _code("kind", "scheduled", "overtime", "leave", "absence"),
    Column("is_approved", "flag"), Column("updated_at", "time"),
))  # fmt: skip
TICKETS = Feed("tickets", "V", "updated_at", (
    _ticket(), _code("kind", *TICKET_KINDS), _process(), _code("status", *TICKET_STATUS), Column("priority", "count"),
    Column("opened_at", "time"), _worker("opened_by"), _worker("assignee_id"),
    *_many("time", "due_at", "first_response_at", "resolved_at", "closed_at"),
    _code("close_code", "solved", "workaround", "duplicate", "no_fault"), Column("sla_met", "flag"),
    *_many("count", "reopen_count", "reassignment_count"), Column("has_evidence", "flag"), Column("customer_ref", "hash"),
    _worker("beneficiary_id"), ACCOUNT, _code("change_type", "normal", "standard", "emergency"),
    *_many("time", "planned_start_at", "actual_start_at"),
    *_many("flag", "has_risk_assessment", "has_test_plan", "has_backout_plan"),
    Column("updated_at", "time"),
))  # fmt: skip
TICKET_EVENTS = Feed("ticket_events", "E", "occurred_at", (
    _id("event_id", "N", 10), _ticket(), Column("occurred_at", "time"), _worker("actor_id"), _code("step", *STEPS),
))  # fmt: skip
APPROVALS = Feed("approvals", "E", "decided_at", (
    _ticket(), _worker("approver_id"), _code("decision", "approved", "rejected"), Column("decided_at", "time"),
))  # fmt: skip
FINDINGS = Feed("findings", "E", "occurred_at", (
    _id("finding_id", "F", 6), _code("control_id", *CONTROLS), _code("entity_kind", "agent", "process"),
    Column("entity_id", "entity"), Column("occurred_at", "time"), _code("source", "audit", "qa", "investigation", "customer"),
    _code("severity", "low", "medium", "high"),
))  # fmt: skip
SYSTEMS = Feed("systems", "S", "system_id", (
    SYSTEM, _code("name", "Desktop", "Tool", "Client application"), CLIENT, _code("regulated", "pci", "phi", "pii", "pci,pii"),
))  # fmt: skip
ACCOUNTS = Feed("accounts", "S", "account_id", (
    ACCOUNT, _worker("worker_id"), SYSTEM, _code("kind", "personal", "service", "shared", "break_glass"),
    Column("is_enabled", "flag"),
    *_many("time", "created_at", "disabled_at"), Column("is_mfa_enrolled", "flag"),
))  # fmt: skip
GRANTS = Feed("entitlements", "S", "account_id", (
    ACCOUNT, _code("entitlement", *ENTITLEMENTS), Column("is_privileged", "flag"), CLIENT,
    *_many("time", "granted_at", "revoked_at"),
    _ticket("request_ticket_id"), Column("approved_until", "date"),
))  # fmt: skip
AUTH = Feed("auth_events", "E", "occurred_at", (
    _id("event_id", "E", 10), Column("occurred_at", "time"), ACCOUNT, SYSTEM, _code("outcome", "success", "failure"),
    Column("is_mfa", "flag"), _code("country", *COUNTRIES), _code("site", *SITES), _id("device_id", "DEV", 6),
    Column("is_managed_device", "flag"),
))  # fmt: skip
DATA = Feed("data_access_events", "E", "occurred_at", (
    _id("event_id", "D", 10), Column("occurred_at", "time"), ACCOUNT, SYSTEM, _code("action", *ACTIONS),
    Column("records", "count"), Column("customer_ref", "hash"), _ticket(),
))  # fmt: skip
REVIEWS = Feed("access_review_items", "V", "updated_at", (
    _id("campaign_id", "CAMP", 4), _id("item_id", "I", 8), ACCOUNT, _code("entitlement", *ENTITLEMENTS), Column("due_at", "time"),
    _worker("reviewer_id"), _code("decision", "keep", "revoke"), *_many("time", "decided_at", "executed_at", "updated_at"),
))  # fmt: skip

FEEDS = {feed.name: feed for feed in (
    WORKERS, PROCESSES, ASSIGNMENTS, TRAININGS, SCREENINGS, ACKNOWLEDGEMENTS, SHIFTS, TICKETS, TICKET_EVENTS, APPROVALS, FINDINGS,
    SYSTEMS, ACCOUNTS, GRANTS, AUTH, DATA, REVIEWS,
)}  # fmt: skip
EVENT_COUNTERS = ("ticket_events", "findings", "auth_events", "data_access_events")
