"""The published tables of monitoring: the model's state, what came of past lists, and what people decided.

Belongs here: their part of the allow-list. Does not: the other tables (published_tables.py).
"""

from preaudit.published_table import PublishedTable, names

MONITORING_TABLES = (
    PublishedTable(
        name="model_monitoring",
        relation="marts.mart_model_monitoring",
        columns=names("as_of_on entity_kind measure name value limit_value is_ok detail"),
        key=names("entity_kind measure name"),
        window="as_of_on = $as_of",
    ),
    PublishedTable(
        name="list_outcomes",
        relation="marts.mart_list_outcomes",
        columns=names(
            "as_of_on entity_kind origin horizon_days ranked_by list_size expected matured failed rule_failed intervened",
            "intervened_failed",
        ),
        key=names("entity_kind origin as_of_on"),
        window="as_of_on <= $as_of",
    ),
    PublishedTable(
        name="decisions",
        relation="marts.fct_decisions",
        columns=names(
            "decision_id entity_kind entity_id control_id kind decided_at as_of_on due_on expires_on action_kind reason_code",
        ),
        key=names("decided_at decision_id"),
        window="known_on <= $as_of",
        text=names("decision_id action_kind reason_code"),
    ),
)
