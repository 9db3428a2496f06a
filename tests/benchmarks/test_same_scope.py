"""Both sides of the comparison do the same work: the nine controls of the script, and what only they need."""

import json

import pytest

from benchmarks.handwritten import CONTROLS
from benchmarks.same_scope import nodes_of


def node(name, *parents, materialized="table", kind="model"):
    made = {"name": name, "config": {"materialized": materialized}, "depends_on": {"nodes": list(parents)}}
    return {f"{kind}.preaudit.{name}": made}


@pytest.fixture
def manifest():
    return {
        "nodes": {
            **node("library", kind="seed", materialized="seed"),
            **node("shared"),
            **node("only_other"),
            **node("helper", "model.preaudit.shared", materialized="ephemeral"),
            **node("ctl_acc_02", "model.preaudit.helper", "seed.preaudit.library"),
            **node("ctl_acc_01", "model.preaudit.only_other", "model.preaudit.shared"),
            **node("ftr_agent", "model.preaudit.ctl_acc_01", "model.preaudit.ctl_acc_02", "source.preaudit.raw.workers"),
            **node("ftr_process"),
            **node("ftr_pair", "model.preaudit.ftr_agent"),
            **node("mart_control_status", "model.preaudit.ctl_acc_02"),
        }
    }


def test_a_table_that_only_an_unknown_control_or_no_feature_needs_is_left_out_and_a_shared_one_stays(manifest):
    assert nodes_of(manifest) == ["ctl_acc_02", "ftr_agent", "ftr_pair", "ftr_process", "library", "shared"]


def test_of_the_real_project_the_controls_are_the_scripts_nine():
    from orchestration.dbt import ensure_manifest

    names = nodes_of(json.loads(ensure_manifest().read_text(encoding="utf-8")))
    controls = {name.removeprefix("ctl_").replace("_", "-").upper() for name in names if name.startswith("ctl_")}
    assert controls == set(CONTROLS)
    assert "int_controls__reveals" not in names
