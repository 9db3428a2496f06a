"""The feed of source `console`: what people decided about who is listed. Belongs here: its declaration. Does not: the checks."""

from expectations.columns import Feed, day, moment, text

FEEDS = (
    Feed(
        "console",
        "decisions",
        "E",
        ("decision_id",),
        (
            text("decision_id", required=True),
            text("entity_kind", required=True, values=("process", "agent")),
            text("entity_id", required=True, is_identity=True),
            text("control_id"),
            text("kind", required=True, values=("acknowledged", "planned", "acted", "waived", "dismissed", "escalated")),
            moment("decided_at", required=True, is_past=True),
            day("as_of_on", is_past=True),
            day("due_on"),
            day("expires_on"),
            text("action_kind"),
            text("reason_code"),
        ),
        # Silent for as long as nobody decides anything; no control needs it.
        max_age_days=90,
        event_column="decided_at",
        may_be_empty=True,
    ),
)
