"""The traces of the other controls: a plain reading of each rule finds the failures of the hidden world, and nothing else."""

import polars as pl

from preaudit.settings import REPOSITORY
from simulation.feeds import ENTITLEMENTS, LINES, ROLES
from simulation.profiles import ALLOWED, PRIVILEGED, TOXIC
from tests.simulation.test_failures_show import failures, near, owners

SEEDS = REPOSITORY / "dbt_project" / "seeds"


def seed(name):
    return pl.read_csv(SEEDS / f"{name}.csv")


def agent_days(events):
    return set(events.select("worker_id", pl.col("occurred_at").dt.date()).iter_rows())


def events_of(world, feed):
    return world.history(feed).join(owners(world), on="account_id")


def same(found, failed):
    """Neither of the two sets of (agent, day) has something that the other lacks."""
    return bool(failed) and near(found, failed) and near(failed, found)


def test_the_seeds_say_what_the_simulation_does():
    held = {
        (role, right)
        for role, row in zip(ROLES, ALLOWED, strict=True)
        for right, is_allowed in zip(ENTITLEMENTS, row, strict=True)
        if is_allowed
    }
    profiles = seed("role_profiles")
    assert set(profiles.select("job_role", "entitlement").iter_rows()) == held
    privileged = profiles.filter(pl.col("is_privileged_allowed"))["entitlement"]
    assert set(privileged) == {ENTITLEMENTS[right] for right in PRIVILEGED}
    assert set(seed("sod_pairs").select("entitlement_a", "entitlement_b").iter_rows()) == {
        (ENTITLEMENTS[a], ENTITLEMENTS[b]) for a, b in TOXIC
    }
    assert set(seed("procedure_steps")["process_kind"]) == set(LINES)


def test_a_record_of_a_customer_without_a_ticket_of_the_agent_is_a_failure_of_data_01(clean):
    views = events_of(clean, "data_access_events").filter(pl.col("customer_ref").is_not_null())
    tickets = clean.history("tickets").select("assignee_id", "customer_ref", "opened_at").unique()
    needed = views.join(tickets, left_on=["worker_id", "customer_ref"], right_on=["assignee_id", "customer_ref"])
    needed = needed.filter((pl.col("occurred_at") - pl.col("opened_at")).is_between(pl.duration(), pl.duration(hours=12)))

    assert same(agent_days(views.join(needed, on="event_id", how="anti")), failures(clean, "DATA-01"))


def test_a_masked_field_shown_without_a_ticket_is_a_failure_of_data_03_and_agents_show_none_otherwise(clean):
    shown = events_of(clean, "data_access_events").filter(pl.col("action") == "unmask")
    roles = clean.history("workers").group_by("worker_id").agg(pl.col("job_role").unique())
    with_ticket = shown.filter(pl.col("ticket_id").is_not_null()).join(roles, on="worker_id")

    assert same(agent_days(shown.filter(pl.col("ticket_id").is_null())), failures(clean, "DATA-03"))
    assert with_ticket.filter(pl.col("job_role") == ["agent"]).is_empty()


def test_a_log_in_from_no_site_is_a_failure_of_sec_03_and_every_other_one_is_from_an_approved_country(clean):
    log_ins = events_of(clean, "auth_events")
    places = clean.history("processes").select("site", pl.col("approved_countries").str.split(",")).unique()
    at_site = log_ins.filter(pl.col("site").is_not_null()).join(places, on="site")

    assert same(agent_days(log_ins.filter(pl.col("site").is_null())), failures(clean, "SEC-03"))
    assert at_site.filter(~pl.col("country").is_in("approved_countries")).is_empty()


def test_a_log_in_from_a_second_device_is_a_failure_of_acc_06(clean):
    devices = events_of(clean, "auth_events").with_columns(pl.col("device_id").mode().first().over("worker_id").alias("own"))
    found = agent_days(devices.filter(pl.col("device_id") != pl.col("own")))

    assert found
    assert near(found, failures(clean, "ACC-06"))


def test_cases_that_leave_the_procedure_of_the_seed_are_the_failures_of_ops_02(clean):
    steps = seed("procedure_steps").with_columns(pl.col("allowed_job_role").cast(pl.String).fill_null(""))
    lines = clean.history("processes").select("process_id", pl.col("name").alias("process_kind")).unique()
    closed = (
        clean.history("tickets").filter(pl.col("status") == "closed", pl.col("reopen_count") == 0).join(lines, on="process_id")
    )
    roles = clean.history("workers").group_by(pl.col("worker_id").alias("actor_id")).agg(pl.col("job_role").unique())
    done = clean.history("ticket_events").join(roles, on="actor_id", how="left").sort("ticket_id", "occurred_at")
    wanted = closed.select("ticket_id", "assignee_id", "closed_at", "process_kind").join(steps, on="process_kind")
    both = wanted.join(done, on=["ticket_id", "step"], how="left").sort("ticket_id", "step_order")
    forbidden = (pl.col("allowed_job_role") != "") & (pl.col("job_role") == ["agent"])
    wrong = both.group_by("ticket_id", "assignee_id", "closed_at").agg(
        (pl.col("occurred_at").is_null().any() | (pl.col("occurred_at").diff() < pl.duration()).any() | forbidden.any()).alias(
            "is_wrong"
        )
    )
    found = set(wrong.filter("is_wrong").select("assignee_id", pl.col("closed_at").dt.date()).iter_rows())

    assert found
    assert near(found, failures(clean, "OPS-02"))
    assert len(found) > 0.5 * len(failures(clean, "OPS-02"))


def test_rights_beyond_the_profile_have_an_earlier_approval_by_somebody_else_or_are_failures_of_jml_03(clean):
    roles = clean.history("workers").select("worker_id", "job_role", "snapshot_on")
    grants = clean.history("entitlements").join(owners(clean), on="account_id").join(roles, on=["worker_id", "snapshot_on"])
    extra = grants.join(seed("role_profiles"), on=["job_role", "entitlement"], how="anti").filter(pl.col("revoked_at").is_null())
    asked = clean.history("tickets").group_by("ticket_id").agg(pl.col("opened_by").first(), pl.col("opened_at").min())
    extra = extra.join(asked, left_on="request_ticket_id", right_on="ticket_id", how="left")
    approvals = clean.history("approvals").select("ticket_id", "approver_id", "decided_at")
    decided = extra.join(approvals, left_on="request_ticket_id", right_on="ticket_id")
    by_another = (pl.col("approver_id") != pl.col("opened_by")) & (pl.col("approver_id") != pl.col("worker_id"))
    sound = decided.filter(by_another, pl.col("decided_at") < pl.col("granted_at"))
    unsound = extra.join(sound, on=["account_id", "entitlement"], how="anti")
    moved = failures(clean, "JML-02") | failures(clean, "ACC-05")  # these kept what an older role allowed
    found = set(unsound.select("worker_id").to_series()) - {agent for agent, _ in moved}

    assert found <= {agent for agent, _ in failures(clean, "JML-03")}
    assert extra.filter(pl.col("request_ticket_id").is_not_null()).height


def test_nobody_holds_two_clients_or_a_forbidden_pair_without_a_failure(clean):
    held = clean.history("entitlements").filter(pl.col("revoked_at").is_null()).join(owners(clean), on="account_id")
    rights = held.group_by("worker_id", "snapshot_on").agg(
        pl.col("entitlement").unique(), pl.col("client_id").drop_nulls().n_unique().alias("clients")
    )
    gone = clean.history("workers").filter(pl.col("termination_date").is_not_null())["worker_id"].unique()
    rights = rights.filter(~pl.col("worker_id").is_in(gone.implode()))
    two_clients = set(rights.filter(pl.col("clients") > 1)["worker_id"])
    pairs = seed("sod_pairs").select("entitlement_a", "entitlement_b").iter_rows()
    toxic = {row["worker_id"] for a, b in pairs for row in rights.iter_rows(named=True) if {a, b} <= set(row["entitlement"])}

    assert two_clients <= {agent for agent, _ in failures(clean, "SEC-01")}
    assert toxic <= {agent for agent, _ in failures(clean, "ACC-05") | failures(clean, "JML-02")}


def test_changes_begin_after_an_approval_by_somebody_else_or_are_failures(clean):
    changes = clean.history("tickets").filter(
        pl.col("kind") == "change", pl.col("status") == "closed", pl.col("change_type") == "normal"
    )  # fmt: skip
    decided = changes.join(clean.history("approvals"), on="ticket_id")
    sound = decided.filter(pl.col("decided_at") < pl.col("actual_start_at"))
    failed = clean.truth("failures").filter(pl.col("entity_kind") == "process")
    early = set(changes.join(sound, on="ticket_id", how="anti")["process_id"])
    alone = set(decided.filter(pl.col("approver_id") == pl.col("assignee_id"))["process_id"])

    assert len(sound)
    assert early == set(failed.filter(pl.col("control_id") == "CHG-01")["entity_id"])
    assert alone <= set(failed.filter(pl.col("control_id") == "CHG-02")["entity_id"])


def test_work_begins_after_the_course_of_the_process_or_is_a_failure_of_hr_03(clean):
    done = (
        clean.history("trainings")
        .filter(pl.col("scope") != "awareness")
        .group_by("worker_id", "scope")
        .agg(pl.col("completed_at").min())
    )
    starts = (
        clean.history("process_assignments")
        .filter(pl.col("assigned_from") > pl.date(2026, 8, 18))
        .unique(["worker_id", "process_id"])
    )
    work = clean.history("tickets").group_by("assignee_id", "process_id").agg(pl.col("opened_at").min())
    begun = starts.join(work, left_on=["worker_id", "process_id"], right_on=["assignee_id", "process_id"]).join(
        done, left_on=["worker_id", "process_id"], right_on=["worker_id", "scope"], how="left"
    )
    untrained = begun.filter(pl.col("completed_at").is_null() | (pl.col("completed_at") > pl.col("opened_at")))

    assert begun.height
    assert set(untrained["worker_id"]) <= {agent for agent, _ in failures(clean, "HR-03")}
    assert untrained.height < begun.height


def test_documents_are_signed_before_the_first_access_and_a_new_version_within_thirty_days(clean):
    signed = clean.history("acknowledgements")
    hired = clean.history("workers").select("worker_id", "hire_date").unique().filter(pl.col("hire_date") > pl.date(2026, 8, 18))
    entry = signed.group_by("worker_id", "document_id").agg(pl.col("signed_at").min()).join(hired, on="worker_id")
    first = signed.group_by("document_id", "version").agg(pl.col("signed_at").min().alias("published"))
    late = signed.filter(pl.col("version") != "1").join(first, on=["document_id", "version"]).filter(
        pl.col("signed_at") > pl.col("published") + pl.duration(days=30), ~pl.col("worker_id").is_in(hired["worker_id"].implode())
    )  # fmt: skip

    assert entry.filter(
        pl.col("signed_at") > pl.col("hire_date").cast(pl.Datetime("us", "UTC")) + pl.duration(hours=5)
    ).is_empty()
    assert set(late["worker_id"]) <= {agent for agent, _ in failures(clean, "HR-04")}


def test_screenings_are_clear_before_the_first_day_or_are_failures_of_hr_01(clean):
    hired = clean.history("workers").select("worker_id", "hire_date").unique().filter(pl.col("hire_date") > pl.date(2026, 8, 18))
    clear = clean.history("screenings").filter(pl.col("status") == "clear").join(hired, on="worker_id")
    late = set(clear.filter(pl.col("completed_at").dt.date() >= pl.col("hire_date"))["worker_id"])

    assert clear.height
    assert late <= {agent for agent, _ in failures(clean, "HR-01")}
