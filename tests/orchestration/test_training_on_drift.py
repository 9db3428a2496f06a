"""Drift or expiry opens a training by itself, not more often than the pause allows, and never a promotion."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from orchestration.automation import REASON_TAG, training_on_drift
from orchestration.definitions import build_defs
from orchestration.jobs import TRAINING_JOB
from preaudit.settings import Settings, get_settings
from preaudit.snapshot import publish
from tests.console.published_fixture import DAY, change, make_warehouse, settings_for


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Iterator[Settings]:
    """A home in which half of the agents' inputs have drifted; not published yet."""
    found = settings_for(tmp_path)
    make_warehouse(found)
    monkeypatch.setenv("PREAUDIT_HOME", str(found.home))
    monkeypatch.setenv("PREAUDIT_LANDING", str(found.landing))
    get_settings.cache_clear()
    yield found
    get_settings.cache_clear()


def asked(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    """What the sensor answers."""
    (answer,) = training_on_drift(dg.build_sensor_context(instance=instance))
    return answer


def note_training(instance: dg.DagsterInstance, days_ago: int, status: dg.DagsterRunStatus) -> None:
    """A training that ended some days ago."""
    run = dg.DagsterRun(job_name=TRAINING_JOB.name, run_id=str(uuid.uuid4()), status=status)
    instance.run_storage.add_historical_run(run, datetime.now(UTC) - timedelta(days=days_ago))


def test_drift_starts_a_training_and_says_why(settings):
    publish(settings, DAY, {})
    with dg.instance_for_test() as instance:
        answer = asked(instance)
    assert isinstance(answer, dg.RunRequest)
    assert answer.tags[REASON_TAG] == "agent: inputs have drifted (1 of 2 inputs)"
    assert answer.run_key == f"drift-{DAY}"


def test_an_expired_champion_starts_one_too(settings):
    change(settings, "update marts.mart_model_monitoring set is_ok = measure <> 'champion_age_days' or entity_kind <> 'agent'")
    publish(settings, DAY, {})
    with dg.instance_for_test() as instance:
        answer = asked(instance)
    assert isinstance(answer, dg.RunRequest)
    assert answer.tags[REASON_TAG].startswith("agent: the champion has expired")


def test_what_it_starts_trains_and_takes_the_reference_and_promotes_nobody():
    job = build_defs().resolve_job_def(training_on_drift.job_name)
    names = {key.to_user_string() for key in job.asset_layer.selected_asset_keys}
    assert names == {
        *("ml/model_agent", "ml/model_process", "ml/trained_models", "ml/feature_reference", "ml/backtested_lists"),
    }


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE])
def test_after_a_training_it_waits_whatever_came_of_that(settings, status):
    publish(settings, DAY, {})
    with dg.instance_for_test() as instance:
        note_training(instance, 6, status)
        answer = asked(instance)
    assert isinstance(answer, dg.SkipReason)
    assert "trained in the last 7 days" in str(answer.skip_message)


def test_when_the_pause_is_over_it_asks_again(settings):
    publish(settings, DAY, {})
    with dg.instance_for_test() as instance:
        note_training(instance, 8, dg.DagsterRunStatus.SUCCESS)
        assert isinstance(asked(instance), dg.RunRequest)


def test_within_all_limits_nothing_is_started(settings):
    change(settings, "update marts.mart_model_monitoring set is_ok = true")
    publish(settings, DAY, {})
    with dg.instance_for_test() as instance:
        assert isinstance(asked(instance), dg.SkipReason)


def test_before_anything_is_published_it_waits(settings):
    with dg.instance_for_test() as instance:
        answer = asked(instance)
    assert isinstance(answer, dg.SkipReason)
    assert answer.skip_message == "Nothing is published yet."
