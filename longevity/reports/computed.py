"""What takes seconds to compute. A screen keeps it between visits; elsewhere it is made anew."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from longevity.settings import Settings
from longevity.stats import clusters, evaluation, monthly_series, reporting_delay
from longevity.stats.clusters import Clusters
from longevity.stats.evaluation import Evaluation
from longevity.stats.evaluation_checks import OtherPlace
from longevity.stats.monthly_series import Span
from longevity.stats.reporting_delay import ReportingDelay
from longevity.text import availability

if TYPE_CHECKING:
    from longevity.reports.context import Desk


def growth(settings: Settings, frame: pd.DataFrame, through: date) -> dict[str, ReportingDelay]:
    """How much each city's newest weeks still grow, by city.

    `frame`: city, day, recorded_on, incidents.
    """
    least = settings.thresholds.least_base_for_percentage
    return {
        city.id: reporting_delay.estimate_reporting_delay(
            frame[frame["city"] == city.id], through, city.week_ends_iso, least
        )
        for city in settings.cities.values()
    }


def evaluated(settings: Settings, city: str, frame: pd.DataFrame) -> Evaluation:
    """The evaluation of one city from `frame` (city, month, incidents, …, of every city).

    A city whose source does not hold every shooting stands beside none.
    """
    cities = settings.cities
    frame = availability.select_known(frame, "incidents")
    launched_on = cities[city].launched_on
    until = monthly_series.choose_end_month(
        monthly_series.find_last_months(frame), city, launched_on, settings.evaluation_until
    )
    others = {
        each.name: OtherPlace(frame[frame["city"] == each.id], each.launched_on)
        for each in cities.values()
        if each.id != city and (frame["city"] == each.id).any()
    }
    return evaluation.evaluate_place(
        frame[frame["city"] == city],
        cities[city].name,
        Span(launched_on, until),
        others,
    )


def clustered(desk: Desk, frame: pd.DataFrame, city: str, measure: str) -> Clusters:
    """The clusters among one city's neighbourhoods.

    `frame`: city, neighbourhood, counts, population, of every city.
    """
    return clusters.find_clusters(frame[frame["city"] == city], measure, desk.touching(city))
