"""The fit written out, against statsmodels, which it stands in for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from longevity.stats import count_models, interrupted_time_series
from longevity.stats.interrupted_time_series import Terms
from longevity.stats.wander import Noise

MONTHS = pd.Series(pd.date_range("2008-01-01", "2019-12-01", freq="MS"))
OFFSET = np.log(MONTHS.dt.days_in_month.to_numpy() / 30.4375)


def drawn(seed: int, mean: float = 6.0) -> np.ndarray:
    """Counts that vary more than Poisson counts do."""
    dice = np.random.default_rng([seed, 5])
    return dice.poisson(mean * dice.gamma(2, 1 / 2, len(MONTHS))).astype(float)


def designs(seed: int) -> np.ndarray:
    """Four places for the step, with a trend or without, straight or bent."""
    dice = np.random.default_rng([seed, 6])
    steps = [pd.Timestamp(year=int(year), month=3, day=1) for year in dice.integers(2010, 2018, 4)]
    terms = Terms(trend=bool(seed % 2), bend=bool(seed % 3 == 0))
    return np.stack([interrupted_time_series.build_design(MONTHS, step, terms) for step in steps])


@pytest.mark.parametrize("seed", range(12))
def test_every_fit_is_the_one_of_statsmodels(seed):
    counts, tried = drawn(seed), designs(seed)
    for matrix, found in zip(tried, count_models.fit_models(counts, tried, OFFSET), strict=True):
        told = GLM(counts, matrix, family=Poisson(), offset=OFFSET).fit()
        assert found is not None
        same = {"rtol": 1e-10, "atol": 1e-11}
        np.testing.assert_allclose(found.coefficients, told.params, **same)
        np.testing.assert_allclose(found.information, told.normalized_cov_params, **same)
        np.testing.assert_allclose(found.mean, told.fittedvalues, **same)
        assert found.pearson == pytest.approx(float(told.pearson_chi2), rel=1e-11)


def test_what_runs_away_is_left_to_the_library_and_the_others_are_fitted():
    counts = drawn(2)
    counts[MONTHS.dt.year == 2019] = 0
    end = pd.Timestamp("2019-01-01")
    nothing_after = interrupted_time_series.build_design(MONTHS, end, Terms())
    twice = np.column_stack(
        [nothing_after[:, :-1], nothing_after[:, 0]]
    )  # a column that says nothing new
    middle = interrupted_time_series.build_design(MONTHS, pd.Timestamp("2014-03-01"), Terms())
    found = count_models.fit_models(counts, np.stack([nothing_after, middle, twice]), OFFSET)
    assert [each is None for each in found] == [True, False, True]


@pytest.mark.parametrize("seed", range(4))
def test_dates_tried_together_are_each_what_it_is_alone(seed):
    seen = pd.DataFrame({"month": MONTHS, "days": MONTHS.dt.days_in_month, "count": drawn(seed)})
    steps = list(MONTHS[20:120:9])
    noise = Noise(0.03, 1.5)
    together = interrupted_time_series.estimate_effects_at(seen, seen, steps, Terms(), noise)
    for step, found in zip(steps, together, strict=True):
        steady = interrupted_time_series.fit_model(seen, step)
        model = steady and interrupted_time_series.let_level_wander(steady, noise)
        assert model is not None and found is not None
        alone = interrupted_time_series.estimate_effect(model, seen[seen["month"] >= step])
        assert alone is not None
        assert vars(found) == pytest.approx(vars(alone), rel=1e-8, abs=1e-8)
