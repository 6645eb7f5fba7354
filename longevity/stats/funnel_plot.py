"""A funnel instead of a league table: which rates lie outside what chance alone would give.

Around the rate of all places together stand the limits within which a place of so many
residents would lie by chance: a small place may be far off and say nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from longevity.stats.dispersion import Dispersion
from longevity.stats.rates import PER, YEAR, read_known

# Two and three standard errors, as funnel plots are drawn.
WARNING_LEVEL, ALARM_LEVEL = 0.95, 0.998
POINTS = 80
INSIDE, ABOVE, BELOW, NO_RATE = "inside", "above", "below", "no_residents"


@dataclass(frozen=True)
class FunnelPlot:
    """Places and limits, in rates per 100,000 residents a year.

    `places`: the frame given with rate, expected (count at the common rate), at_95 and
    at_998 (inside, above, below, no_residents). `limits`: residents, low_95, high_95,
    low_998, high_998. `rate`: of all places together, None without residents or counts.
    """

    places: pd.DataFrame
    limits: pd.DataFrame
    rate: float | None


def build_funnel(
    frame: pd.DataFrame, measure: str, days: int, dispersion: Dispersion | None = None
) -> FunnelPlot:
    """Build the funnel of `frame`: name, counts and population, one row a place.

    Limits are quantiles of the Poisson distribution, or with a dispersion φ above 1.1 of
    the negative binomial of variance φ times its mean. They are counts that can happen: a
    place is outside when its count is beyond them.
    """
    counts, residents = read_known(frame, measure)
    has_rate = counts.notna()
    years = days / YEAR
    common = float(counts.sum() / residents.sum()) if has_rate.any() else math.nan
    places = frame.assign(rate=counts / residents / years * PER, expected=residents * common)
    for column, level in (("at_95", WARNING_LEVEL), ("at_998", ALARM_LEVEL)):
        low, high = _compute_quantiles(places["expected"].to_numpy(), level, dispersion)
        places[column] = np.select(
            [~has_rate, counts > high, counts < low], [NO_RATE, ABOVE, BELOW], INSIDE
        )
    grid = (
        np.linspace(0, residents.max() * 1.05, POINTS + 1)[1:] if has_rate.any() else np.array([])
    )
    limits = pd.DataFrame({"residents": grid}, dtype="float64")
    for name, level in (("95", WARNING_LEVEL), ("998", ALARM_LEVEL)):
        counted = _compute_quantiles(limits["residents"].to_numpy() * common, level, dispersion)
        for end, bound in zip(("low", "high"), counted, strict=True):
            limits[f"{end}_{name}"] = bound / limits["residents"] / years * PER
    return FunnelPlot(places, limits, common / years * PER if has_rate.any() else None)


def _compute_quantiles(
    expected: np.ndarray, level: float, dispersion: Dispersion | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest count still inside; NaN where none can be expected."""
    tails = ((1 - level) / 2, (1 + level) / 2)
    if dispersion is None or not dispersion.is_clustered:
        low, high = (stats.poisson.ppf(tail, expected) for tail in tails)
    else:
        size, share = expected / (dispersion.phi - 1), 1 / dispersion.phi
        low, high = (stats.nbinom.ppf(tail, size, share) for tail in tails)
    # Where none is expected none is the only count there is.
    return np.where(expected == 0, 0.0, low), np.where(expected == 0, 0.0, high)
