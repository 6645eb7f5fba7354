"""The screen Compare cities: does one differ from others, or from itself before, beyond chance?

A tab has a function for its answer and one for its rows of cards; all take context and measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from longevity.facts import windows
from longevity.facts.counted import MEASURES
from longevity.screens.briefing import explain_gaps
from longevity.screens.chart_catalogue import victims
from longevity.screens.chart_catalogue.chart_list import say_finding
from longevity.screens.chart_catalogue.neighbourhoods import (
    YEARS_OF_HOURS,
    write_busiest_hours_title,
)
from longevity.screens.choice import MEASURE
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import Screen
from longevity.warehouse.warehouse import Answer
from longevity.words.language import translate

LAST_YEAR = 365  # days


def build(context: ReportContext, measure: str) -> Report:
    """Return the screen as a report of four tabs. `measure`: what is counted."""
    uneven = context.say("common_day.to", day=context.find_last_day()) if context.ends_apart else ""
    return Report(
        screen="compare_cities",
        notes=(uneven,) if uneven else (),
        alerts=explain_gaps(context, measure),
        tabs=tuple(
            Tab(key, name, partial(answer, context, measure), partial(build_rows, context, measure))
            for key, name, answer, build_rows in (
                ("trend", translate("Trend"), partial(_answer, "year-to-date"), _trend),
                ("rates", translate("Rates"), partial(_answer, "rates"), _rates),
                ("victims", translate("Victims"), _answer_victims, _victims),
                ("when", translate("When"), _answer_when, _when),
            )
        ),
    )


def _answer(chart: str, context: ReportContext, measure: str) -> str:
    return say_finding(context, chart, {"measure": measure})


def _trend(context: ReportContext, measure: str) -> Sequence[Row]:
    """Return the cards of "Trend": twelve months at a time, and this year against each baseline."""
    values = {"measure": measure}
    months = Card("compare.months", chart="twelve-months", values=values)
    how = f"{context.say('year_to_date.about')} {context.say('change.how_tested')}"
    against = Card("compare.baselines", chart="baselines", values=values, definition=how)
    return [[months, against]]


def _rates(_context: ReportContext, measure: str) -> Sequence[Row]:
    """Return the card of "Rates": each city's count per resident in the last 365 days."""
    values = {"measure": measure}
    title = translate("{noun} per resident, 365 days", noun=MEASURES[measure].capitalize())
    return [
        [
            Card("compare.rates", title, chart="rates", values=values),
        ],
    ]


def _answer_victims(context: ReportContext, _measure: str) -> str:
    """Return the answer of "Victims": by age, of a closed year (public) or of the last 365 days."""
    if "victims" not in context.list_measures():
        return context.explain_absence("victims")
    if context.is_public:
        return say_finding(context, "victims-by-attribute", {"attribute": victims.AGE})
    who = _ask_last_year(context, "victims_by_attribute").frame
    by_age = who[who["attribute"] == victims.AGE]
    finding = victims.write_attribute_title(by_age, context.cities)
    return f"{context.say('who.by', attribute='by age', when='365 days', value=finding)}."


def _ask_last_year(context: ReportContext, query: str) -> Answer:
    first, _ = windows.span_last_days(context.find_last_day(), LAST_YEAR)
    return context.ask(query, date_from=first)


def _victims(context: ReportContext, _measure: str) -> Sequence[Row]:
    """Return the cards of "Victims", two a row, as each has a panel for every city."""
    if "victims" not in context.list_measures():
        return []
    cards = _list_public_cards(context) if context.is_public else _list_own_cards(context)
    return [cards[at : at + 2] for at in range(0, len(cards), 2)]


def _list_own_cards(context: ReportContext) -> list[Card]:
    """Return the cards for viewers who may read rows: the last 365 days by each attribute."""
    who = _ask_last_year(context, "victims_by_attribute")
    cards = []
    for attribute, title in victims.ATTRIBUTES.items():
        picture = victims.share_attribute(context, who, attribute, by=f"{title}, 365 days")
        cards.append(replace(_make_attribute_card(attribute), picture=picture, answer=who))
    ranges = context.say_rows("group_involved.range", context.ask("gmi_share").frame)
    return [
        *cards,
        Card("compare.gmi", chart="group-involvement", definition=" ".join(ranges)),
        Card("compare.young", chart="young-black-men"),
    ]


def _list_public_cards(context: ReportContext) -> list[Card]:
    """Return the cards for the public, made of the public tables, or why there are none."""
    who = context.ask("public_victims").frame
    why = context.say("public_program.withheld")
    if who.empty:
        return [Card("compare.victims", sentences=(why, victims.say_none_yet()))]
    cards = [_make_attribute_card(attribute) for attribute in victims.list_public_attributes(who)]
    return [*cards, Card("compare.young", chart="young-black-men", alert=why)]


def _make_attribute_card(attribute: str) -> Card:
    """Return the card of an attribute's chart; that by age has a plain title, as its finding is the
    tab's answer already.
    """
    title = translate("People shot by age") if attribute == victims.AGE else ""
    values = {"attribute": attribute}
    return Card(f"compare.{attribute}", title, chart="victims-by-attribute", values=values)


def _answer_when(context: ReportContext, _measure: str) -> str:
    """Return the answer of "When": the busiest hours of the week, in all cities together."""
    first = context.find_last_day().year - YEARS_OF_HOURS
    by_hour = context.ask("incidents_by_hour_and_weekday", year_from=first).frame
    known = by_hour[by_hour["incidents"].notna() & by_hour["hour"].notna()]
    if not known["incidents"].sum():
        return context.say("counted.hours_unknown", total=by_hour["incidents"].sum())
    cities = known["city"].unique()
    where = translate("the cities") if len(cities) > 1 else context.cities[cities[0]]
    when = translate("{place} since {year}", place=where, year=first)
    return f"{write_busiest_hours_title(known, when)}."


def _when(context: ReportContext, measure: str) -> Sequence[Row]:
    """Return the cards of "When": the hours of the week in each city."""
    note = translate("By hour only {noun} are counted.", noun=MEASURES["incidents"])
    note = "" if measure == "incidents" else note
    cards = []
    for city in context.cities:
        key = f"compare.hours.{city}"
        cards.append(Card(key, chart="hours-and-weekdays", values={"area": city}, note=note))
    return [cards]


SCREEN = Screen(
    "compare_cities",
    "Compare cities",
    group="Violence",
    place=1,
    icon=":material/balance:",
    help="Whether a city differs from the others, or from itself before, by more than chance. "
    "Choose what is counted.",
    build=lambda context, chosen: build(context, chosen["measure"]),
    choices=(MEASURE,),
)
