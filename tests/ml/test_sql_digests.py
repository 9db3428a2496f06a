"""SQL digests: a changed feature file shows, and so does a change above it."""

from ml.sql_digests import sql_digests


def project(folder, feature="select 1", staging="select 2"):
    for name, text in (("models/marts/features/ftr_agent.sql", feature), ("models/staging/stg_a__b.sql", staging)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_changed_feature_changes_its_digest_and_that_of_the_whole(tmp_path):
    before = sql_digests(project(tmp_path / "a"))
    after = sql_digests(project(tmp_path / "b", feature="select 3"))
    name = "models/marts/features/ftr_agent.sql"
    assert set(before) == {"all", name}
    assert before[name] != after[name]
    assert before["all"] != after["all"]


def test_a_change_below_the_features_changes_the_whole_only(tmp_path):
    before = sql_digests(project(tmp_path / "a"))
    after = sql_digests(project(tmp_path / "b", staging="select 3"))
    assert [name for name in before if before[name] != after[name]] == ["all"]


def test_the_projects_own_features_and_labels_are_found():
    found = sql_digests()
    assert {"all", "models/marts/features/ftr_agent_pairs.sql", "models/marts/labels/lbl_pair_outcomes.sql"} <= set(found)
