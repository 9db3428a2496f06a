"""Resampling: the sample comes first, draws are paired, few entities have no interval."""

import numpy as np

from ml import intervals
from ml.intervals import interval, resample


def test_the_first_draw_is_the_sample_itself(small_world):
    drawn = resample(small_world, seed=1)
    first = next(iter(drawn.passes(small_world)))[0]
    assert (first == 1).all()
    assert drawn.entity_weights.shape == (1 + intervals.RESAMPLES, 150)


def test_the_same_seed_draws_the_same_so_that_differences_are_paired(small_world):
    one, two, other = (resample(small_world, seed) for seed in (1, 1, 2))
    assert (one.entity_weights == two.entity_weights).all()
    assert (one.entity_weights != other.entity_weights).any()


def test_rows_of_one_entity_at_one_date_stay_together(small_world):
    weights = np.vstack(list(resample(small_world, seed=1).passes(small_world)))
    blocks = small_world.select("as_of_on", "entity_id").with_row_index().group_by("as_of_on", "entity_id").agg("index")
    for positions in blocks["index"].head(20).to_list():
        assert (weights[:, positions] == weights[:, positions[:1]]).all()


def test_means_per_resample_are_those_of_weighting_every_row(small_world):
    drawn = resample(small_world, seed=1, resamples=20)
    values = small_world.select("exceptions_28d", "exposure_28d").to_numpy()
    weights = np.vstack(list(drawn.passes(small_world))).astype(float)
    expected = weights @ values / weights.sum(axis=1, keepdims=True)
    assert np.allclose(drawn.means(small_world, values), expected)


def test_memory_is_bounded_by_slicing_the_draws_without_changing_them(small_world, monkeypatch):
    drawn = resample(small_world, seed=1, resamples=20)
    whole = np.vstack(list(drawn.passes(small_world)))
    monkeypatch.setattr(intervals, "CELLS_PER_PASS", 3 * small_world.height)
    passes = list(drawn.passes(small_world))
    assert len(passes) == 7
    assert (np.vstack(passes) == whole).all()


def test_a_handful_of_entities_has_no_interval(small_world):
    few = small_world.filter(small_world["entity_id"].is_in(["E000", "E001", "E002"]))
    assert not resample(few, seed=1).has_interval
    assert resample(small_world, seed=1).has_interval


def test_an_interval_of_a_mean_covers_what_the_textbook_says():
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, 400)
    means = np.concatenate([[values.mean()], [rng.choice(values, 400).mean() for _ in range(400)]])
    low, high = interval(means)
    assert abs((high - low) - 2 * 1.96 / 20) < 0.03


def test_values_that_are_mostly_undefined_have_no_interval():
    assert interval(np.array([0.5, np.nan, np.nan, np.nan, 0.4])) == (None, None)
