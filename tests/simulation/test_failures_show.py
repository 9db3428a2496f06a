"""What the hidden world calls a failure can be seen in the delivered data by a plain reading of the rule."""

import polars as pl

LAST_DAY = pl.date(2026, 10, 31)


def failures(world, control):
    """(agent, day) of the real failures of a control within the delivered days."""
    rows = world.truth("failures").filter(pl.col("control_id") == control, pl.col("on_date") <= LAST_DAY)
    return set(rows.filter(pl.col("entity_kind") == "agent").select("entity_id", "on_date").iter_rows())


def near(found, failed, days=1):
    """Whether each found (agent, day) has a failure at most some days away."""
    return all(any(agent == other and abs((day - shown).days) <= days for other, shown in failed) for agent, day in found)


def owners(world):
    return world.history("accounts").select("account_id", "worker_id").unique().filter(pl.col("worker_id").is_not_null())


def test_a_log_in_without_second_factor_is_a_failure_of_sec_02(clean):
    rows = clean.history("auth_events").filter(~pl.col("is_mfa")).join(owners(clean), on="account_id")
    found = set(rows.select("worker_id", pl.col("occurred_at").dt.date()).iter_rows())
    failed = failures(clean, "SEC-02")

    assert found
    assert near(found, failed)
    assert near(failed, found)


def test_an_access_outside_rostered_and_approved_time_is_a_failure_of_data_04(clean):
    grace = pl.duration(minutes=60)
    shifts = (
        clean.history("shifts").sort("updated_at").unique(["worker_id", "starts_at"], keep="last")
        .filter(pl.col("kind").is_in(["scheduled", "overtime"]), pl.col("is_approved"))
    )  # fmt: skip
    columns = ("event_id", "account_id", "occurred_at")
    events = pl.concat([clean.history(feed).select(columns) for feed in ("auth_events", "data_access_events")])
    events = events.join(owners(clean), on="account_id").filter(pl.col("occurred_at").dt.date() > pl.date(2026, 8, 18))
    inside = events.join(shifts, on="worker_id").filter(
        pl.col("occurred_at").is_between(pl.col("starts_at") - grace, pl.col("ends_at") + grace)
    )
    left = clean.history("workers").filter(pl.col("termination_date").is_not_null())["worker_id"].unique()
    outside = events.join(inside, on="event_id", how="anti").filter(~pl.col("worker_id").is_in(left.implode()))
    found = set(outside.select("worker_id", pl.col("occurred_at").dt.date()).iter_rows())
    failed = failures(clean, "DATA-04")

    assert found
    assert near(found, failed)


def test_a_large_export_without_approved_ticket_is_a_failure_of_data_02_and_nothing_else_is_large(clean):
    events = clean.history("data_access_events").join(owners(clean), on="account_id")
    approved = clean.history("approvals")["ticket_id"].implode()
    small = events.filter(pl.col("records") < 1_000)
    small = small.group_by("worker_id", pl.col("occurred_at").dt.date()).agg(pl.col("records").sum())
    large = events.filter(pl.col("records") >= 1_000, ~pl.col("ticket_id").is_in(approved).fill_null(value=False))
    found = set(large.select("worker_id", pl.col("occurred_at").dt.date()).iter_rows())

    assert small["records"].max() < 500
    assert near(found, failures(clean, "DATA-02"))
    assert near(failures(clean, "DATA-02"), found)


def test_tickets_closed_badly_or_reopened_are_the_failures_of_ops_01(clean):
    bad = clean.history("tickets").filter(
        ((pl.col("status") == "closed") & ~pl.col("has_evidence"))
        | ((pl.col("status") == "in_progress") & (pl.col("reopen_count") > 0))
    )
    found = set(bad.select("assignee_id", pl.col("updated_at").dt.date()).iter_rows())

    assert found
    assert near(found, failures(clean, "OPS-01"))


def test_leavers_whose_account_outlives_them_by_two_days_are_the_failures_of_jml_01(clean):
    left = clean.history("workers").group_by("worker_id").agg(pl.col("termination_date").max()).drop_nulls()
    accounts = clean.history("accounts").group_by("account_id", "worker_id").agg(pl.col("disabled_at").max())
    both = accounts.join(left, on="worker_id")
    end = pl.col("termination_date").cast(pl.Datetime("us", "UTC"))
    kept = pl.col("disabled_at").is_null() | (pl.col("disabled_at") > end + pl.duration(days=2))
    late = both.filter(kept)
    prompt = both.filter(~kept)

    assert set(late["worker_id"]) == {agent for agent, _ in failures(clean, "JML-01")}
    assert prompt.filter(pl.col("disabled_at") > end + pl.duration(hours=4)).is_empty()


def test_nobody_fails_the_training_rule_without_an_overdue_course(clean):
    awareness = clean.history("trainings").filter(pl.col("scope") == "awareness")
    hired = dict(clean.history("workers").select("worker_id", "hire_date").unique().iter_rows())

    for agent, day in failures(clean, "HR-02"):
        done = awareness.filter(pl.col("worker_id") == agent, pl.col("completed_at").dt.date() <= day)["completed_at"].max()
        waited = (day - done.date()).days if done else (day - hired[agent]).days
        assert waited == (366 if done else 31)
