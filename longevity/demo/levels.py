"""Expected shooting incidents a month, with the planted effect of the program.

Two parts of each city: incidents that are or will be confirmed as
group-member-involved, and the others. Both are log-linear in trend and season;
from the first whole month of the program on the first part is scaled by one
factor, chosen so that the mean difference is exactly the planted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from longevity.demo.streams import (
    Floats,
    Ints,
    find_first_day,
    find_month,
    find_weekday,
    number_day,
)
from longevity.errors import ConfigError
from longevity.settings import City

EVALUATED_UNTIL = date(2019, 12, 1)
SHORTEST_EVALUATION = 12  # months with the program, when it began late
LATE_EVALUATION = 60
TREND_A_YEAR = -0.01
SEASON = (0.28, 0.04)  # of the year and of the half year, on the log scale; peak in July
WEEKDAY = (0.92, 0.88, 0.88, 0.92, 1.05, 1.25, 1.20)


@dataclass(frozen=True)
class Level:
    """Expected counted incidents a month of one city. Arrays: one a month."""

    months: Ints  # months since 1970-01
    confirmed: Floats  # with the program from `effect_from` on
    confirmed_without: Floats  # had it never come
    others: Floats
    effect_from: int
    evaluated_until: int

    @property
    def effect(self) -> float:
        """Mean over the evaluated months of with minus without the program."""
        evaluated = (self.months >= self.effect_from) & (self.months <= self.evaluated_until)
        return float((self.confirmed - self.confirmed_without)[evaluated].mean())


def find_level(city: City, starts_on: date, until: date) -> Level:
    """Return the level of one city from the month of `starts_on` through the year of `until`."""
    plan = city.demonstration
    first = _number_month(starts_on)
    launched_on = city.require_launch()
    effect_from = _number_month(launched_on) + (launched_on.day > 1)
    evaluated = _number_month(EVALUATED_UNTIL)
    begins = max(first, effect_from)
    if begins + SHORTEST_EVALUATION > evaluated:
        evaluated = begins + LATE_EVALUATION - 1
    months = np.arange(first, max(_number_month(date(until.year, 12, 1)), evaluated) + 1)
    shape = _shape_months(months)
    before = months < effect_from
    if before.sum() < 12:
        before = months < first + 12
    shape /= shape[before].mean()
    without = plan.incidents_a_month * plan.gmi_share * shape
    evaluated_months = (months >= begins) & (months <= evaluated)
    factor = 1 + plan.effect_gmi_incidents_a_month / max(
        float(without[evaluated_months].mean()), 1e-9
    )
    if factor < 0:
        raise ConfigError(
            f"cities.{city.id}.demonstration: 'effect_gmi_incidents_a_month' would leave "
            "fewer than no incidents a month.",
            "Raise 'incidents_a_month' or 'gmi_share', or plant a smaller effect.",
        )
    return Level(
        months=months,
        confirmed=np.where(months >= effect_from, without * factor, without),
        confirmed_without=without,
        others=plan.incidents_a_month * (1 - plan.gmi_share) * shape,
        effect_from=effect_from,
        evaluated_until=evaluated,
    )


def spread_by_day(level: Level, a_month: Floats, days: Ints) -> Floats:
    """Return expected incidents on each of `days`; the days of a month sum to the month."""
    first, beyond = find_first_day(level.months[:1])[0], find_first_day(level.months[-1:] + 1)[0]
    every = np.arange(first, beyond)
    at = find_month(every) - level.months[0]
    weight = np.asarray(WEEKDAY)[find_weekday(every) - 1]
    whole = np.bincount(at, weights=weight)
    rate: Floats = (a_month[at] * weight / whole[at])[days - first]
    return rate


def _number_month(day: date) -> int:
    return int(find_month(np.array([number_day(day)]))[0])


def _shape_months(months: Ints) -> Floats:
    """Return days in the month × trend × season, peaking in the middle of July."""
    turn = 2 * np.pi * (months % 12 - 6) / 12
    season = SEASON[0] * np.cos(turn) + SEASON[1] * np.cos(2 * turn)
    length = find_first_day(months + 1) - find_first_day(months)
    years = (months - months[0]) / 12
    shape: Floats = length * np.exp(season + TREND_A_YEAR * years)
    return shape
