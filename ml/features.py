"""The catalogue of model inputs: what each feature is called, what it says to a person, and which family it belongs to.

Belongs here: one row per feature, in the column order of the marts `ftr_agent_pairs` and `ftr_process_pairs`.
Does not: how a feature is computed (dbt_project/models), or what a model makes of it (ml/training.py, ml/explanation.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

EntityKind = Literal["agent", "process"]

KEY_COLUMNS = ("as_of_on", "entity_id", "control_id")
SLICE_COLUMNS = ("slice_site", "slice_tenure_band", "slice_employment_type", "slice_shift", "slice_size_band")

FAMILIES: dict[str, str] = {
    "past_failures": "past failures",
    "control": "how often this control fails anywhere",
    "countdown": "limits about to run out",
    "training": "overdue training",
    "log_in": "log-in habits",
    "data_use": "data viewed and exported",
    "access_held": "access held",
    "workload": "workload",
    "quality": "quality of ticket work",
    "tenure": "tenure and change",
    "team": "team and process",
}


@dataclass(frozen=True)
class Feature:
    """One model input. All values are Float64; NaN means "not known", never zero.

    Attributes:
        name: column of the mart.
        entity_kind: "agent" or "process": whose model reads it.
        family: key of `FAMILIES`.
        sentence: what the number is, readable after "because of".
        direction: monotone constraint (1 more is riskier, -1 less), 0 where an argument is possible.
        is_actionable: a manager can move it within weeks.
        unit: days, count, ratio, minutes, log ratio, level or flag.
    """

    name: str
    entity_kind: EntityKind
    family: str
    sentence: str
    direction: Literal[-1, 0, 1]
    is_actionable: bool
    unit: str


# name, family, unit, is_actionable, sentence
_AGENT = (
    ("tenure_days", "tenure", "days", False, "days since hiring"),
    ("is_on_notice", "tenure", "flag", False, "is serving notice"),
    ("is_contractor", "tenure", "flag", False, "is a contractor"),
    ("days_since_process_change", "tenure", "days", False, "days since the move to this process"),
    ("has_regulated_process", "team", "flag", False, "works on a process with regulated data"),
    ("accounts_held", "access_held", "count", True, "enabled accounts"),
    ("entitlements_held", "access_held", "count", True, "entitlements held"),
    ("privileged_entitlements", "access_held", "count", True, "privileged entitlements held"),
    ("earlier_process_entitlements", "access_held", "count", True, "entitlements kept from earlier processes"),
    ("accounts_without_mfa", "access_held", "count", True, "accounts not enrolled for a second factor"),
    ("days_since_last_login_max", "access_held", "days", True, "days since the least used account was used"),
    ("logins_28d", "log_in", "count", False, "log-ins in 28 days"),
    ("failed_logins_7d", "log_in", "count", False, "failed log-ins in 7 days"),
    ("failed_login_ratio_28d", "log_in", "ratio", False, "share of log-ins that failed in 28 days"),
    ("logins_without_mfa_28d", "log_in", "count", True, "log-ins without a second factor in 28 days"),
    ("logins_without_mfa_ratio_28d", "log_in", "ratio", True, "share of log-ins without a second factor in 28 days, shrunk"),
    ("logins_off_shift_28d", "log_in", "count", True, "log-ins outside the shift in 28 days"),
    ("logins_off_shift_peer_deviation_28d", "log_in", "log ratio", False, "log-ins outside the shift against peers"),
    ("logins_unmanaged_device_28d", "log_in", "count", True, "log-ins from unmanaged devices in 28 days"),
    ("logins_trend_28d", "log_in", "ratio", False, "log-ins per working day, 28 days against own 90 days"),
    ("records_viewed_28d", "data_use", "count", False, "records viewed in 28 days"),
    ("records_viewed_trend_7d", "data_use", "ratio", False, "records viewed per working day, 7 days against own 28 days"),
    ("records_viewed_peer_deviation_28d", "data_use", "log ratio", False, "records viewed against peers"),
    ("records_exported_1d", "data_use", "count", False, "records exported on the day itself"),
    ("records_exported_28d", "data_use", "count", True, "records exported in 28 days"),
    ("events_off_shift_28d", "data_use", "count", True, "data events outside the shift in 28 days"),
    ("events_without_ticket_ratio_28d", "data_use", "ratio", True, "share of data events without a ticket in 28 days"),
    ("tickets_finished_28d", "workload", "count", False, "tickets finished in 28 days"),
    ("tickets_finished_peer_deviation_28d", "workload", "log ratio", False, "tickets finished against peers"),
    ("breached_ratio_28d", "quality", "ratio", False, "share of tickets past their service level in 28 days, shrunk"),
    ("reopened_ratio_28d", "quality", "ratio", False, "share of tickets reopened in 28 days, shrunk"),
    ("without_evidence_ratio_28d", "quality", "ratio", True, "share of tickets closed without evidence in 28 days, shrunk"),
    ("backlog_open", "workload", "count", True, "tickets open"),
    ("overtime_minutes_7d", "workload", "minutes", True, "minutes of overtime in 7 days"),
    ("overtime_minutes_28d", "workload", "minutes", True, "minutes of overtime in 28 days"),
    ("trainings_overdue", "training", "count", True, "trainings past their due date"),
    ("days_until_training_due", "training", "days", True, "days until the next training is due"),
    ("entity_exceptions_28d", "past_failures", "count", False, "failures of any control in 28 days"),
    ("entity_exceptions_90d", "past_failures", "count", False, "failures of any control in 90 days"),
    ("days_since_any_failure", "past_failures", "days", False, "days since the last failure of any control"),
    ("process_headcount", "team", "count", False, "people on the process"),
    ("process_headcount_change_28d", "team", "ratio", False, "change of the process's headcount in 28 days"),
    ("process_vacancy_ratio_90d", "team", "ratio", True, "share of the process's places left vacant, against 90 days' highest"),
    ("process_overtime_per_head_28d", "team", "minutes", True, "overtime per person on the process in 28 days"),
    ("process_exceptions_per_head_28d", "team", "ratio", False, "failures per person on the process in 28 days"),
    ("process_new_staff_ratio", "team", "ratio", False, "share of the process's people hired in the last 90 days"),
)

_PROCESS = (
    ("headcount", "team", "count", False, "people on the process"),
    ("headcount_change_28d", "team", "ratio", False, "change of headcount in 28 days"),
    ("vacancy_ratio_90d", "team", "ratio", True, "share of places left vacant, against the highest headcount in 90 days"),
    ("turnover_28d", "tenure", "ratio", False, "share of the people of 28 days ago who are gone"),
    ("turnover_90d", "tenure", "ratio", False, "share of the people of 90 days ago who are gone"),
    ("new_staff_ratio", "tenure", "ratio", False, "share of people hired in the last 90 days"),
    ("median_tenure_days", "tenure", "days", False, "median days since hiring"),
    ("notice_ratio", "tenure", "ratio", False, "share of people serving notice"),
    ("contractor_ratio", "tenure", "ratio", False, "share of contractors"),
    ("criticality_level", "team", "level", False, "criticality of the process, 0 low to 3 critical"),
    ("is_regulated", "team", "flag", False, "handles regulated data"),
    ("overtime_per_head_7d", "workload", "minutes", True, "overtime per person in 7 days"),
    ("overtime_per_head_28d", "workload", "minutes", True, "overtime per person in 28 days"),
    ("overtime_trend_7d", "workload", "ratio", True, "overtime of 7 days against its own 28 days"),
    ("backlog_open", "workload", "count", True, "tickets open"),
    ("backlog_per_head", "workload", "ratio", True, "tickets open per person"),
    ("backlog_change_28d", "workload", "ratio", True, "change of open tickets in 28 days"),
    ("tickets_finished_28d", "workload", "count", False, "tickets finished in 28 days"),
    ("breached_ratio_7d", "quality", "ratio", False, "share of tickets past their service level in 7 days"),
    ("breached_ratio_28d", "quality", "ratio", False, "share of tickets past their service level in 28 days, shrunk"),
    ("reopened_ratio_28d", "quality", "ratio", False, "share of tickets reopened in 28 days, shrunk"),
    ("without_evidence_ratio_28d", "quality", "ratio", True, "share of tickets closed without evidence in 28 days, shrunk"),
    ("reassigned_ratio_28d", "quality", "ratio", False, "tickets handed on per ticket finished in 28 days"),
    ("logins_28d", "log_in", "count", False, "log-ins in 28 days"),
    ("logins_without_mfa_ratio_28d", "log_in", "ratio", True, "share of log-ins without a second factor in 28 days, shrunk"),
    ("logins_off_shift_ratio_28d", "log_in", "ratio", True, "share of log-ins outside the shift in 28 days"),
    ("records_exported_per_head_28d", "data_use", "count", True, "records exported per person in 28 days"),
    ("events_without_ticket_ratio_28d", "data_use", "ratio", True, "share of data events without a ticket in 28 days"),
    ("privileged_entitlements_per_head", "access_held", "ratio", True, "privileged entitlements per person"),
    ("earlier_process_entitlements_per_head", "access_held", "ratio", True, "entitlements of earlier processes kept per person"),
    ("trainings_overdue_per_head", "training", "ratio", True, "trainings past their due date, per person"),
    ("entity_exceptions_28d", "past_failures", "count", False, "failures of any control in 28 days"),
    ("entity_exceptions_90d", "past_failures", "count", False, "failures of any control in 90 days"),
    ("days_since_any_failure", "past_failures", "days", False, "days since the last failure of any control"),
    ("staff_exceptions_per_head_28d", "past_failures", "ratio", False, "failures of its people in 28 days, per person"),
)

_PAIR = (
    ("exceptions_7d", "past_failures", "count", False, "failures of this control in 7 days"),
    ("exceptions_28d", "past_failures", "count", False, "failures of this control in 28 days"),
    ("exceptions_90d", "past_failures", "count", False, "failures of this control in 90 days"),
    ("days_since_last_failure", "past_failures", "days", False, "days since this control last failed"),
    ("exception_ratio_28d", "past_failures", "ratio", False, "failures of this control per tested item in 28 days"),
    ("pair_rate_shrunk", "past_failures", "ratio", False, "chance of a failure within the horizon, from own 90 days alone"),
    ("peer_rate_shrunk", "team", "ratio", False, "chance of a failure within the horizon, from peers' 90 days alone"),
    ("control_base_ratio", "control", "ratio", False, "share of all pairs that failed this control within the horizon so far"),
    ("exposure_28d", "workload", "count", False, "chances to fail this control in 28 days"),
    ("severity_weight", "control", "level", False, "severity of the control"),
    ("is_state_control", "control", "flag", False, "the control looks at a state, not at events"),
    ("days_until_limit", "countdown", "days", True, "days until this control's limit runs out if nobody acts"),
    ("is_foreseeable", "countdown", "flag", True, "this control's limit runs out within the horizon if nobody acts"),
)

_CONTROLS: dict[EntityKind, tuple[str, ...]] = {
    "agent": (
        "JML-01",
        "JML-02",
        "JML-03",
        "ACC-02",
        "ACC-04",
        "ACC-05",
        "ACC-06",
        "DATA-01",
        "DATA-02",
        "DATA-03",
        "DATA-04",
        "HR-01",
        "HR-02",
        "HR-03",
        "HR-04",
        "CHG-02",
        "OPS-01",
        "OPS-02",
        "OPS-04",
        "SEC-01",
        "SEC-02",
        "SEC-03",
    ),
    "process": (
        "JML-01",
        "JML-02",
        "JML-03",
        "ACC-01",
        "ACC-02",
        "ACC-03",
        "ACC-06",
        "DATA-01",
        "DATA-03",
        "HR-03",
        "CHG-01",
        "CHG-02",
        "CHG-03",
        "CHG-04",
        "INC-01",
        "OPS-01",
        "OPS-02",
        "OPS-03",
        "OPS-04",
        "SEC-01",
        "SEC-02",
        "SEC-03",
        "SEC-04",
        "SEC-05",
    ),
}

# Beyond argument only: with everything else equal, more of these cannot make a failure less likely.
_DIRECTIONS: dict[str, Literal[-1, 0, 1]] = {"exceptions_28d": 1, "control_base_ratio": 1, "is_foreseeable": 1}


def features(entity_kind: EntityKind) -> tuple[Feature, ...]:
    """Every input of one kind's model: the entity's own features, the pair's, then the control flags.

    Returns:
        Features in the column order of `ftr_agent_pairs` or `ftr_process_pairs`, after the key and slice columns.
    """
    own = _AGENT if entity_kind == "agent" else _PROCESS
    flags = (
        (f"is_control_{control_id.lower().replace('-', '_')}", "control", "flag", False, f"the control is {control_id}")
        for control_id in _CONTROLS[entity_kind]
    )
    return tuple(_rows(entity_kind, (*own, *_PAIR, *flags)))


def _rows(entity_kind: EntityKind, table: Iterable[tuple[str, str, str, bool, str]]) -> Iterable[Feature]:
    for name, family, unit, is_actionable, sentence in table:
        yield Feature(name, entity_kind, family, sentence, _DIRECTIONS.get(name, 0), is_actionable, unit)
