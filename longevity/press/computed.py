"""What takes seconds to compute. A screen keeps it between visits; elsewhere it is made anew."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from longevity.measures import availability, clusters, evaluation, monthly, provisional
from longevity.measures.clusters import Clusters
from longevity.measures.evaluation import Evaluation
from longevity.measures.evaluation_checks import Other
from longevity.measures.monthly import Span
from longevity.measures.provisional import Provisional
from longevity.settings import Settings

if TYPE_CHECKING:
    from longevity.press.desk import Desk


def growth(settings: Settings, frame: pd.DataFrame, through: date) -> dict[str, Provisional]:
    """How much each city's newest weeks still grow, by city.

    `frame`: city, day, recorded_on, incidents.
    """
    least = settings.thresholds.least_base_for_percentage
    return {
        city.id: provisional.provisional(
            frame[frame["city"] == city.id], through, city.week_ends_iso, least
        )
        for city in settings.cities.values()
    }


def evaluated(settings: Settings, city: str, frame: pd.DataFrame) -> Evaluation:
    """The evaluation of one city from `frame` (city, month, incidents, …, of every city).

    A city whose source does not hold every shooting stands beside none.
    """
    cities = settings.cities
    frame = availability.known(frame, "incidents")
    launched_on = cities[city].launched_on
    until = monthly.end_month(
        monthly.last_months(frame), city, launched_on, settings.evaluation_until
    )
    others = {
        each.name: Other(frame[frame["city"] == each.id], each.launched_on)
        for each in cities.values()
        if each.id != city and (frame["city"] == each.id).any()
    }
    return evaluation.evaluate(
        frame[frame["city"] == city],
        cities[city].name,
        Span(launched_on, until),
        settings.thresholds.least_base_for_percentage,
        others,
    )


def clustered(desk: Desk, frame: pd.DataFrame, city: str, measure: str) -> Clusters:
    """The clusters among one city's neighbourhoods.

    `frame`: city, neighbourhood, counts, population, of every city.
    """
    return clusters.among(frame[frame["city"] == city], measure, desk.touching(city))
