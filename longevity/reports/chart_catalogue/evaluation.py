"""Charts of the evaluation: what happened, what was expected, and what could be wrong.

The evaluation is of all shootings, the same for everybody. What reviews found is the program's
own work: with group members it is for those who may read their city's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures import evaluation as drawn
from longevity.errors import DataError
from longevity.findings import counting
from longevity.reports.chart_catalogue.definition import (
    EVALUATED,
    ChartAndAnswers,
    Entry,
    Parameter,
)
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from longevity.stats import evaluation, evaluation_checks, monthly_series
from longevity.stats.evaluation import ALL, GMI, Evaluation
from longevity.stats.evaluation_checks import OtherPlace
from longevity.stats.monthly_series import Span
from longevity.text import availability, evaluation_rows, evaluation_text, offered_titles, wording
from longevity.text import evaluation_check_text as check_text
from longevity.text.effect_wording import name_measure
from longevity.text.evaluation_refusals import describe_finding_without_estimate
from longevity.warehouse.warehouse import Answer

OBSERVED = "What happened, and what would be expected"  # the chart's name, and its neutral title


def evaluate_city(
    context: ReportContext, city: str, with_groups: bool = False
) -> tuple[Evaluation, Answer]:
    """Return the evaluation of one city and the months it rests on; DataError without any.

    `with_groups`: with what reviews found of group members, for those who may read it.
    """
    return context.compute(_evaluate_city, city, with_groups)


def _evaluate_city(
    context: ReportContext, city: str, with_groups: bool
) -> tuple[Evaluation, Answer]:
    if context.settings.cities[city].launched_on is None:
        raise DataError(
            evaluation_rows.write_no_program([context.cities[city]]),
            "Take a chart of people shot and killed instead.",
        )
    months = _ask_months(context, with_groups)
    not_held = context.explain_absence("incidents", city)
    if not_held:
        raise DataError(not_held, "Take a chart of people shot and killed instead.")
    if months.frame.empty or city not in set(months.frame["city"]):
        raise DataError(
            f"This release has no incidents and victims of {context.cities[city]}.", "Publish some."
        )
    found = _evaluate_months(context.settings, city, months.frame)
    _ = found.main.detectable  # half of what all of it takes, and kept with it
    return found, months


def _evaluate_months(settings: Settings, city: str, frame: pd.DataFrame) -> Evaluation:
    """Evaluate one city from `frame` (city, month, incidents, …, of every city).

    A city whose source does not hold every shooting stands beside none.
    """
    cities = settings.cities
    frame = availability.select_known(frame, "incidents")
    launched_on = cities[city].require_launch()
    until = monthly_series.choose_end_month(
        monthly_series.find_last_months(frame), city, launched_on, settings.evaluation.until
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


def _ask_months(context: ReportContext, with_groups: bool) -> Answer:
    """Ask for the months of every city, each to its own last day: a city is judged by itself."""
    newest = context.find_newest_day()
    if with_groups:
        return context.ask("incidents_by_month_gmi", as_of=newest)
    return counting.count_months(context, newest)


def describe_limits(context: ReportContext, city: str) -> str:
    """Say what the evaluation of one city cannot tell, as a paragraph."""
    city_evaluation, _ = evaluate_city(context, city)
    timeline = context.ask("program_timeline").frame
    place = context.settings.cities[city].reference_key
    return evaluation_text.describe_limits(city_evaluation, timeline[timeline["place"] == place])


def _judge_city(
    context: ReportContext, city: str, with_groups: bool = False
) -> tuple[Evaluation, Answer]:
    city_evaluation, months = evaluate_city(context, city, with_groups)
    if city_evaluation.main.model is None:
        raise DataError(
            describe_finding_without_estimate(city_evaluation.main),
            "Take a chart of counts instead.",
        )
    return city_evaluation, months


def _name_subject(
    context: ReportContext, about: Evaluation, city: str, when: str, chart: Chart, topic: str
) -> Chart:
    """Name the chart's subject, city and span in it: a picture that left must say them."""
    noun = wording.start_sentence(name_measure(about.main.measure))
    place = f"{context.cities[city]}, {when}"
    subject = f"{noun} in {place}"
    finding = chart.title.removeprefix(f"{noun}: ")
    return replace(
        chart,
        title=f"{subject}: {finding[:1].lower()}{finding[1:]}",
        alt=f"{place}. {chart.alt}",
        titles={offered_titles.TOPIC: f"{subject}: {topic[:1].lower()}{topic[1:]}"},
    )


def _draw_observed(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = values["city"]
    about, months = _judge_city(context, city, with_groups=values["series"] == GMI)
    if about.main.measure != values["series"]:
        raise DataError(
            "This series could not be judged, or is not told to this viewer.",
            "Take the series of all shootings.",
        )
    drawing = context.make_drawing()
    chart = drawn.draw_observed(
        about.main,
        drawing,
        drawing.name_colour(city),
        f"evaluation-{about.main.measure}",
        evaluation_rows.write_title(about),
    )
    end = evaluation_rows.describe_end(about)
    return _name_subject(context, about, city, end, chart, OBSERVED), (months,)


def _draw_starts(about: Evaluation, drawing: Drawing) -> Chart:
    return drawn.draw_over_dates(
        about.start_dates,
        drawing,
        "evaluation-start-dates",
        check_text.write_start_dates_title(about.start_dates, about.span),
        "The estimate with the launch moved by up to six months either way.",
        check_text.describe_start_dates(about.start_dates, about.span),
    )


def _draw_placebos(about: Evaluation, drawing: Drawing) -> Chart:
    return drawn.draw_over_dates(
        about.placebos,
        drawing,
        "evaluation-placebo-dates",
        check_text.write_placebos_title(about.placebos, about.span),
        "The same arithmetic at dates before the launch. It should find nothing.",
        check_text.describe_placebos(about.placebos, about.span, evaluation.PLACEBOS_WITH_CHANGE),
    )


def _draw_residuals(about: Evaluation, drawing: Drawing) -> Chart:
    model, follow = about.main.steady, about.autocorrelation
    if model is None or follow is None:
        raise DataError("Without a model nothing is left unexplained.")
    return drawn.draw_residuals(
        evaluation_checks.compute_residuals(model),
        drawing,
        check_text.write_residuals_title(follow, evaluation.CHANCE),
        check_text.describe_autocorrelation(follow, evaluation.CHANCE),
    )


def _draw_means(about: Evaluation, drawing: Drawing) -> Chart:
    rows = evaluation_rows.build_estimates(about)
    title = check_text.write_other_means_title(rows)
    return drawn.draw_estimates(rows, drawing, "evaluation-by-other-means", title, about.span.unit)


def _list_launched(context: ReportContext) -> Mapping[str, str]:
    """Return the cities with a program, or all where none has one: each is then told why not."""
    cities = context.settings.cities
    launched = {city: name for city, name in context.cities.items() if cities[city].launched_on}
    return launched or context.cities


LAUNCHED = Parameter("city", "City", _list_launched)


def _build_check(
    name: str,
    title: str,
    draw: Callable[[Evaluation, Drawing], Chart],
    describe_when: Callable[[Evaluation], str] = evaluation_rows.describe_end,
) -> Entry:
    """Return the chart of one check of a city's estimate."""

    def make_chart(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
        city = values["city"]
        about, months = _judge_city(context, city)
        chart, when = draw(about, context.make_drawing()), describe_when(about)
        return _name_subject(context, about, city, when, chart, title), (months,)

    return Entry(name, title, (LAUNCHED,), make_chart, subject=EVALUATED)


def _list_series(context: ReportContext) -> Mapping[str, str]:
    public = {ALL: "All shootings"}
    if context.viewer.named_scope is None:
        return public
    return {**public, GMI: "With group members"}


ENTRIES = (
    Entry(
        "evaluation",
        OBSERVED,
        (LAUNCHED, Parameter("series", "Series", _list_series)),
        _draw_observed,
        subject=EVALUATED,
    ),
    _build_check("evaluation-start-dates", "Had the program begun in another month", _draw_starts),
    _build_check(
        "evaluation-placebo-dates",
        "At dates on which nothing began",
        _draw_placebos,
        evaluation_rows.describe_start,
    ),
    _build_check("evaluation-residuals", "What the model leaves unexplained", _draw_residuals),
    _build_check(
        "evaluation-other-means", "The estimate by other means, and in other cities", _draw_means
    ),
)
