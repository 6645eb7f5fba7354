"""The list of all charts, and drawing one by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from longevity.base.errors import DataError, UsageError, suggest_nearest
from longevity.charts.chart import Chart
from longevity.screens.chart_catalogue import (
    compared_charts,
    evidence_charts,
    neighbourhoods,
    over_time,
    program_inside,
    program_public,
    victims,
)
from longevity.screens.chart_catalogue.definition import (
    EVALUATED,
    SUBJECTS,
    Entry,
    Prepare,
    make_chart,
)
from longevity.screens.choice import (
    ANY_CITY,
    CITY_OR_ALL,
    MEASURE_OF_ANY,
    PERIOD_OF_ANY,
    SHOWN,
    Choice,
    Values,
    find_city,
)
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.words.declarations import load_charts

# The choices a chart can offer, by the names in the `choose` of its declaration (words/*.toml).
PARAMETERS: dict[str, Choice] = {
    "area": neighbourhoods.AREA,
    "attribute": Choice("attribute", "By", victims.list_attributes),
    "city": ANY_CITY,
    "city_or_all": CITY_OR_ALL,
    "launched": evidence_charts.LAUNCHED,
    "measure": MEASURE_OF_ANY,
    "period": PERIOD_OF_ANY,
    "place": neighbourhoods.PLACE,
    "series": evidence_charts.SERIES,
    "show": SHOWN,
    "years": neighbourhoods.YEARS,
}
# By a chart's name, the function that prepares it; other charts draw their query's rows.
PREPARED: dict[str, Prepare] = {
    "area-map": neighbourhoods.draw_city_map,
    "baselines": compared_charts.compare_baselines,
    "call-in-funnel": program_inside.count_funnel,
    "call-in-steps": program_public.count_steps,
    "cost-per-person": program_inside.divide_money,
    "evaluation": evidence_charts.compare_by_year,
    "hours-and-weekdays": neighbourhoods.count_hours,
    "met-at-the-gate": program_inside.count_greetings,
    "money-spent": program_inside.sum_money,
    "promises-by-year": program_public.count_follow_up,
    "rates": compared_charts.compute_rates,
    "twelve-months": over_time.sum_twelve_months,
    "victims-by-attribute": victims.share_public_attribute,
    "year-to-date": over_time.count_same_days,
    "years": neighbourhoods.count_years,
    "young-black-men": victims.share_young_black_men,
}


def ask_query(name: str, context: ReportContext, values: Values) -> Chart:
    """Prepare a chart that needs no function: ask its query, for the city if one is chosen."""
    declared = load_charts()[name]
    answer = context.ask(
        declared.query, **({"city": find_city(values)} if "city" in values else {})
    )
    rows, finding = answer.frame, ""
    for column, value in declared.title_of.items():
        titled = rows[rows[column] == value]
        finding = context.say(f"{declared.measure}.title", titled)
        if column == declared.sum_by:  # its total, which is no part of it
            rows = rows.drop(index=titled.index)
    drawn = prepare_rows(rows, declared.sum_by, declared.some)
    return make_chart(context, name, drawn, (answer,), table=answer.frame, finding=finding)


def prepare_rows(frame: pd.DataFrame, sum_by: str, some: str) -> pd.DataFrame:
    """Return the rows of an answer as a chart draws them.

    `some`: the column that rows with 0 of are left out by. `sum_by`: a column to add rows up by;
    then they are sorted, most of `some` first.
    """
    if sum_by:
        frame = frame.groupby(sum_by, observed=True).sum(numeric_only=True).reset_index()
        frame = frame.sort_values([some, sum_by], ascending=[False, True])
    return frame[frame[some] > 0] if some else frame


def list_declared() -> dict[str, Entry]:
    """Return all charts that measures declare, by name, in the order of their subjects."""
    entries = []
    for name, declared in load_charts().items():
        parameters = tuple(PARAMETERS[choice] for choice in declared.choose)
        prepare = PREPARED.get(name, partial(ask_query, name))
        entries.append(Entry(name, declared, parameters, prepare))
    order = [*SUBJECTS]
    return {
        entry.name: entry for entry in sorted(entries, key=lambda at: order.index(at.about.subject))
    }


ENTRIES = list_declared()


def list_entries(settings: Settings) -> list[Entry]:
    """Return all charts; without those of the evaluation where no city has a program."""
    has_program = any(city.launched_on for city in settings.cities.values())
    return [entry for entry in ENTRIES.values() if has_program or entry.about.subject != EVALUATED]


def list_public(settings: Settings) -> list[Entry]:
    """Return the charts that have a public form."""
    return [entry for entry in list_entries(settings) if not entry.about.inside]


def find_entry(name: str) -> Entry:
    """Find the chart of this name; UsageError with the nearest one otherwise."""
    if name not in ENTRIES:
        raise UsageError(f"There is no chart '{name}'.", suggest_nearest(name, list(ENTRIES)))
    return ENTRIES[name]


def draw_chart(context: ReportContext, name: str, values: Mapping[str, str]) -> Chart:
    """Draw the chart `name` with the choices `values`, {"city": "hartford"}, for a viewer.

    A chart that is the same for all viewers is drawn once for all of them.
    """
    asked = context.shared if find_entry(name).is_alike_for_all else context
    return asked.compute(_draw_entry, name, values)


def _draw_entry(context: ReportContext, name: str, values: Mapping[str, str]) -> Chart:
    return find_entry(name).draw(context, values)


def say_finding(context: ReportContext, chart: str, values: Mapping[str, str]) -> str:
    """Return the title of a chart as a sentence, or why it cannot be drawn."""
    try:
        return f"{draw_chart(context, chart, values).title}."
    except DataError as error:
        return str(error)
