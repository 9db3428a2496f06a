"""MLflow for real, on SQLite in a temporary home: what a run leaves, who may promote, how to go back."""

import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest

from ml import registry
from ml.approval_log import approvals
from ml.gate import Answer, Decision, no_model
from ml.scoring import score
from preaudit.errors import PreauditError
from preaudit.settings import Settings

# MLflow 3.17's own queries use a loader that SQLAlchemy 2.1 deprecates; nothing here can change that.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:The ``noload`` loader:sqlalchemy.exc.SADeprecationWarning")]
PASSED = Decision(True, "passed the gate", (Answer("beats_rule", True, "recall at k +0.1"),))
REFUSED = Decision(False, "no better than the rule", (Answer("beats_rule", False, "recall at k -0.1"),))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """An MLflow store whose first-touch migration (some 5 s) is paid once; each test copies it."""
    home = tmp_path_factory.mktemp("migrated")
    registry.versions(Settings(home=home))
    registry._mlflow(Settings(home=home)).get_experiment_by_name("none")
    return home / "mlflow" / "mlflow.db"


@pytest.fixture
def settings(tmp_path, migrated):
    (tmp_path / "mlflow").mkdir()
    (tmp_path / "mlflow" / "mlflow.db").write_bytes(migrated.read_bytes())
    return Settings(home=tmp_path, random_seed=7)


@pytest.fixture(scope="module")
def cohort(make_world):
    frame = make_world()
    return frame.filter(pl.col("as_of_on") == frame["as_of_on"].max())


def client(settings):
    return registry._mlflow(settings).MlflowClient()


def test_a_run_leaves_parameters_figures_plots_tables_and_the_gates_answers(trained, settings):
    recorded = registry.record(replace(trained, decision=PASSED), settings)
    run = client(settings).get_run(recorded.run_id)
    assert run.data.params["data_digest"] == trained.facts["data_digest"]
    assert run.data.params["code_version"] == "test"
    assert {"lightgbm/recall_at_k", "lightgbm/recall_at_k.lower", "rule/recall_at_k", "unseen_later/lightgbm/recall_at_k"} <= set(
        run.data.metrics
    )
    assert run.data.tags["gate.beats_rule"] == "yes: recall at k +0.1"
    kept = {one.path for one in client(settings).list_artifacts(recorded.run_id, "review")}
    names = ("review.csv", "reliability.csv", "effects.csv", "slices.csv", "list_stability.csv", "gate.json", "sql_digests.json")
    others = ("validation_rows.parquet", "model_card.md", "model_card.html")
    pictures = ("reliability", "precision_recall", "gain_over_rule", "contributions", "reliability_by_control")
    assert kept == {f"review/{name}" for name in names + others} | {f"review/{name}.png" for name in pictures}
    assert len(run.data.params["sql_digest"]) == 64
    assert "yes: recall at k +0.1" in run.data.tags["mlflow.note.content"]
    assert (settings.mlflow_home / "artifacts").is_dir()


def test_passing_the_gate_makes_a_challenger_and_nobody_serves_until_a_person_approves(trained, cohort, settings):
    recorded = registry.record(replace(trained, decision=PASSED), settings)
    assert recorded.aliases == ("challenger",)
    assert registry.load_champion("agent", settings) is None
    assert score(cohort, "agent", settings)["served_by"].unique().to_list() == ["rule"]
    registry.approve("agent", recorded.version, "Ada", "reviewed 2026-11", settings)
    served = score(cohort, "agent", settings)
    assert served["served_by"].unique().to_list() == ["model"]
    assert (served["probability"].to_numpy() == trained.model.probabilities(cohort)).all()
    assert served["model_version"].unique().to_list() == [recorded.version]
    approved = registry.versions(settings)[0]
    assert (approved["tags"]["approved_by"], approved["tags"]["approved_reason"]) == ("Ada", "reviewed 2026-11")
    assert approved["aliases"] == ["champion"]
    assert client(settings).get_model_version("preaudit-agent", "1").description.endswith(": reviewed 2026-11")


def test_auto_promote_makes_the_first_passing_model_champion(trained, settings):
    automatic = settings.model_copy(update={"auto_promote": True})
    assert registry.record(replace(trained, decision=PASSED), automatic).aliases == ("champion",)
    assert registry.load_champion("agent", automatic).version == "1"


def test_a_model_that_failed_its_gate_is_kept_for_review_but_cannot_be_approved(trained, settings):
    automatic = settings.model_copy(update={"auto_promote": True})
    recorded = registry.record(replace(trained, decision=REFUSED), automatic)
    assert (recorded.version, recorded.aliases) == ("1", ())
    with pytest.raises(PreauditError, match="did not pass its gate: no better than the rule"):
        registry.approve("agent", "1", "Ada", "please", automatic)
    assert registry.load_champion("agent", automatic) is None


def test_no_model_is_a_run_with_a_reason_and_no_version(trained, settings):
    nothing = replace(trained, model=None, decision=no_model("12 matured failures, need 50"), review=trained.review.head(0),
                      validation_rows=trained.validation_rows.head(0))  # fmt: skip
    recorded = registry.record(nothing, settings)
    assert (recorded.version, recorded.aliases) == (None, ())
    assert client(settings).get_run(recorded.run_id).data.tags["gate.verdict"] == "no model: 12 matured failures, need 50"


def test_a_rollback_returns_to_the_version_before_and_then_to_the_rule(trained, settings):
    automatic = settings.model_copy(update={"auto_promote": True})
    for _ in range(2):
        registry.record(replace(trained, decision=PASSED), automatic)
    assert registry.load_champion("agent", automatic).version == "2"
    assert registry.rollback("agent", "Ada", "odd list", automatic) == "1"
    assert registry.load_champion("agent", automatic).version == "1"
    assert registry.rollback("agent", "Ada", "odd list", automatic) is None
    assert registry.load_champion("agent", automatic) is None
    with pytest.raises(PreauditError, match="has no champion to roll back"):
        registry.rollback("agent", "Ada", "again", automatic)
    told = [(line["action"], line["version"], line["other_version"]) for line in approvals(automatic)]
    assert told == [("approved", "1", None), ("approved", "2", "1"), ("rolled_back", "2", "1"), ("rolled_back", "1", None)]


def test_an_approval_needs_a_name_a_reason_and_a_version_that_exists(settings):
    with pytest.raises(PreauditError, match="needs a name and a reason"):
        registry.approve("agent", "1", " ", "because", settings)
    with pytest.raises(PreauditError, match="There is no version 9 of preaudit-agent"):
        registry.approve("agent", "9", "Ada", "because", settings)
    with pytest.raises(PreauditError, match="needs a name and a reason"):
        registry.rollback("agent", "Ada", "", settings)


def test_the_champion_is_not_approved_twice_and_goes_by_its_full_name_too(trained, settings):
    recorded = registry.record(replace(trained, decision=PASSED), settings)
    assert registry.approve("preaudit-agent", recorded.version, "Ada", "reviewed", settings) == "preaudit-agent"
    with pytest.raises(PreauditError, match="Version 1 of preaudit-agent is the champion already"):
        registry.approve("agent", "1", "Ada", "again", settings)
    assert len(approvals(settings)) == 1


def test_a_challenger_that_waits_stays_one_while_another_version_is_approved(trained, settings):
    for _ in range(2):
        registry.record(replace(trained, decision=PASSED), settings)
    registry.approve("agent", "1", "Ada", "the older one", settings)
    assert [(one["version"], one["aliases"]) for one in registry.versions(settings)] == [
        ("2", ["challenger"]),
        ("1", ["champion"]),
    ]


def test_agents_processes_and_other_horizons_are_models_of_their_own(settings):
    names = [
        registry.model_name("agent", settings),
        registry.model_name("process", settings),
        registry.model_name("agent", settings, 7),
    ]
    assert names == ["preaudit-agent", "preaudit-process", "preaudit-agent-7d"]


def test_scoring_without_any_training_run_does_not_even_import_mlflow(tmp_path):
    program = (
        "import sys; from pathlib import Path; from preaudit.settings import Settings; from ml.registry import load_champion;"
        f"assert load_champion('agent', Settings(home=Path({str(tmp_path)!r}))) is None;"
        "heavy = {'mlflow', 'lightgbm', 'sklearn', 'matplotlib'} & set(sys.modules); assert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_mlflows_own_tools_load_the_registered_model(trained, cohort, settings):
    registry.record(replace(trained, decision=PASSED), settings)
    mlflow = registry._mlflow(settings)
    loaded = mlflow.pyfunc.load_model("models:/preaudit-agent@challenger")
    frame = cohort.select(trained.model.feature_names).to_pandas()
    assert loaded.predict(frame) == pytest.approx(trained.model.probabilities(cohort))
