"""The six access feeds of source `canonical`. Belongs here: their declaration. Does not: the checks."""

from expectations.columns import Column, Feed, Pair, Reference, count, day, flag, moment, text

ACCOUNT = Reference("account_id", "accounts", "account_id")


def _account() -> Column:
    return text("account_id", required=True, is_identity=True)


FEEDS = (
    Feed(
        "canonical",
        "systems",
        "S",
        ("system_id",),
        (
            text("system_id", required=True),
            text("name"),
            text("client_id"),
            text("regulated"),
            day("snapshot_on", is_past=True),
        ),
        max_age_days=30,
        has_steady_volume=True,
    ),
    Feed(
        "canonical",
        "accounts",
        "S",
        ("account_id",),
        (
            _account(),
            text("worker_id", is_identity=True),
            text("system_id", required=True),
            text("kind", required=True, values=("personal", "service", "shared", "break_glass")),
            flag("is_enabled", required=True),
            moment("created_at", required=True, is_past=True),
            moment("disabled_at"),
            flag("is_mfa_enrolled"),
            day("snapshot_on", is_past=True),
        ),
        max_age_days=7,
        pairs=(Pair("created_at", "disabled_at"),),
        references=(Reference("worker_id", "workers", "worker_id"), Reference("system_id", "systems", "system_id")),
        has_steady_volume=True,
    ),
    Feed(
        "canonical",
        "entitlements",
        "S",
        ("account_id", "entitlement"),
        (
            _account(),
            text("entitlement", required=True),
            flag("is_privileged"),
            text("client_id"),
            moment("granted_at", required=True, is_past=True),
            moment("revoked_at"),
            text("request_ticket_id"),
            day("approved_until"),
            day("snapshot_on", is_past=True),
        ),
        max_age_days=7,
        pairs=(Pair("granted_at", "revoked_at"),),
        references=(ACCOUNT,),
        has_steady_volume=True,
    ),
    Feed(
        "canonical",
        "auth_events",
        "E",
        ("event_id",),
        (
            text("event_id", required=True),
            moment("occurred_at", required=True, is_past=True),
            _account(),
            text("system_id"),
            text("outcome", required=True, values=("success", "failure")),
            flag("is_mfa"),
            text("country"),
            text("site"),
            text("device_id", is_identity=True),
            flag("is_managed_device"),
        ),
        max_age_days=0,
        event_column="occurred_at",
        references=(ACCOUNT,),
        has_steady_volume=True,
    ),
    Feed(
        "canonical",
        "data_access_events",
        "E",
        ("event_id",),
        (
            text("event_id", required=True),
            moment("occurred_at", required=True, is_past=True),
            _account(),
            text("system_id"),
            text(
                "action",
                required=True,
                values=("view", "search", "export", "download", "print", "unmask", "copy_to_media", "send_external"),
            ),
            count("records"),
            text("customer_ref", is_identity=True),
            text("ticket_id"),
        ),
        max_age_days=0,
        event_column="occurred_at",
        references=(ACCOUNT,),
        has_steady_volume=True,
    ),
    Feed(
        "canonical",
        "access_review_items",
        "V",
        ("campaign_id", "item_id"),
        (
            text("campaign_id", required=True),
            text("item_id", required=True),
            _account(),
            text("entitlement"),
            moment("due_at", required=True),
            text("reviewer_id", is_identity=True),
            text("decision", values=("keep", "revoke")),
            moment("decided_at", is_past=True),
            moment("executed_at", is_past=True),
            moment("updated_at", required=True, is_past=True),
        ),
        # Between the campaigns of a quarter there is nothing to deliver.
        max_age_days=100,
        updated_column="updated_at",
        references=(ACCOUNT,),
        may_be_empty=True,
    ),
)
