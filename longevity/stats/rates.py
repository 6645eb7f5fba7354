"""Counts and rates of places, each with the state it is in, and with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import special

from longevity.stats.comparison import LEVEL
from longevity.stats.dispersion import Dispersion

PER = 100_000  # residents
YEAR = 365.25  # days
COUNT, RATE = "count", "rate"
TINY = 1e-9  # events, where there are none and no quantile is asked for


def compute_area_values(
    frame: pd.DataFrame, measure: str, days: int | pd.Series, show: str = COUNT
) -> pd.DataFrame:
    """Return `frame` with value and state for each area.

    `frame`: city, neighbourhood, counts, population; date_from where it is of several periods,
    whose `days` are then a number a row. `show` is `count`, or `rate`, per 100,000 residents a
    year over a period of `days`. State: "shown", "zero" (of the value shown), or "no_residents", of
    an area that has no rate.
    """
    if show == COUNT:
        values = frame[measure].astype("float64")
    else:
        values = compute_rates(frame, measure, days)
    state = np.select([values.isna(), values.eq(0)], ["no_residents", "zero"], "shown")
    return frame.assign(value=values, state=state)


def compute_rates(frame: pd.DataFrame, measure: str, days: int | pd.Series) -> pd.Series:
    """Return rates per 100,000 residents a year; NaN without residents.

    `frame`: counts and population.
    """
    counts, residents = read_known(frame, measure)
    return counts / residents * PER * YEAR / days


def add_rate_intervals(
    frame: pd.DataFrame,
    measure: str,
    days: int,
    dispersion: Dispersion | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return `frame` with rate, rate_low and rate_high per 100,000 residents a year.

    `frame`: counts and population; a row without residents, or without a count, has none.
    `bound_rates` says which interval it is.
    """
    counts, residents = read_known(frame, measure)
    time = residents * days / YEAR / PER
    low, high = bound_rates(counts.to_numpy(), time.to_numpy(), dispersion, level)
    return frame.assign(rate=counts / time, rate_low=low, rate_high=high)


def read_known(frame: pd.DataFrame, measure: str) -> tuple[pd.Series, pd.Series]:
    """Return counts and residents, both missing where one is, and where no one lives."""
    counts, residents = (
        pd.to_numeric(frame[name]).astype("float64") for name in (measure, "population")
    )
    has_rate = counts.notna() & (residents > 0)
    return counts.where(has_rate), residents.where(has_rate)


def add_rate_intervals_by_city(
    frame: pd.DataFrame, measure: str, days: int, dispersions: Mapping[str, Dispersion | None]
) -> pd.DataFrame:
    """Return what `add_rate_intervals` does, each city's row with its own dispersion."""
    cities = [
        add_rate_intervals(row, measure, days, dispersions.get(str(city)))
        for city, row in frame.groupby("city", sort=False, observed=True)
    ]
    return pd.concat(cities) if cities else add_rate_intervals(frame, measure, days)


def bound_rates(
    counts: np.ndarray, time: np.ndarray, dispersion: Dispersion | None, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of the rate of so many events over so much time.

    The interval is exact for independent events (Garwood). Where `dispersion` says that they
    come in clusters it is that of count ÷ φ over time ÷ φ, with Student's quantile for a φ
    that is estimated; never narrower than the exact one.
    """
    low, high = _bound_exactly(counts, time, 1 - level)
    if dispersion is None or not dispersion.is_clustered:
        return low, high
    alpha = 2 * float(special.ndtr(-dispersion.compute_critical_value(level)))
    wide_low, wide_high = _bound_exactly(counts / dispersion.phi, time / dispersion.phi, alpha)
    return np.minimum(low, wide_low), np.maximum(high, wide_high)


def _bound_exactly(
    counts: np.ndarray, time: np.ndarray, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds for independent events; `alpha`: the chance of one outside them, 0.05."""
    # Garwood's bounds are quantiles of the gamma distribution; of no event the lower is nought.
    low = np.where(counts > 0, special.gammaincinv(np.maximum(counts, TINY), alpha / 2), 0.0)
    return low / time, special.gammainccinv(counts + 1, alpha / 2) / time
