"""Counts and rates of places, each with the state it is in, with intervals and smoothed."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import special

from longevity.stats.comparison import LEVEL
from longevity.stats.dispersion import Dispersion
from longevity.text import wording

PER = 100_000
YEAR = 365.25
COUNT, RATE, SMOOTHED = "count", "rate", "smoothed"
TINY = 1e-9  # events, where there are none and no quantile is asked for
NBSP = "\u00a0"


def of_areas(
    frame: pd.DataFrame, measure: str, noun: str, days: int, show: str = COUNT
) -> pd.DataFrame:
    """`frame` with value, state and said for each area.

    `frame`: city, neighbourhood, counts, population. `show` is `count`, `rate`, per
    100,000 residents a year over a period of `days`, or `smoothed`, the same drawn towards
    the city's. An area without residents has no rate and says so; zero is a state of its
    own, of the value shown.
    """
    shown = frame.copy()
    counts = shown[measure].astype("float64")
    residents = pd.to_numeric(shown["population"]).astype("float64")
    own = counts if show == COUNT else counts / residents.where(residents > 0) * PER * YEAR / days
    shown["value"] = smoothed(shown, measure, days) if show == SMOOTHED else own
    shown["state"] = shown["value"].eq(0).map({True: "zero", False: "shown"})
    shown.loc[shown["value"].isna(), "state"] = "no_residents"
    shown["said"] = [
        _said(name, f"{_titled(noun)}: {wording.format_number(count)}", value, by_itself, show)
        for name, count, value, by_itself in zip(
            shown["neighbourhood"], shown[measure], shown["value"], own, strict=True
        )
    ]
    return shown


def _said(name: str, counted: str, value: float, by_itself: float, show: str) -> str:
    # A hover takes a little HTML, and a name may come from a file we were handed.
    line = f"<b>{html.escape(name, quote=False)}</b><br>{counted}"
    if show == COUNT:
        return line
    if pd.isna(value):
        return f"{line}<br>no residents, so no rate"
    if show == RATE:
        return f"{line}<br>{value:,.1f} per 100,000 residents a year"
    return (
        f"{line}<br>{by_itself:,.1f} per 100,000 residents a year by itself"
        f"<br>{value:,.1f} smoothed"
    )


def _titled(noun: str) -> str:
    # "People shot: 1" is right for any number, "1 people shot" is not.
    return noun[:1].upper() + noun[1:]


def unit(noun: str, show: str) -> str:
    """What the numbers of a map are."""
    if show == COUNT:
        return noun
    drawn = ", smoothed" if show == SMOOTHED else ""
    return f"{noun} per 100,000 residents a year{drawn}"


def decimals(show: str) -> int:
    """How many decimals the numbers of a map are written with."""
    return 0 if show == COUNT else 1


def caution(areas: pd.DataFrame, show: str, cities: Mapping[str, str]) -> str:
    """How a map is to be read; empty for counts. `areas`: as `of_areas` gives them."""
    if show == RATE:
        return "A rate of a small place or a short period swings widely. Read it with its count."
    if show != SMOOTHED:
        return ""
    said = (
        "Each rate is drawn towards its city's, the more the fewer live there, so that a small "
        "place does not stand out by chance alone. A place with none has a rate too."
    )
    valued = areas[areas["value"].notna()]
    spread = valued.groupby("city", sort=False, observed=True)["value"].agg(["min", "max", "size"])
    alike = spread[np.isclose(spread["min"], spread["max"]) & (spread["size"] > 1)].index
    if len(alike):
        names = wording.join_words([cities[city] for city in alike])
        said += (
            f" In {names} the neighbourhoods differ no more than chance would make them: each "
            "has the city's rate."
        )
    return said


def with_intervals(
    frame: pd.DataFrame,
    measure: str,
    days: int,
    dispersion: Dispersion | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """`frame` with rate, rate_low and rate_high per 100,000 residents a year.

    `frame`: counts and population; a row without residents, or without a count, has none.
    The interval is exact for independent events (Garwood). Where `dispersion` says that they
    come in clusters it is that of count ÷ φ over residents ÷ φ, with Student's quantile for
    a φ that is estimated; never narrower than the exact one.
    """
    found = frame.copy()
    counts = pd.to_numeric(found[measure]).astype("float64")
    residents = pd.to_numeric(found["population"]).astype("float64")
    told = counts.notna() & (residents > 0)
    time = (residents[told] * days / YEAR / PER).to_numpy()
    low, high = _exact(counts[told].to_numpy(), time, 1 - level)
    if dispersion is not None and dispersion.clustered:
        alpha = 2 * float(special.ndtr(-dispersion.critical(level)))
        wide = _exact(counts[told].to_numpy() / dispersion.phi, time / dispersion.phi, alpha)
        low, high = np.minimum(low, wide[0]), np.maximum(high, wide[1])
    for column, values in (
        ("rate", counts[told].to_numpy() / time),
        ("rate_low", low),
        ("rate_high", high),
    ):
        found[column] = pd.Series(values, index=found.index[told]).reindex(found.index)
    return found


def by_city(
    frame: pd.DataFrame, measure: str, days: int, dispersions: Mapping[str, Dispersion | None]
) -> pd.DataFrame:
    """The same of a row a city, each with the dispersion of its own."""
    each = [
        with_intervals(row, measure, days, dispersions.get(str(city)))
        for city, row in frame.groupby("city", sort=False, observed=True)
    ]
    return pd.concat(each) if each else with_intervals(frame, measure, days)


def _exact(counts: np.ndarray, time: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    # Garwood's bounds are quantiles of the gamma distribution; of no event the lower is nought.
    low = np.where(counts > 0, special.gammaincinv(np.maximum(counts, TINY), alpha / 2), 0.0)
    return low / time, special.gammainccinv(counts + 1, alpha / 2) / time


def rate_said(rate: float, low: float, high: float, level: float = LEVEL) -> str:
    """ "12.3 per 100,000 residents a year (95\u00a0% interval 8.1 to 18.0)"; NaN has no rate."""
    if pd.isna(rate):
        return "no residents, so no rate"
    return (
        f"{rate:,.1f} per 100,000 residents a year "
        f"({100 * level:.0f}{NBSP}% interval {low:,.1f} to {high:,.1f})"
    )


def smoothed(frame: pd.DataFrame, measure: str, days: int) -> pd.Series:
    """Rates drawn towards their city's, the more the fewer live there (empirical Bayes).

    `frame`: city, counts, population. Per 100,000 residents a year; NaN without residents
    or without a count. Where the areas of a city differ no more than chance would make
    them, all have the city's rate.
    """
    residents = pd.to_numeric(frame["population"]).astype("float64")
    counts = pd.to_numeric(frame[measure]).astype("float64")
    told = counts.notna() & (residents > 0)
    found = pd.Series(np.nan, index=frame.index, dtype="float64", name="smoothed")
    for _, own in frame[told].groupby("city", sort=False, observed=True):
        rates = _drawn_in(counts[own.index].to_numpy(), residents[own.index].to_numpy())
        found[own.index] = rates * PER * YEAR / days
    return found


def _drawn_in(counts: np.ndarray, residents: np.ndarray) -> np.ndarray:
    """Events a resident, each between its own and that of all."""
    from esda.smoothing import Empirical_Bayes

    together = counts.sum() / residents.sum()
    if together == 0:
        return np.zeros_like(residents)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.asarray(Empirical_Bayes(counts, residents).r).ravel()
    own = counts / residents
    # A variance between areas estimated below zero would push rates past their own, beyond
    # the city's or to infinity: it stands for no difference between areas.
    between = (np.minimum(own, together) <= rates) & (rates <= np.maximum(own, together))
    return rates if between.all() else np.full_like(rates, together)
