"""What the two plans ask for."""

from ml.plan import CHALLENGERS, FULL, QUICK


def test_the_quick_plan_trains_the_headline_horizon_alone_and_searches_nothing():
    assert QUICK.all_horizons(30) == (30,)
    assert (QUICK.challengers, QUICK.trials, QUICK.with_ablation) == ((), 0, False)


def test_the_full_plan_trains_every_horizon_once_with_the_headline_first():
    assert FULL.all_horizons(30) == (30, 7, 90)
    assert FULL.all_horizons(14) == (14, 7, 30, 90)


def test_search_and_ablation_are_made_at_the_headline_only_and_challengers_at_all():
    assert FULL.at(30, 30) is FULL
    other = FULL.at(90, 30)
    assert (other.trials, other.with_ablation, other.challengers) == (0, False, CHALLENGERS)
