"""OSCAL documents: judged by the models of compliance-trestle, and what they say."""

import json

import pytest

from preaudit.exports.oscal import OSCAL_VERSION, assessment_results, plan_of_action
from preaudit.snapshot import publish, read_current
from preaudit.warehouse import writing
from tests.console.published_fixture import DAY, IDENTITIES


def published(settings, *statements: str):
    """The snapshot after these changes to the warehouse."""
    with writing(settings) as connection:
        for statement in statements:
            connection.execute(statement)
    publish(settings, DAY, {"run_id": "r"})
    return read_current(settings)


NOBODY_FAILS = (
    "update marts.mart_control_status set status = 'pass' where status = 'fail'",
    "delete from marts.mart_control_changes",
)
WAIVED = "update marts.mart_control_status set status = 'waived' where control_id = 'HR-02' and entity_id = 'P01'"


def findings(snapshot) -> dict[str, dict]:
    (result,) = assessment_results(snapshot)["assessment-results"]["results"]
    return {found["target"]["target-id"]: found["target"]["status"] for found in result.get("findings", [])}


@pytest.mark.parametrize("changes", [(), NOBODY_FAILS, (WAIVED,)], ids=["failing", "passing", "waived"])
def test_the_models_of_trestle_accept_the_assessment_results(settings, changes):
    from trestle.oscal import assessment_results as trestle

    document = assessment_results(published(settings, *changes))["assessment-results"]
    trestle.AssessmentResults.model_validate(json.loads(json.dumps(document)))
    assert document["metadata"]["oscal-version"] == OSCAL_VERSION == "1.1.3"


@pytest.mark.parametrize("changes", [(), (WAIVED,)], ids=["failing", "waived"])
def test_the_models_of_trestle_accept_the_plan_of_action(settings, changes):
    from trestle.oscal import poam as trestle

    document = plan_of_action(published(settings, *changes))["plan-of-action-and-milestones"]
    trestle.PlanOfActionAndMilestones.model_validate(json.loads(json.dumps(document)))


def test_the_models_would_notice_a_wrong_document(settings):
    from trestle.oscal import assessment_results as trestle

    document = assessment_results(published(settings))["assessment-results"]
    document["results"][0]["findings"][0]["target"]["status"]["state"] = "perhaps"
    with pytest.raises(ValueError, match="state"):
        trestle.AssessmentResults.model_validate(document)


def test_a_control_that_somebody_fails_is_not_satisfied_and_missing_data_never_satisfies(settings):
    found = findings(published(settings))
    assert found["HR-02_obj"] == {"state": "not-satisfied", "reason": "fail"}
    assert found["SEC-01_obj"] == {
        "state": "not-satisfied",
        "reason": "other",
        "remarks": "Could not be evaluated: not implemented",
    }


def test_a_control_is_satisfied_where_everybody_passes_or_is_waived(settings):
    found = findings(published(settings, *NOBODY_FAILS, WAIVED))
    assert found["HR-02_obj"] == found["OPS-04_obj"] == {"state": "satisfied", "reason": "pass"}


def test_a_control_with_nothing_to_test_has_no_finding(settings):
    nothing = "update marts.mart_control_status set status = 'not_applicable' where control_id = 'OPS-04'"
    assert findings(published(settings, nothing)).keys() == {"HR-02_obj", "SEC-01_obj"}


def test_every_failing_entity_is_an_observation_that_the_finding_and_the_risk_refer_to(settings):
    (result,) = assessment_results(published(settings))["assessment-results"]["results"]
    titles = {observation["uuid"]: observation["title"] for observation in result["observations"]}
    (training,) = (found for found in result["findings"] if found["target"]["target-id"] == "HR-02_obj")
    related = [titles[item["observation-uuid"]] for item in training["related-observations"]]
    assert related[0] == "HR-02 Training done on time"
    assert related[1].startswith("HR-02: agent A-")
    assert related[2] == "HR-02: process P01"
    risks = {risk["uuid"]: risk for risk in result["risks"]}
    (risk,) = (risks[item["risk-uuid"]] for item in training["related-risks"])
    assert risk["status"] == "open"
    assert [titles[item["observation-uuid"]] for item in risk["related-observations"]] == related[1:]


def test_every_reference_between_parts_leads_somewhere(settings):
    snapshot = published(settings, WAIVED)
    for document in (assessment_results(snapshot), plan_of_action(snapshot)):
        text = json.dumps(document)
        made = {value for key, value in pairs(document) if key == "uuid"}
        named = {value for key, value in pairs(document) if key in {"observation-uuid", "risk-uuid"}}
        assert named
        assert named <= made
        assert text.count('"uuid"') == len(made)


def test_the_plan_has_one_item_per_failing_control_and_one_for_its_waivers(settings):
    plan = plan_of_action(published(settings, WAIVED))["plan-of-action-and-milestones"]
    assert [(item["title"].split(" for ")[0], item["description"]) for item in plan["poam-items"]] == [
        ("1 agent or process fails HR-02 Training done on time", "Do it."),
        ("1 agent or process is waived", "Do it."),
        ("2 agents or processes fail OPS-04 Work done within its service level", "Do it."),
    ]
    assert [risk["status"] for risk in plan["risks"]] == ["open", "deviation-approved", "open"]


def test_there_is_no_plan_where_nobody_fails(settings):
    assert plan_of_action(published(settings, *NOBODY_FAILS)) is None


def test_the_same_snapshot_gives_the_same_bytes_and_names_nobody(settings):
    snapshot = published(settings)
    text = json.dumps([assessment_results(snapshot), plan_of_action(snapshot)])
    assert text == json.dumps([assessment_results(snapshot), plan_of_action(snapshot)])
    assert not [identity for identity in IDENTITIES if identity in text]


def pairs(value):
    """Every key and value of a document, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from pairs(inner)
