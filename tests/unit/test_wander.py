"""How a level wanders: found where it is drawn, and in the errors of a step."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from longevity.settings import ROOT
from longevity.stats import wander
from longevity.stats.wander import Noise

BEFORE, AFTER = 60, 60
SINCE = np.arange(-BEFORE, AFTER) + 0.5
DESIGN = np.column_stack([np.ones(SINCE.size), SINCE > 0]).astype(float)
NO_OFFSET = np.zeros(SINCE.size)


def drawn(seed: int, step: float, mean: float = 30.0) -> np.ndarray:
    """Counts whose level walks by `step` a month."""
    dice = np.random.default_rng([seed, 9])
    level = np.exp(np.cumsum(dice.normal(0, step, SINCE.size)))
    return dice.poisson(mean * level).astype(float)


def find_noise(counts: np.ndarray) -> Noise:
    """What the counts show beyond a level before and one after."""
    mean = np.where(SINCE < 0, counts[:BEFORE].mean(), counts[BEFORE:].mean())
    return wander.estimate_noise(counts, mean, DESIGN, SINCE)


def test_more_is_found_of_a_level_that_wanders_more():
    found = {step: np.median([find_noise(drawn(seed, step)).step for seed in range(15)]) for step in (0.0, 0.04, 0.15)}
    assert found[0.0] < 0.03 < found[0.04] < 0.06 < found[0.15] < 0.2


def test_counts_that_come_together_are_no_walk():
    dice = np.random.default_rng(3)
    noises = [find_noise(dice.poisson(dice.gamma(30 / 2, 2.0, SINCE.size))) for _ in range(10)]
    assert np.median([each.scale for each in noises]) == pytest.approx(3.0, rel=0.25)
    assert np.median([each.step for each in noises]) < wander.USUAL


def covariance(mean: float, noise: Noise) -> float:
    """The variance of the step, of one mean throughout."""
    means = np.full(SINCE.size, mean)
    return float(wander.estimate_covariance(DESIGN, means, SINCE, noise)[1, 1])


def test_without_a_walk_the_errors_are_those_of_counts():
    by_hand = 1.5 / (10 * BEFORE) + 1.5 / (10 * AFTER)
    assert covariance(10.0, Noise(0.0, 1.5)) == pytest.approx(by_hand)


def test_the_errors_of_a_walk_are_those_of_a_filter_by_hand():
    """Month by month: what is known of the level at the launch, and how far it is carried on."""
    step, scale, mean = 0.05, 1.2, 10.0
    known = math.inf
    for _ in range(BEFORE):  # the level of a month, then a walk to the middle of the next
        known = 1 / (1 / (known + step**2) + mean / scale)
    known += step**2 / 2  # half a month, to the launch itself
    months = [(at + 0.5) for at in range(AFTER)]
    walked = step**2 * sum(min(a, b) for a in months for b in months) / AFTER**2
    by_hand = known + walked + scale / (mean * AFTER)
    assert covariance(mean, Noise(step, scale)) == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_expected_after_the_step_adds_up_to_what_was_counted(seed):
    counts = drawn(seed, 0.1)
    fit = wander.fit_counts(counts, DESIGN, NO_OFFSET, SINCE, find_noise(counts))
    assert fit is not None
    assert fit.mean[BEFORE:].sum() == pytest.approx(counts[BEFORE:].sum(), rel=1e-6)


def test_what_is_carried_on_is_the_level_just_before_the_step():
    # Ten years ago 90 a month, then 30: months long past say little of a level that wanders.
    counts = np.where(SINCE < -24, 90.0, 30.0)
    fit = wander.fit_counts(counts, DESIGN, NO_OFFSET, SINCE, Noise(0.1, 1.0))
    assert fit is not None
    assert fit.mean[0] == pytest.approx(30, rel=0.02)


def test_what_is_believed_beforehand_is_what_homicides_of_forty_years_show():
    frame = pd.read_csv(ROOT / "data" / "reference" / "state_homicides.csv")
    years, counts = frame["year"].to_numpy(), frame["homicide"].to_numpy(dtype=float)
    is_known = (years <= 2019) & (years != 2012)  # the year the program came
    years, counts = years[is_known], counts[is_known]
    mean = np.where(years > 2012, counts[years > 2012].mean(), counts[years < 2012].mean())
    design = np.column_stack([np.ones(years.size), years > 2012]).astype(float)
    noise = wander.estimate_noise(counts, mean, design, 12.0 * (years - 2013) + 6)
    assert noise.step == pytest.approx(0.03, abs=0.005)
