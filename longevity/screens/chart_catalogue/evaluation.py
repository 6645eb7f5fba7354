"""Charts of the evaluation: what happened, what was expected, and what could be wrong.

The evaluation is of all shootings, the same for everybody. What reviews found is the program's
own work: with group members it is for those who may read their city's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures import evaluation as drawn
from longevity.errors import DataError
from longevity.findings import availability, counting, evaluation_text
from longevity.measures import wording
from longevity.measures.say import say
from longevity.screens.chart_catalogue.definition import (
    EVALUATED,
    TOPIC,
    ChartAndAnswers,
    Entry,
    Parameter,
    Values,
)
from longevity.screens.context import ReportContext
from longevity.stats import evaluation, monthly_series
from longevity.stats.evaluation import ALL, GMI, Check, Evaluation
from longevity.stats.monthly_series import Span
from longevity.warehouse.warehouse import Answer

OBSERVED = "What happened, and what would be expected"


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
    """Evaluate one city; one whose source does not hold every shooting stands beside none."""
    cities, instead = context.settings.cities, "Take a chart of people shot and killed instead."
    launched_on = cities[city].launched_on
    if launched_on is None:
        raise DataError(say("evaluation.no_program", places=context.cities[city]), instead)
    newest = context.find_newest_day()  # each city to its own last day: it is judged by itself
    answer = (
        context.ask("incidents_by_month_gmi", as_of=newest)
        if with_groups
        else counting.count_months(context, newest)
    )
    not_held = context.explain_absence("incidents", city)
    if not_held:
        raise DataError(not_held, instead)
    months = availability.select_known(answer.frame, "incidents")
    of_city = dict(tuple(months.groupby("city")))
    if city not in of_city:
        raise DataError(
            f"This release has no incidents and victims of {context.cities[city]}.", "Publish some."
        )
    last, until = monthly_series.find_last_months(months), context.settings.evaluation.until
    span = Span(launched_on, monthly_series.choose_end_month(last, city, launched_on, until))
    others = {
        cities[name].name: monthly_series.select_without_program(frame, cities[name].launched_on)
        for name, frame in of_city.items()
        if name != city
    }
    found = evaluation.evaluate_place(of_city[city], cities[city].name, span, others)
    _ = found.main.detectable  # half of what all of it takes, and kept with it
    return found, answer


def _name_subject(
    context: ReportContext, about: Evaluation, city: str, when: str, chart: Chart, topic: str
) -> Chart:
    """Name the chart's subject, city and span in it: a picture that left must say them."""
    noun = wording.start_sentence(evaluation_text.NOUNS[about.main.measure])
    place = f"{context.cities[city]}, {when}"
    subject = f"{noun} in {place}"
    finding = chart.title.removeprefix(f"{noun}: ")
    return replace(
        chart,
        title=f"{subject}: {finding[:1].lower()}{finding[1:]}",
        alt=f"{place}. {chart.alt}",
        titles={TOPIC: f"{subject}: {topic[:1].lower()}{topic[1:]}"},
    )


def _draw_observed(about: Evaluation, drawing: Drawing, city: str) -> Chart:
    title = evaluation_text.write_title(about)
    return drawn.draw_observed(about.main, drawing, drawing.name_colour(city), title)


def _draw_placebos(about: Evaluation, drawing: Drawing, _: str) -> Chart:
    said = evaluation_text.describe_check(about, Check.PLACEBO_DATES)
    title = evaluation_text.write_placebos_title(about)
    return drawn.draw_placebos(about.placebos, drawing, title, said)


def _draw_residuals(about: Evaluation, drawing: Drawing, _: str) -> Chart:
    said = evaluation_text.describe_check(about, Check.AUTOCORRELATION)
    return drawn.draw_residuals(about.main, drawing, said.removesuffix("."), said)


def _list_launched(context: ReportContext) -> Mapping[str, str]:
    """Return the cities with a program, or all where none has one: each is then told why not."""
    cities = context.settings.cities
    launched = {city: name for city, name in context.cities.items() if cities[city].launched_on}
    return launched or context.cities


LAUNCHED = Parameter("city", "City", _list_launched)


def _list_series(context: ReportContext) -> Mapping[str, str]:
    public = {ALL: "All shootings"}
    if context.is_public:
        return public
    return {**public, GMI: "With group members"}


def _build_entry(
    name: str, topic: str, draw: Callable[[Evaluation, Drawing, str], Chart], *more: Parameter
) -> Entry:
    """Return a chart of a city's evaluation; `topic` is its name, and its neutral title."""

    def make_chart(context: ReportContext, values: Values) -> ChartAndAnswers:
        city, series = values["city"], values.get("series", ALL)
        about, months = evaluate_city(context, city, with_groups=series == GMI)
        if about.main.model is None:
            refusal = evaluation_text.describe_refusal(about.main)
            raise DataError(refusal, "Take a chart of counts instead.")
        if about.main.measure != series:
            raise DataError(
                "This series could not be judged, or is not told to this viewer.",
                "Take the series of all shootings.",
            )
        chart = draw(about, context.make_drawing(), city)
        when = f"until {about.main.last:%B %Y}"
        if draw is _draw_placebos:  # of these months alone
            when = f"before {about.span.first:%B %Y}"
        return _name_subject(context, about, city, when, chart, topic), (months,)

    return Entry(name, topic, (LAUNCHED, *more), make_chart, subject=EVALUATED)


ENTRIES = (
    _build_entry(
        "evaluation", OBSERVED, _draw_observed, Parameter("series", "Series", _list_series)
    ),
    _build_entry("evaluation-placebo-dates", "At dates on which nothing began", _draw_placebos),
    _build_entry("evaluation-residuals", "What the model leaves unexplained", _draw_residuals),
)
