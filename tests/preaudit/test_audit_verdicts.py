"""What a sample and the state of its population lead to."""

import pytest

from preaudit.audit.completeness import Completeness
from preaudit.audit.deviation import plan_for
from preaudit.audit.sampling import Population
from preaudit.audit.verdicts import Conclusion, ControlTest, criteria, judge

COMPLETE = Completeness(90, 0, 3, 0, 100, 99, 1, 0, True, True)


def verdict(judged=1000, deviations=0, *, unjudged=0, zero_tolerance=0, completeness=COMPLETE):
    population = Population(judged, deviations, 0, unjudged)
    return judge(plan_for(judged, 0.02), deviations, zero_tolerance, population, completeness)


def test_a_clean_sample_of_a_complete_population_is_met():
    found = verdict()
    assert (found.conclusion, found.reasons) == (Conclusion.met, ())
    assert found.limit_ratio == pytest.approx(0.088, abs=0.0005)


def test_more_deviations_than_allowed_are_not_met():
    found = verdict(deviations=1)
    assert found.conclusion == Conclusion.not_met
    assert found.reasons == ("deviations in the sample: 1, allowed: 0",)


def test_one_deviation_that_is_never_tolerated_is_not_met_though_the_number_is_allowed():
    allowed = judge(plan_for(10, 0.5), 1, 0, Population(10, 1, 0, 0), COMPLETE)
    never = judge(plan_for(10, 0.5), 1, 1, Population(10, 1, 0, 0), COMPLETE)
    assert (allowed.conclusion, never.conclusion) == (Conclusion.met, Conclusion.not_met)


@pytest.mark.parametrize(
    ("completeness", "reason"),
    [
        (Completeness(90, 2, 3, 0, 100, 99, 1, 0, True, True), "2 of 90 days could not be evaluated"),
        (Completeness(90, 0, 3, 0, 100, 98, 1, 0, False, True), "delivered rows are unaccounted for"),
        (Completeness(90, 0, 3, 0, 100, 99, 1, 0, True, False), "tested items do not add up to the recorded results"),
    ],
)
def test_an_incomplete_population_limits_a_clean_sample(completeness, reason):
    found = verdict(completeness=completeness)
    assert (found.conclusion, found.reasons) == (Conclusion.met_with_limits, (reason,))


def test_items_that_could_not_be_judged_limit_it_where_they_could_turn_the_verdict():
    assert verdict(unjudged=12).conclusion == Conclusion.met
    turned = verdict(unjudged=14)
    assert turned.conclusion == Conclusion.met_with_limits
    assert turned.limit_ratio < 0.1 < turned.worst_ratio


def test_nothing_judged_is_no_conclusion_and_never_met():
    found = judge(None, 0, 0, Population(0, 0, 0, 7), COMPLETE)
    assert (found.conclusion, found.limit_ratio) == (Conclusion.no_conclusion, None)
    assert found.reasons == ("none of 7 items could be judged",)
    assert judge(None, 0, 0, Population(0, 0, 0, 0), COMPLETE).conclusion == Conclusion.no_conclusion


def control_test(control_id, references, judged=1000, deviations=0, in_population=0):
    population = Population(judged, in_population or deviations, 0, 0)
    plan = plan_for(judged, 0.02)
    row = {"control_id": control_id, "soc2": references}
    return ControlTest(row, population, COMPLETE, plan, None, judge(plan, deviations, 0, population, COMPLETE))


def test_a_criterion_is_as_good_as_the_worst_of_its_controls():
    tests = [
        control_test("A-01", "CC1 CC2"),
        control_test("A-02", "CC2", deviations=2),
        control_test("A-03", "CC3 CC4", judged=0),
        control_test("A-04", "CC4"),
        control_test("A-05", None),
    ]
    found = {row.reference_id: row for row in criteria(tests, "soc2")}
    assert {name: row.conclusion.value for name, row in found.items()} == {
        "CC1": "met",
        "CC2": "not_met",
        "CC3": "no_conclusion",
        "CC4": "met_with_limits",
    }
    assert (found["CC2"].sampled, found["CC2"].deviations, found["CC2"].allowed) == (50, 2, 0)
    assert found["CC2"].control_ids == ("A-01", "A-02")
    assert found["CC3"].highest_limit_ratio is None


def test_what_the_samples_missed_is_told_with_the_criterion():
    (found,) = criteria([control_test("A-01", "CC1", in_population=6)], "soc2")
    assert (found.conclusion, found.missed) == (Conclusion.met, 6)
