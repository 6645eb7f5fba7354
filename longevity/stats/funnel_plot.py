"""A funnel instead of a league table: which rates lie outside what chance alone would give.

Around the rate of all places together stand the limits within which a place of so many
residents would lie by chance: a small place may be far off and say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from longevity.stats.dispersion import Dispersion
from longevity.stats.rates import PER, YEAR

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
    places = frame.copy()
    counts = pd.to_numeric(places[measure]).astype("float64")
    residents = pd.to_numeric(places["population"]).astype("float64")
    has_rate = counts.notna() & (residents > 0)
    years = days / YEAR
    places["rate"] = counts / residents.where(has_rate) / years * PER
    if not has_rate.any():
        places[["expected", "at_95", "at_998"]] = [np.nan, NO_RATE, NO_RATE]
        return FunnelPlot(places, _compute_limits(np.array([]), 0.0, dispersion), None)
    common = float(counts[has_rate].sum() / residents[has_rate].sum())
    places["expected"] = residents.where(has_rate) * common
    for column, level in (("at_95", WARNING_LEVEL), ("at_998", ALARM_LEVEL)):
        low, high = _compute_quantiles(places["expected"].to_numpy(), level, dispersion)
        places[column] = np.select(
            [~has_rate, counts > high, counts < low], [NO_RATE, ABOVE, BELOW], INSIDE
        )
    grid = np.linspace(0, residents[has_rate].max() * 1.05, POINTS + 1)[1:]
    limits = _compute_limits(grid, common, dispersion, years)
    return FunnelPlot(places, limits, common / years * PER)


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


def _compute_limits(
    residents: np.ndarray, common: float, dispersion: Dispersion | None, years: float = 1.0
) -> pd.DataFrame:
    limits = pd.DataFrame({"residents": residents})
    for name, level in (("95", WARNING_LEVEL), ("998", ALARM_LEVEL)):
        low, high = _compute_quantiles(residents * common, level, dispersion)
        limits[f"low_{name}"] = low / residents / years * PER
        limits[f"high_{name}"] = high / residents / years * PER
    return limits
