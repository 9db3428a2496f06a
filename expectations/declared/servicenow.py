"""The incident log as ServiceNow exports it, its own columns and dialect.

Belongs here: what every row must have to be placed in time, and the allowed states. Does not: the mapping to tickets (dbt
staging). Columns are judged mildly on purpose: outcome columns stand on every row of a closed case in this export, so no rule
compares them with the row's own time.
"""

from expectations.columns import Column, Feed, count, flag, moment, text

# 2026-11-24: `-100` is ServiceNow's code of a state without a label; 5 rows of the full public log have it.
STATES = (
    "New",
    "Active",
    "Awaiting User Info",
    "Awaiting Problem",
    "Awaiting Vendor",
    "Awaiting Evidence",
    "Resolved",
    "Closed",
    "-100",
)


def _person(name: str) -> Column:
    return text(name, is_identity=True)


FEEDS = (
    Feed(
        "servicenow",
        "incident_event_log",
        "V",
        ("number", "sys_mod_count"),
        (
            text("number", required=True),
            text("incident_state", required=True, values=STATES),
            flag("active"),
            count("reassignment_count"),
            count("reopen_count"),
            count("sys_mod_count", required=True),
            flag("made_sla"),
            _person("caller_id"),
            _person("opened_by"),
            moment("opened_at", required=True),
            _person("sys_created_by"),
            moment("sys_created_at"),
            _person("sys_updated_by"),
            moment("sys_updated_at", required=True, is_past=True),
            text("contact_type"),
            text("location"),
            text("category"),
            text("subcategory"),
            text("u_symptom"),
            text("cmdb_ci"),
            text("impact"),
            text("urgency"),
            text("priority"),
            text("assignment_group"),
            _person("assigned_to"),
            flag("knowledge"),
            flag("u_priority_confirmation"),
            text("notify"),
            text("problem_id"),
            text("rfc"),
            text("vendor"),
            text("caused_by"),
            text("closed_code"),
            _person("resolved_by"),
            moment("resolved_at"),
            moment("closed_at"),
        ),
        max_age_days=3,
        updated_column="sys_updated_at",
        is_day_first=True,
        null_tokens=("", "?"),
        stores_nulls=False,
    ),
)
