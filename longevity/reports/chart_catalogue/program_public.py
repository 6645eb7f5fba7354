"""Charts of the program that the public may have: closed periods only, counted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from longevity.charts.figures import shares
from longevity.errors import DataError
from longevity.reports.chart_catalogue.definition import CITY, PROGRAM, WAIT, ChartAndAnswers, Entry
from longevity.reports.context import ReportContext
from longevity.text import chart_titles, offered_titles, public_text


def _draw_steps(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("public_funnel")
    if answer.frame.empty:
        raise DataError(public_text.describe_attendance(answer.frame, context.cities), WAIT)
    city = values["city"]
    rows = answer.frame[answer.frame["city"] == city]
    name, year = context.cities[city], public_text.find_year(rows)
    title = f"Call-ins of {year}, {chart_titles.write_call_in_title(rows, name)}"
    chart = shares.draw_steps(rows, context.make_drawing(), title)
    topic = f"From invitation to service, call-ins of {year}, {name}"
    return replace(chart, titles={offered_titles.TOPIC: topic}), (answer,)


def _draw_promises(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("public_promises")
    if not answer.frame["episodes"].notna().any():
        many = len(context.cities)
        do = WAIT if public_text.can_count_promises(many) else ""
        raise DataError(public_text.describe_promises(answer.frame, many), do)
    title = chart_titles.write_promises_title(answer.frame)
    chart = shares.draw_promises(answer.frame, context.make_drawing(), title)
    titles = offered_titles.list_follow_up_titles(answer.frame)
    return replace(chart, titles=titles), (answer,)


ENTRIES = (
    Entry("call-in-steps", "From invitation to service", (CITY,), _draw_steps, subject=PROGRAM),
    Entry(
        "promises-by-year",
        "Follow-up by the year a case began",
        (),
        _draw_promises,
        subject=PROGRAM,
    ),
)
