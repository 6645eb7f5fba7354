"""Charts of counts over time."""

from __future__ import annotations

from collections.abc import Mapping

from longevity.errors import DataError
from longevity.measures import counts
from longevity.press.chart import Chart
from longevity.press.charts.entry import MEASURE, Entry
from longevity.press.desk import Desk
from longevity.press.figures import trends
from longevity.warehouse.warehouse import Answer

YEARS_OF_MONTHS = 2  # before this one


def _year_to_date(desk: Desk, values: Mapping[str, str]) -> tuple[Chart, tuple[Answer, ...]]:
    answer = desk.ask("year_to_date_by_city")
    through = answer.provenance.data_through
    if through is None:
        raise DataError("This release has no incidents and victims.", "Publish some.")
    measure = values["measure"]
    title = counts.same_days_title(answer.frame, measure, through, desk.cities)
    chart = trends.same_days(answer.frame, desk.drawing(), measure, title, through)
    return chart, (answer,)


def _months(desk: Desk, values: Mapping[str, str]) -> tuple[Chart, tuple[Answer, ...]]:
    _, through = desk.span()
    answer = desk.ask("victims_by_month", date_from=f"{through.year - YEARS_OF_MONTHS}-01-01")
    measure = values["measure"]
    title = counts.months_title(answer.frame, measure, desk.cities)
    return trends.months(answer.frame, desk.drawing(), measure, title), (answer,)


ENTRIES = (
    Entry(
        "year-to-date",
        "This year so far, and the same days of each year",
        (MEASURE,),
        _year_to_date,
    ),
    Entry("months", "Month by month, one row a city", (MEASURE,), _months),
)
