"""The fit written out, against statsmodels, which it stands in for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import NegativeBinomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from longevity.stats import count_models, interrupted_time_series
from longevity.stats.interrupted_time_series import Terms

MONTHS = pd.Series(pd.date_range("2008-01-01", "2019-12-01", freq="MS"))
OFFSET = np.log(MONTHS.dt.days_in_month.to_numpy() / 30.4375)


def drawn(seed: int, mean: float = 6.0) -> np.ndarray:
    """Counts that vary more than Poisson counts do."""
    dice = np.random.default_rng([seed, 5])
    return dice.poisson(mean * dice.gamma(2, 1 / 2, len(MONTHS))).astype(float)


def designs(seed: int) -> np.ndarray:
    """Four places for the step, with a change of slope or without."""
    dice = np.random.default_rng([seed, 6])
    steps = [pd.Timestamp(year=int(year), month=3, day=1) for year in dice.integers(2010, 2018, 4)]
    terms = Terms(slope=bool(seed % 2), bend=bool(seed % 3 == 0))
    return np.stack([interrupted_time_series.build_design(MONTHS, step, terms) for step in steps])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_every_fit_is_the_one_of_statsmodels(seed: int, alpha: float) -> None:
    counts, tried = drawn(seed), designs(seed)
    family = NegativeBinomial(alpha=alpha) if alpha else Poisson()
    for matrix, found in zip(
        tried, count_models.fit_models(counts, tried, OFFSET, alpha), strict=True
    ):
        told = GLM(counts, matrix, family=family, offset=OFFSET).fit()
        assert found is not None
        same = {"rtol": 1e-10, "atol": 1e-11}
        np.testing.assert_allclose(found.coefficients, told.params, **same)
        np.testing.assert_allclose(found.information, told.normalized_cov_params, **same)
        np.testing.assert_allclose(found.mean, told.fittedvalues, **same)
        assert found.pearson == pytest.approx(float(told.pearson_chi2), rel=1e-11)


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_errors_for_months_that_follow_one_another_are_those_of_statsmodels(alpha: float) -> None:
    counts, matrix = drawn(1), designs(1)[0]
    family = NegativeBinomial(alpha=alpha) if alpha else Poisson()
    hac = {"maxlags": 4, "use_correction": True}
    told = GLM(counts, matrix, family=family, offset=OFFSET).fit(cov_type="HAC", cov_kwds=hac)
    (found,) = count_models.fit_models(counts, matrix[None], OFFSET, alpha)
    assert found is not None
    spread = count_models.estimate_newey_west(counts, matrix, found.mean, alpha, 4)
    np.testing.assert_allclose(spread, told.cov_params(), rtol=1e-8, atol=1e-11)


def test_what_runs_away_is_left_to_the_library_and_the_others_are_fitted() -> None:
    counts, tried = drawn(2), designs(2)
    counts[MONTHS.dt.year == 2019] = 0
    end = pd.Timestamp("2019-01-01")
    nothing_after = interrupted_time_series.build_design(MONTHS, end, Terms())
    twice = np.column_stack([tried[0][:, :-1], tried[0][:, 0]])  # a column that says nothing new
    found = count_models.fit_models(counts, np.stack([nothing_after, tried[0], twice]), OFFSET, 0.0)
    assert [each is None for each in found] == [True, False, True]


@pytest.mark.parametrize("seed", range(4))
def test_dates_tried_together_are_each_what_it_is_alone(seed: int) -> None:
    seen = pd.DataFrame({"month": MONTHS, "days": MONTHS.dt.days_in_month, "count": drawn(seed)})
    steps = list(MONTHS[20:120:9])
    together = interrupted_time_series.estimate_effects_at(seen, seen, steps, Terms())
    for step, found in zip(steps, together, strict=True):
        model = interrupted_time_series.fit_model(seen, step)
        assert model is not None and found is not None
        alone = interrupted_time_series.estimate_effect(model, seen[seen["month"] >= step])
        assert alone is not None
        assert vars(found) == pytest.approx(vars(alone), rel=1e-11, abs=1e-11)
