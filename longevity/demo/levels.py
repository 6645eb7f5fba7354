"""What is expected of a city: shootings a month, with the planted effect, and homicides a year.

Incidents that are or will be confirmed as group-member-involved and the others are
both log-linear in trend and season; from the first whole month of the program on the
first are scaled by one factor, so that the mean difference is exactly the planted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from longevity.base.errors import ConfigError, DataError
from longevity.demo.streams import Bools, Floats, Ints, find_first_day, find_month, open_dice
from longevity.settings import City, Settings

EVALUATED_UNTIL = date(2019, 12, 1)
LEAST_EVALUATED = 60  # months with the program that an evaluation needs
TREND_A_YEAR = -0.01  # of the logarithm of the level
SEASON = (0.28, 0.04)  # of the year and of the half year, on the log scale; peak in July
WEEKDAY = np.array([0.92, 1.05, 1.25, 1.20, 0.92, 0.88, 0.88])  # from Thursday on


@dataclass(frozen=True)
class Level:
    """Expected counted incidents a month of one city. Arrays: one a month."""

    months: Ints  # months since 1970-01
    confirmed: Floats  # confirmed as by a group, with the program from `effect_from` on
    confirmed_without: Floats  # the same, had the program never come
    others: Floats
    effect_from: int
    evaluated: Bools  # whether each month is one in which the program is judged

    @property
    def effect(self) -> float:
        """Mean over the evaluated months of with minus without the program."""
        return float((self.confirmed - self.confirmed_without)[self.evaluated].mean())

    def spread_by_day(self, a_month: Floats, days: Ints) -> Floats:
        """Return expected incidents on each of `days`; the days of a month sum to the month."""
        first, beyond = find_first_day(np.array([self.months[0], self.months[-1] + 1]))
        every = np.arange(first, beyond)  # all days of all months
        at = find_month(every) - self.months[0]
        weight = WEEKDAY[every % 7]
        rate: Floats = (a_month[at] * weight / np.bincount(at, weights=weight)[at])[days - first]
        return rate


def find_level(city: City, starts_on: date, until: date) -> Level:
    """Return the level of one city from the month of `starts_on` through that of `until`."""
    plan, launched_on = city.demonstration, city.require_launch()
    first = _number_month(starts_on)
    effect_from = _number_month(launched_on - timedelta(days=1)) + 1
    judged_to = max(_number_month(EVALUATED_UNTIL), effect_from + LEAST_EVALUATED - 1)
    months = np.arange(first, max(_number_month(until), judged_to) + 1)
    evaluated = (months >= effect_from) & (months <= judged_to)
    # Days in the month × trend × season, which peaks in the middle of July.
    turn = 2 * np.pi * (months % 12 - 6) / 12
    season = SEASON[0] * np.cos(turn) + SEASON[1] * np.cos(2 * turn)
    length = np.diff(find_first_day(np.append(months, months[-1] + 1)))
    shape = length * np.exp(season + TREND_A_YEAR * ((months - first) / 12))
    shape /= shape[: max(effect_from - first, 12)].mean()
    without = plan.incidents_a_month * plan.gmi_share * shape
    others = plan.incidents_a_month * (1 - plan.gmi_share) * shape
    mean = max(float(without[evaluated].mean()), 1e-9)
    factor = 1 + plan.effect_gmi_incidents_a_month / mean
    if factor < 0:
        raise ConfigError(
            f"cities.{city.id}.demonstration: 'effect_gmi_incidents_a_month' would leave "
            "fewer than no incidents a month.",
            "Raise 'incidents_a_month' or 'gmi_share', or plant a smaller effect.",
        )
    confirmed = np.where(months >= effect_from, without * factor, without)
    return Level(months, confirmed, without, others, effect_from, evaluated)


def _number_month(day: date) -> int:
    return (day.year - 1970) * 12 + day.month - 1


def plan_homicides(settings: Settings, city: City, seed: int, until: date) -> dict[int, int]:
    """Return the homicides of each year, `{2015: 13}`, from the demonstration's start to `until`.

    As published, linear between published years and the nearest beyond them; drawn from the city's
    level where none is published.
    """
    starts, series = settings.demonstration.starts_on, settings.demonstration.homicides_follow
    years = np.arange(starts.year, until.year + 1)
    mean = city.demonstration.incidents_a_month * 12 * 0.21
    # One series for every world, as the published one is.
    totals = open_dice(seed, world=0, city=city.id, purpose="homicides").poisson(mean, years.size)
    path = settings.reference / "published_counts.csv"
    if path.exists():
        try:
            table = pd.read_csv(path)
            table = table[(table["place"] == city.reference_key) & (table["metric"] == series)]
            table = table.astype({"year": int, "value": float})
        except (KeyError, ValueError) as error:
            raise DataError(
                f"{path.name} cannot be read as published counts.",
                "It needs the columns place, year, metric and value, the last two whole numbers.",
            ) from error
        # The first figure, where there are two.
        table = table.drop_duplicates("year").sort_values("year")
        if len(table):
            totals = np.floor(np.interp(years, table["year"], table["value"]) + 0.5).astype(int)
    return dict(zip(years.tolist(), totals.tolist(), strict=True))
