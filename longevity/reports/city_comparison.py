"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from longevity.charts.chart import MEASURES
from longevity.reports.briefing_program import reach_of_program
from longevity.reports.chart_catalogue import victims
from longevity.reports.chart_catalogue.definition import find_last_day
from longevity.reports.chart_catalogue.neighbourhoods import choose_measure_by_hour
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab
from longevity.reports.year_changes import compare_years, list_changes
from longevity.stats import baselines, windows
from longevity.text import (
    city_comparison,
    headlines,
    public_text,
    reach,
    victim_attributes,
)
from longevity.text.windows import describe_common_day, describe_newest_weeks

LAST_YEAR = 365  # days


def build(context: ReportContext, measure: str) -> Report:
    """Return the screen. `measure`: what is counted; context: any viewer."""
    fair = context.find_common_day()
    uneven = "" if fair.is_even else describe_common_day(fair, context.cities)
    compared = compare_years(context, measure)
    missing = city_comparison.describe_missing_cities(compared, context.cities)
    changes = list_changes(context, measure)
    changes.pop(baselines.TOGETHER)
    absence = context.explain_absence(measure) or context.explain_absence("victims")
    return Report(
        screen="compare_cities",
        answer=headlines.compare_headline(
            MEASURES[measure], list(changes.values()), find_last_day(context).year
        ),
        notes=tuple(filter(None, (uneven, missing))),
        alerts=(absence,) if absence else (),
        tabs=(
            Tab("trend", "Trend", partial(_trend, measure)),
            Tab("recent", "Recent weeks", partial(_recent, context, measure)),
            Tab("rates", "Rates", partial(_rates, measure)),
            Tab("victims", "Victims", partial(_victims, context)),
            Tab("when", "When", partial(_when, context, measure)),
            Tab("program", "Program", partial(_program, context)),
        ),
    )


def _trend(measure: str) -> Sequence[Row]:
    values = {"measure": measure}
    months = Card("compare.months", chart="twelve-months", values=values)
    against = Card("compare.baselines", chart="baselines", values=values)
    return [[months, against], [Card("compare.published", chart="published-homicides")]]


def _recent(context: ReportContext, measure: str) -> Sequence[Row]:
    ends_iso = {city.id: city.week_ends_iso for city in context.settings.cities.values()}
    weeks = windows.find_newest_weeks(find_last_day(context), ends_iso)
    words = describe_newest_weeks(weeks, context.cities)
    values = {"measure": measure}
    return [
        [Card("compare.weeks", chart="newest-weeks", values=values, brief=True, definition=words)]
    ]


def _rates(measure: str) -> Sequence[Row]:
    values = {"measure": measure}
    rates = Card("compare.rates", chart="rates", values=values)
    return [
        [rates, Card("compare.funnel", chart="funnel", values=values)],
        [Card("compare.safety-gap", chart="safety-gap", brief=True)],
    ]


def _victims(context: ReportContext) -> Sequence[Row]:
    if "victims" not in context.list_measures():
        return [[Card("compare.victims", alert=context.explain_absence("victims"))]]
    if context.viewer.named_scope is None:
        return _public_victims(context)
    through = find_last_day(context)
    dates = {"date_from": windows.span_last_days(through, LAST_YEAR)[0]}
    who = context.ask("victims_by_attribute", **dates)
    young = context.ask("young_black_men_by_city", **dates)
    involved = context.ask("gmi_share")
    least = context.settings.thresholds.least_base_for_percentage
    cards = [
        Card(
            f"compare.{attribute}",
            chart="victims-by-attribute",
            values={"attribute": attribute},
            picture=victims.draw_attribute_of_year(context, who.frame, attribute, title),
            answer=who,
        )
        for attribute, title in victim_attributes.ATTRIBUTES.items()
    ]
    table = victim_attributes.build_young_table(young.frame, context.cities, least)
    told = victim_attributes.describe_young_black_men(young.frame, context.cities, least)
    ranges = [
        f"{context.cities[row.city]}: "
        + reach.describe_gmi_range(
            row.confirmed, row.suspected, row.unknown, row.reviewed, row.incidents
        )
        for row in involved.frame.itertuples()
    ]
    cards += [
        Card("compare.gmi", chart="group-involvement", definition=" ".join(ranges)),
        Card(
            "compare.young",
            "Black men under 30 among the people shot, 365 days",
            shown=table,
            answer=young,
            definition=" ".join(told),
        ),
    ]
    return _pair(cards)  # a panel a city stands side by side in each, and needs the room


def _public_victims(context: ReportContext) -> Sequence[Row]:
    who = context.ask("public_victims")
    why = public_text.explain_withheld(context.settings.thresholds.withheld_up_to)
    if who.frame.empty:
        return [[Card("compare.victims", sentences=(why, public_text.NONE_YET))]]
    cards = [
        Card(f"compare.{attribute}", chart="victims-by-attribute", values={"attribute": attribute})
        for attribute in victim_attributes.list_public_attributes(who.frame)
    ]
    return _pair([*cards, Card("compare.young", chart="young-black-men", alert=why)])


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


def _program(context: ReportContext) -> Sequence[Row]:
    if context.viewer.named_scope is None:
        return _public_program(context)
    return [[reach_of_program(context, "compare.program")]]


def _public_program(context: ReportContext) -> Sequence[Row]:
    reached, stayed = context.ask("public_funnel"), context.ask("public_still_active")
    promises = context.ask("public_promises")
    many = len(context.cities)
    sentences = (
        public_text.describe_attendance(reached.frame, context.cities),
        public_text.describe_still_active(stayed.frame, context.cities),
        public_text.describe_promises(promises.frame, many),
    )
    table = public_text.build_steps_table(reached.frame, context.cities)
    title = "Reach of the program"
    rows = [[Card("compare.program", title, sentences, table=table, answer=reached)]]
    if public_text.can_count_promises(many):
        rows.append([Card("compare.promises", chart="promises-by-year")])
    return rows


def _pair(cards: Sequence[Card]) -> list[Row]:
    return [cards[at : at + 2] for at in range(0, len(cards), 2)]
