"""What a chart of the catalogue finds, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from longevity.errors import DataError
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.context import ReportContext


def say_finding(context: ReportContext, chart: str, values: Mapping[str, str]) -> str:
    """Return the title of a chart as a sentence, or why it cannot be drawn."""
    try:
        drawn = context.compute(catalogue.draw_chart, chart, values)
    except DataError as error:
        return str(error)
    return f"{drawn.chart.title}."
