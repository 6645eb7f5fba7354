"""The chart of the evaluation: how many shootings there were, and how many without the program.

The evaluation of all shootings is the same for everybody. That of shootings with group members, as
reviews found them, is only for those who may read the city's rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.findings import availability, counting, evaluation_text
from longevity.screens.chart_catalogue.definition import make_chart
from longevity.screens.chart_catalogue.over_time import place_in_year
from longevity.screens.choice import Choice, Values
from longevity.screens.context import ReportContext
from longevity.stats import evaluation, monthly_series
from longevity.stats.evaluation import ALL, GMI, Evaluation
from longevity.stats.monthly_series import MONTHS_A_YEAR, Span
from longevity.warehouse.warehouse import Answer
from longevity.words import wording
from longevity.words.dates import format_month
from longevity.words.declarations import CHART
from longevity.words.language import translate
from longevity.words.say import say


def evaluate_city(
    context: ReportContext, city: str, with_groups: bool = False
) -> tuple[Evaluation, Answer]:
    """Return the evaluation of one city, and the answer with its months; DataError without any.

    `with_groups`: of shootings with group members too, for those who may read that.
    """
    # The evaluation of all shootings is the same for all viewers and takes a second: made once.
    asked = context if with_groups else context.as_public()
    return asked.compute(_evaluate_city, city, with_groups)


def _evaluate_city(
    context: ReportContext, city: str, with_groups: bool
) -> tuple[Evaluation, Answer]:
    """Evaluate one city, as `evaluate_city`.

    DataError where it has no program, or no data of every shooting.
    """
    cities = context.settings.cities
    instead = translate("Take a chart of people shot and killed instead.")
    launched_on = cities[city].launched_on
    if launched_on is None:
        raise DataError(say("evaluation.no_program", places=context.cities[city]), instead)
    newest = context.find_newest_day()  # up to the city's own last day, as it is evaluated alone
    answer = (
        context.ask("incidents_by_month_gmi", as_of=newest)
        if with_groups
        else counting.count_calendar(context, "month", newest)
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
    until = context.settings.evaluation.until
    span = Span(launched_on, monthly_series.choose_end_month(months, city, launched_on, until))
    others = {
        cities[name].name: monthly_series.select_without_program(frame, cities[name].launched_on)
        for name, frame in of_city.items()
        if name != city
    }
    found = evaluation.evaluate_place(of_city[city], cities[city].name, span, others)
    return found, answer


def compare_by_year(context: ReportContext, values: Values) -> Chart:
    """Chart each year's count and what was expected without the program.

    The gap between them is shaded where it is more than chance. The title names subject, city and
    span, as an exported picture has no screen around it.
    """
    city, series = values["city"], values["series"]
    about, months = evaluate_city(context, city, with_groups=series == GMI)
    main = about.main
    if main.model is None:
        refusal = evaluation_text.describe_refusal(main)
        raise DataError(refusal, translate("Take a chart of counts instead."))
    if main.measure != series:
        raise DataError(
            "This series could not be judged, or is not for this viewer.",
            "Take the series of all shootings.",
        )
    years = main.compare_by_year()
    gap = evaluation_text.describe_gap(about, context.least_base)
    is_shaded = years["after"] & bool(gap)
    both = years[["count", "without"]]
    drawn = years.assign(
        city=city,
        low=both.min(axis=1).where(is_shaded),
        high=both.max(axis=1).where(is_shaded),
        complete=years["months"] == MONTHS_A_YEAR,
        begins=place_in_year(main.span.launched_on),
        gap=gap,
        gap_at=_place_gap(both[is_shaded].dropna()),
    )
    noun = wording.start_sentence(evaluation_text.NOUNS[main.measure])
    when = translate("until {month}", month=format_month(main.last))
    subject = translate("{noun} in {place}, {when}", noun=noun, place=about.place, when=when)
    finding = evaluation_text.write_title(about).removeprefix(f"{noun}: ")
    topic = context.say(f"{CHART}evaluation.topic")
    facts = {
        "noun": noun,
        "about": evaluation_text.describe_expectation(main),
        "place": f"{about.place}, {when}",
        "file": main.measure,
        "has_part": not drawn["complete"].all(),
    }
    said = say("evaluation.estimate_alone", evaluation_text.list_facts(main)) if main.effect else ""
    return make_chart(
        context,
        "evaluation",
        drawn,
        answers=(months,),
        facts=facts,
        table=years,
        finding=f"{subject}: {finding[:1].lower()}{finding[1:]}",
        topic=f"{subject}: {topic[:1].lower()}{topic[1:]}",
        sentences=(said,),
    )


def _place_gap(both: pd.DataFrame) -> pd.Series:
    """Return at which height the words for the gap are written, in a series of one: its first year.

    In the middle of the gap, or under both lines where there is more room.
    """
    if both.empty:
        return pd.Series(dtype="float64")
    low, high = sorted(both.astype("float64").mean())
    at = (low + high) / 2 if high - low > low else low / 2
    return pd.Series(at, both.index[:1])


def _list_launched(context: ReportContext, _: Values) -> Mapping[str, str]:
    """Return the cities with a program; all where none has one, whose charts then say so."""
    cities = context.settings.cities
    launched = {city: name for city, name in context.cities.items() if cities[city].launched_on}
    return launched or context.cities


def _list_series(context: ReportContext, _: Values) -> Mapping[str, str]:
    public = {ALL: "All shootings"}
    if context.is_public:
        return public
    return {**public, GMI: "With group members"}


LAUNCHED = Choice("city", "City", _list_launched)
SERIES = Choice("series", "Series", _list_series, by_viewer=True)
