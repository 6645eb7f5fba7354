"""Charts of the evaluation: what happened, what was expected, and what could be wrong.

The evaluation is of all shootings, the same for everybody. What reviews found is the program's
own work: with group members it is for those who may read their city's rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from longevity.charts.chart import Chart
from longevity.charts.figures import evaluation as drawn
from longevity.errors import DataError
from longevity.reports.chart_catalogue.definition import CITY, EVALUATED, Entry, Parameter
from longevity.reports.context import ReportContext
from longevity.stats import evaluation, evaluation_checks
from longevity.stats.evaluation import ALL, GMI, Evaluation, Finding
from longevity.text import evaluation_check_text as check_text
from longevity.text import evaluation_rows, evaluation_text, offered_titles, wording
from longevity.text.effect_wording import name_measure
from longevity.text.evaluation_refusals import describe_finding_without_estimate
from longevity.warehouse.warehouse import Answer

# What each chart is called, and its neutral title.
OBSERVED = "What happened, and what would be expected"
STARTS = "Had the program begun in another month"
PLACEBOS = "At dates on which nothing began"
RESIDUALS = "What the model leaves unexplained"
MEANS = "The estimate by other means, and in other cities"
Made = tuple[Chart, tuple[Answer, ...]]


def evaluate_city(
    context: ReportContext, city: str, with_groups: bool = False
) -> tuple[Evaluation, Answer]:
    """The evaluation of one city and the months it rests on; DataError without any.

    `with_groups`: with what reviews found of group members, for those who may read it.
    """
    months = context.ask("incidents_by_month_gmi" if with_groups else "victims_by_month")
    not_held = context.explain_absence("incidents", city)
    if not_held:
        raise DataError(not_held, "Take a chart of people shot and killed instead.")
    if months.frame.empty or city not in set(months.frame["city"]):
        raise DataError(
            f"This release has no incidents and victims of {context.cities[city]}.", "Publish some."
        )
    return context.evaluate_city(city, months), months


def limits(context: ReportContext, city: str) -> str:
    """What the evaluation of one city cannot tell, as a paragraph."""
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
    context: ReportContext, result: Finding, city: str, when: str, chart: Chart, topic: str
) -> Chart:
    """The chart with its subject, city and span named: a picture that left must say them."""
    noun = wording.start_sentence(name_measure(result.measure))
    place = f"{context.cities[city]}, {when}"
    subject = f"{noun} in {place}"
    finding = chart.title.removeprefix(f"{noun}: ")
    short = evaluation_rows.write_direction(result) if finding != chart.title else ""
    titles = {offered_titles.TOPIC: topic, offered_titles.SHORT: short}
    return replace(
        chart,
        title=f"{subject}: {finding[:1].lower()}{finding[1:]}",
        alt=f"{place}. {chart.alt}",
        titles={
            kind: f"{subject}: {text[:1].lower()}{text[1:]}"
            for kind, text in offered_titles.drop_empty(titles).items()
            if text != finding
        },
    )


def _draw_observed(context: ReportContext, values: Mapping[str, str]) -> Made:
    city = values["city"]
    city_evaluation, months = _judge_city(context, city, with_groups=values["series"] == GMI)
    series = evaluation_rows.list_series(city_evaluation)
    by_name = {each.name: each for each in series}
    result = by_name.get(values["series"])
    if result is None:
        raise DataError(
            "This series could not be judged, or is not told to this viewer.",
            "Take the series of all shootings.",
        )
    drawing = context.make_drawing()
    colour = drawing.name_colour(city)
    name = f"evaluation-{result.name}"
    chart = drawn.draw_observed(result.finding, drawing, colour, name, result.title)
    end = evaluation_rows.describe_end(city_evaluation)
    return _name_subject(context, result.finding, city, end, chart, OBSERVED), (months,)


def _draw_starts(context: ReportContext, values: Mapping[str, str]) -> Made:
    city_evaluation, months = _judge_city(context, values["city"])
    chart = drawn.draw_over_dates(
        city_evaluation.start_dates,
        context.make_drawing(),
        "evaluation-start-dates",
        check_text.write_start_dates_title(city_evaluation.start_dates, city_evaluation.span),
        "The estimate with the launch moved by up to six months either way.",
        check_text.describe_start_dates(city_evaluation.start_dates, city_evaluation.span),
    )
    end = evaluation_rows.describe_end(city_evaluation)
    return _name_subject(context, city_evaluation.main, values["city"], end, chart, STARTS), (
        months,
    )


def _draw_placebos(context: ReportContext, values: Mapping[str, str]) -> Made:
    city_evaluation, months = _judge_city(context, values["city"])
    chart = drawn.draw_over_dates(
        city_evaluation.placebos,
        context.make_drawing(),
        "evaluation-placebo-dates",
        check_text.write_placebos_title(city_evaluation.placebos, city_evaluation.span),
        "The same arithmetic at dates before the launch. It should find nothing.",
        check_text.describe_placebos(
            city_evaluation.placebos, city_evaluation.span, evaluation.PLACEBOS_WITH_CHANGE
        ),
    )
    start = evaluation_rows.describe_start(city_evaluation)
    return _name_subject(context, city_evaluation.main, values["city"], start, chart, PLACEBOS), (
        months,
    )


def _draw_residuals(context: ReportContext, values: Mapping[str, str]) -> Made:
    city_evaluation, months = _judge_city(context, values["city"])
    model, follow = city_evaluation.main.model, city_evaluation.autocorrelation
    if model is None or follow is None:
        raise DataError("Without a model nothing is left unexplained.")
    chart = drawn.draw_residuals(
        evaluation_checks.compute_residuals(model),
        context.make_drawing(),
        check_text.write_residuals_title(follow, evaluation.CHANCE),
        check_text.describe_autocorrelation(follow, evaluation.CHANCE),
    )
    end = evaluation_rows.describe_end(city_evaluation)
    return _name_subject(context, city_evaluation.main, values["city"], end, chart, RESIDUALS), (
        months,
    )


def _draw_means(context: ReportContext, values: Mapping[str, str]) -> Made:
    city_evaluation, months = _judge_city(context, values["city"])
    rows = evaluation_rows.build_estimates(city_evaluation)
    chart = drawn.draw_estimates(
        rows,
        context.make_drawing(),
        "evaluation-by-other-means",
        check_text.write_other_means_title(rows),
        city_evaluation.span.unit,
    )
    end = evaluation_rows.describe_end(city_evaluation)
    return _name_subject(context, city_evaluation.main, values["city"], end, chart, MEANS), (
        months,
    )


def _list_series(context: ReportContext) -> Mapping[str, str]:
    public = {ALL: "All shootings"}
    if context.viewer.named_scope is None:
        return public
    return {**public, GMI: "With group members"}


ENTRIES = (
    Entry(
        "evaluation",
        OBSERVED,
        (CITY, Parameter("series", "Series", _list_series)),
        _draw_observed,
        subject=EVALUATED,
    ),
    Entry(
        "evaluation-start-dates",
        STARTS,
        (CITY,),
        _draw_starts,
        subject=EVALUATED,
    ),
    Entry(
        "evaluation-placebo-dates",
        PLACEBOS,
        (CITY,),
        _draw_placebos,
        subject=EVALUATED,
    ),
    Entry(
        "evaluation-residuals",
        RESIDUALS,
        (CITY,),
        _draw_residuals,
        subject=EVALUATED,
    ),
    Entry(
        "evaluation-other-means",
        MEANS,
        (CITY,),
        _draw_means,
        subject=EVALUATED,
    ),
)
