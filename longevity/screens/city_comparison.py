"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from longevity import windows
from longevity.absent import Absent
from longevity.charts.chart import Chart
from longevity.findings.finding import TOGETHER
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.screens.chart_catalogue import declared, victims
from longevity.screens.chart_catalogue.chart_list import say_finding
from longevity.screens.chart_catalogue.definition import find_last_day
from longevity.screens.chart_catalogue.neighbourhoods import (
    YEARS_OF_HOURS,
    choose_measure_by_hour,
    write_busiest_hours_title,
)
from longevity.screens.chart_catalogue.over_time import count_guns
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.year_changes import find_year
from longevity.warehouse.warehouse import Answer
from longevity.windows import CommonDay

LAST_YEAR = 365  # days


def build(context: ReportContext, measure: str) -> Report:
    """Return the screen. `measure`: what is counted; context: any viewer."""
    fair = context.find_common_day()
    uneven = "" if fair.is_even else describe_common_day(fair, context.cities)
    not_known = [
        year.name
        for place, year in find_year(context, measure).items()
        if isinstance(year.now, Absent) and place != TOGETHER
    ]
    missing = context.say("year_to_date.missing", places=not_known)
    absence = context.explain_absence(measure) or context.explain_absence("victims")
    return Report(
        screen="compare_cities",
        notes=tuple(filter(None, (uneven, missing))),
        alerts=(absence,) if absence else (),
        tabs=tuple(
            Tab(key, name, partial(answer, context, measure), partial(build_rows, context, measure))
            for key, name, answer, build_rows in (
                ("trend", "Trend", _answer_trend, _trend),
                ("rates", "Rates", _answer_rates, _rates),
                ("victims", "Victims", _answer_victims, _victims),
                ("when", "When", _answer_when, _when),
            )
        ),
    )


def describe_common_day(common: CommonDay, names: Mapping[str, str]) -> str:
    """Say to which day all are counted, which city sets it, and which has nothing."""
    days = common.last_days.items()
    return say(
        "common_day.to",
        day=common.through,
        limits=[names[city] for city, day in days if day == common.through],
        later=[
            say("common_day.later", later=names[city], day=day)
            for city, day in days
            if day != common.through
        ],
        missing=[names[city] for city in common.left_out],
    )


def _answer_trend(context: ReportContext, measure: str) -> str:
    return say_finding(context, "year-to-date", {"measure": measure})


def list_own_trend(context: ReportContext, measure: str) -> Sequence[Sequence[Card]]:
    """Return twelve months at a time, and this year so far against every baseline."""
    values = {"measure": measure}
    months = Card("compare.months", chart="twelve-months", values=values)
    against = Card(
        "compare.baselines",
        chart="baselines",
        values=values,
        definition=context.say("change.how_tested"),
    )
    return [[months, against]]


def _trend(context: ReportContext, measure: str) -> Sequence[Row]:
    ((months, against),) = list_own_trend(context, measure)
    return [[(months, Card("compare.published", chart="published-homicides")), against]]


def _answer_rates(context: ReportContext, measure: str) -> str:
    return say_finding(context, "rates", {"measure": measure})


def _rates(_context: ReportContext, measure: str) -> Sequence[Row]:
    values = {"measure": measure}
    title = f"{MEASURES[measure].capitalize()} per resident, 365 days"
    return [
        [
            Card("compare.rates", title, chart="rates", values=values),
            Card("compare.funnel", chart="funnel", values=values),
        ],
        [Card("compare.safety-gap", chart="safety-gap", brief=True)],
    ]


def _answer_victims(context: ReportContext, _measure: str) -> str:
    if "victims" not in context.list_measures():
        return context.explain_absence("victims")
    if context.is_public:
        return say_finding(context, "victims-by-attribute", {"attribute": victims.AGE})
    who = context.ask("victims_by_attribute", **_last_year(context)).frame
    by_age = who[who["attribute"] == victims.AGE]
    finding = victims.write_attribute_title(by_age, context.cities)
    return f"{context.say('who.by', attribute='by age', when='365 days', value=finding)}."


def _last_year(context: ReportContext) -> dict[str, date]:
    return {"date_from": windows.span_last_days(find_last_day(context), LAST_YEAR)[0]}


def _victims(context: ReportContext, _measure: str) -> Sequence[Row]:
    guns = _guns(context)
    if "victims" not in context.list_measures():
        return [[guns]]
    if context.is_public:
        return [*_public_victims(context), [guns]]
    who = context.ask("victims_by_attribute", **_last_year(context))
    young = context.ask("young_black_men_by_city", **_last_year(context))
    involved = context.ask("gmi_share")
    least = context.least_base
    cards = [
        Card(
            f"compare.{attribute}",
            _find_card_title(attribute),
            chart="victims-by-attribute",
            values={"attribute": attribute},
            picture=_draw_attribute(context, who, attribute, f"{title}, 365 days"),
            answer=who,
        )
        for attribute, title in victims.ATTRIBUTES.items()
    ]
    table = victims.build_young_table(young.frame, context.cities, least)
    ranges = context.say_rows("group_involved.range", involved.frame)
    cards += [
        Card("compare.gmi", chart="group-involvement", definition=" ".join(ranges)),
        Card(
            "compare.young",
            "Black men under 30 among the people shot, 365 days",
            shown=table,
            answer=young,
            definition=context.say("who.young_read"),
        ),
    ]
    return _pair([*cards, guns])  # a panel a city stands side by side in each, and needs room


def _draw_attribute(context: ReportContext, who: Answer, attribute: str, by: str) -> Chart:
    made = victims.share_attribute(context, who, attribute, by)
    return declared.draw(context, "victims-by-attribute", made)


def _guns(context: ReportContext) -> Card:
    """Return how many of this year's homicides were by firearm; each year is behind the button."""
    sentence = say_finding(context, "gun-share", {})
    answer = count_guns(context)
    return Card("compare.guns", "Homicides by firearm", (sentence,), answer=answer)


def _find_card_title(attribute: str) -> str:
    """Return what stands over a chart: its finding is the tab's answer, or (empty) its title."""
    return "People shot by age" if attribute == victims.AGE else ""


def _public_victims(context: ReportContext) -> Sequence[Row]:
    who = context.ask("public_victims")
    why = context.say("public_program.withheld")
    if who.frame.empty:
        return [[Card("compare.victims", sentences=(why, victims.NONE_YET))]]
    cards = [
        Card(
            f"compare.{attribute}",
            _find_card_title(attribute),
            chart="victims-by-attribute",
            values={"attribute": attribute},
        )
        for attribute in victims.list_public_attributes(who.frame)
    ]
    return _pair([*cards, Card("compare.young", chart="young-black-men", alert=why)])


def _answer_when(context: ReportContext, measure: str) -> str:
    years = {"year_from": find_last_day(context).year - YEARS_OF_HOURS}
    by_hour = context.ask("incidents_by_hour_and_weekday", **years).frame
    counted = choose_measure_by_hour(measure)
    known = by_hour[by_hour[counted].notna() & by_hour["hour"].notna()]
    if not known[counted].sum():
        return context.say("counted.hours_unknown", total=by_hour["incidents"].sum())
    cities = known["city"].nunique()
    where = "the cities" if cities > 1 else context.cities[known["city"].iloc[0]]
    about = f"{where} since {years['year_from']}"
    return f"{write_busiest_hours_title(known, about, counted)}."


def _when(context: ReportContext, measure: str) -> Sequence[Row]:
    by_hour = choose_measure_by_hour(measure)
    return [
        [
            Card(
                f"compare.hours.{city}",
                chart="hours-and-weekdays",
                values={"area": city, "measure": by_hour},
                note="" if by_hour == measure else f"By hour only {MEASURES[by_hour]} are counted.",
            )
            for city in context.cities
        ]
    ]


def _pair(cards: Sequence[Card]) -> list[Row]:
    return [cards[at : at + 2] for at in range(0, len(cards), 2)]
