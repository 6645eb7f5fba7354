"""Homicides planned for each city and year, after one published series."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np

from longevity.demo.streams import Streams, draw_poisson, number_day
from longevity.errors import DataError
from longevity.settings import City, Settings

PUBLISHED = "published_counts.csv"
A_VICTIM = 0.21  # of an incident, where nothing is published: homicides ÷ incidents


@dataclass(frozen=True)
class Year:
    """The homicides of one city in one whole year, and where the figure is from."""

    year: int
    total: int
    source: str  # published, interpolated, nearest, level


def plan_homicides(settings: Settings, city: City, seed: int, until: date) -> list[Year]:
    """Return one `Year` a year from the start of the demonstration to the year of `until`.

    Published where there is a row (the first, where there are two), linear
    between, the nearest beyond; drawn from the city's level without any. A
    first year that is cut short gets its share.
    """
    starts = settings.demonstration.starts_on
    totals = _read_published(settings, city)
    years = range(starts.year, until.year + 1)
    if totals:
        plans = [_follow_year(year, totals) for year in years]
    else:
        mean = city.demonstration.incidents_a_month * 12 * A_VICTIM
        # One stream for every world, as the published series is one for every world.
        uniform = Streams(seed, 0, city.id).uniform("homicides", len(years))
        counts = draw_poisson(uniform, np.full(len(years), mean))
        plans = [Year(year, int(count), "level") for year, count in zip(years, counts, strict=True)]
    share = 1 - (number_day(starts) - number_day(date(starts.year, 1, 1))) / 365.25
    plans[0] = Year(plans[0].year, int(plans[0].total * share + 0.5), plans[0].source)
    return plans


def _follow_year(year: int, totals: dict[int, float]) -> Year:
    if year in totals:
        return Year(year, int(totals[year] + 0.5), "published")
    years = sorted(totals)
    value = float(np.interp(year, years, [totals[y] for y in years]))
    source = "interpolated" if years[0] < year < years[-1] else "nearest"
    return Year(year, int(value + 0.5), source)


def _read_published(settings: Settings, city: City) -> dict[int, float]:
    path = settings.reference / PUBLISHED
    if not path.exists():
        return {}
    totals: dict[int, float] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if (
                    row["place"] == city.reference_key
                    and row["metric"] == settings.demonstration.homicides_follow
                ):
                    totals.setdefault(int(row["year"]), float(row["value"]))
    except (KeyError, TypeError, ValueError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name} cannot be read as published counts.",
            "It needs the columns place, year, metric and value, the last two whole numbers.",
        ) from error
    return totals
