"""Charts of the evaluation: what happened, what was expected, and what could be wrong.

The evaluation is of all shootings, the same for everybody. What reviews found is the program's
own work: with group members it is for those who may read their city's rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.dates import format_month
from longevity.errors import DataError
from longevity.findings import availability, counting, evaluation_text
from longevity.language import translate
from longevity.measures import wording
from longevity.measures.declarations import CHART
from longevity.measures.say import say
from longevity.screens.chart_catalogue.declared import Prepare, Prepared
from longevity.screens.chart_catalogue.definition import FINDING, TOPIC, Parameter, Values
from longevity.screens.chart_catalogue.over_time import place_in_year
from longevity.screens.context import ReportContext
from longevity.stats import evaluation, evaluation_checks, monthly_series
from longevity.stats.evaluation import ALL, GMI, Check, Evaluation
from longevity.stats.judged_series import MONTHS_A_YEAR
from longevity.stats.monthly_series import Span
from longevity.warehouse.warehouse import Answer

ROOM_FOR_WORDS = 0.3  # of the scale, for two lines of words


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
    cities = context.settings.cities
    instead = translate("Take a chart of people shot and killed instead.")
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
        name = context.cities[city]
        nothing = translate("This release has no incidents and victims of {city}.", city=name)
        raise DataError(nothing, translate("Publish some."))
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


def _judge(context: ReportContext, values: Values) -> tuple[Evaluation, Answer]:
    """Return the evaluation that was chosen; DataError where there is nothing to draw of it."""
    series = values.get("series", ALL)
    about, months = evaluate_city(context, values["city"], with_groups=series == GMI)
    if about.main.model is None:
        refusal = evaluation_text.describe_refusal(about.main)
        raise DataError(refusal, translate("Take a chart of counts instead."))
    if about.main.measure != series:
        raise DataError(
            "This series could not be judged, or is not told to this viewer.",
            "Take the series of all shootings.",
        )
    return about, months


def _prepare(
    context: ReportContext,
    judged: tuple[Evaluation, Answer],
    chart: str,
    frame: pd.DataFrame,
    table: pd.DataFrame,
    finding: str,
    said: str,
    when: str,
) -> Prepared:
    """Name the subject, the city and the span in its words: a picture that left must say them."""
    about, months = judged
    noun = wording.start_sentence(evaluation_text.NOUNS[about.main.measure])
    subject = translate("{noun} in {place}, {when}", noun=noun, place=about.place, when=when)
    topic = context.say(f"{CHART}{chart}.topic")
    titles = {
        kind: f"{subject}: {words[:1].lower()}{words[1:]}"
        for kind, words in ((FINDING, finding.removeprefix(f"{noun}: ")), (TOPIC, topic))
    }
    facts = {
        "noun": noun,
        "about": said,
        "place": f"{about.place}, {when}",
        "file": about.main.measure,
    }
    return Prepared(frame, (months,), facts, table, titles)


def _say_until(about: Evaluation) -> str:
    return translate("until {month}", month=format_month(about.main.last))


def _expect_by_year(context: ReportContext, values: Values) -> Prepared:
    """Compare each year's count with what was expected; the gap is shaded where it is clear."""
    judged = about, _ = _judge(context, values)
    years = about.main.compare_by_year()
    gap = evaluation_text.describe_gap(about, context.least_base)
    is_shaded = years["after"] & bool(gap)
    both = years[["count", "without"]]
    drawn = years.assign(
        city=values["city"],
        low=both.min(axis=1).where(is_shaded),
        high=both.max(axis=1).where(is_shaded),
        complete=years["months"] == MONTHS_A_YEAR,
        begins=place_in_year(about.span.launched_on),
        gap=gap,
        gap_at=_place_gap(years, is_shaded),
    )
    prepared = _prepare(
        context,
        judged,
        "evaluation",
        drawn,
        years,
        evaluation_text.write_title(about),
        evaluation_text.describe_expectation(about.main),
        _say_until(about),
    )
    facts = {**prepared.facts, "has_part": not drawn["complete"].all()}
    return replace(prepared, facts=facts, sentences=evaluation_text.list_estimates(about))


def _place_gap(years: pd.DataFrame, is_shaded: pd.Series) -> pd.Series:
    """Return how high the words of the gap begin, at the first year of it: within the gap, or at
    the foot where they do not fit.
    """
    both = years.loc[is_shaded & years["count"].notna(), ["count", "without"]].astype("float64")
    low, high = sorted(both.mean())
    fits = high - low > ROOM_FOR_WORDS * years[["count", "without"]].max().max()
    return pd.Series((low + high) / 2 if fits else 0.0, both.index[:1]).reindex(years.index)


def _expect_by_month(context: ReportContext, values: Values) -> Prepared:
    """Compare counts by month with what the model expects, and with what it would have without
    the program.
    """
    judged = about, _ = _judge(context, values)
    months = about.main.compare_with_model()
    months["why"] = months["why"].map(evaluation_text.OMISSIONS).fillna("")
    expected = months[["without", "low", "high"]].where(months["after"])
    prepared = _prepare(
        context,
        judged,
        "evaluation-months",
        months.assign(**expected, city=values["city"], launch=about.main.span.first),
        months,
        evaluation_text.write_title(about),
        evaluation_text.describe_expectation(about.main),
        _say_until(about),
    )
    return replace(prepared, sentences=evaluation_text.list_estimates(about))


def _place_nothing(context: ReportContext, values: Values) -> Prepared:
    """List estimates at dates on which nothing began."""
    judged = about, _ = _judge(context, values)
    has_change = about.placebos["told"].astype(bool)
    value = about.placebos["value"]
    return _prepare(
        context,
        judged,
        "evaluation-placebo-dates",
        about.placebos.assign(held=value.mask(has_change), changed=value.where(has_change)),
        about.placebos,
        evaluation_text.write_placebos_title(about),
        evaluation_text.describe_check(about, Check.PLACEBO_DATES),
        translate("before {month}", month=format_month(about.span.first)),  # of these months alone
    )


def _leave_unexplained(context: ReportContext, values: Values) -> Prepared:
    """List what a level that keeps still leaves unexplained, in standard deviations."""
    judged = about, _ = _judge(context, values)
    steady = about.main.steady
    if steady is None:
        raise ValueError("a series without a model leaves nothing unexplained")
    residuals = evaluation_checks.compute_residuals(steady)
    frame = steady.months[["month"]].assign(fitted=steady.fit.mean, residual=residuals)
    said = evaluation_text.describe_check(about, Check.AUTOCORRELATION)
    when = _say_until(about)
    finding = said.removesuffix(".")
    return _prepare(context, judged, "evaluation-residuals", frame, frame, finding, said, when)


def _list_launched(context: ReportContext) -> Mapping[str, str]:
    """Return the cities with a program, or all where none has one: each is then told why not."""
    cities = context.settings.cities
    launched = {city: name for city, name in context.cities.items() if cities[city].launched_on}
    return launched or context.cities


def _list_series(context: ReportContext) -> Mapping[str, str]:
    public = {ALL: "All shootings"}
    if context.is_public:
        return public
    return {**public, GMI: "With group members"}


LAUNCHED = Parameter("city", "City", _list_launched)
SERIES = Parameter("series", "Series", _list_series)
PREPARED: dict[str, Prepare] = {
    "evaluation": _expect_by_year,
    "evaluation-months": _expect_by_month,
    "evaluation-placebo-dates": _place_nothing,
    "evaluation-residuals": _leave_unexplained,
}
