"""The list of all charts, and drawing one by its name."""

from __future__ import annotations

import copyreg
from collections import ChainMap
from collections.abc import Mapping

from longevity.base.errors import DataError, UsageError, suggest_nearest
from longevity.screens.chart_catalogue import (
    compared_charts,
    declared,
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
    Drawn,
    Entry,
)
from longevity.screens.choice import ANY_CITY, CITY_OR_ALL, MEASURE_OF_ANY, Choice
from longevity.screens.context import ReportContext
from longevity.settings import Settings

# The choices a chart can offer, by the names in the `choose` of its declaration (words/*.toml).
PARAMETERS: dict[str, Choice] = {
    "area": neighbourhoods.AREA,
    "attribute": Choice("attribute", "By", victims.list_attributes),
    "city": ANY_CITY,
    "city_or_all": CITY_OR_ALL,
    "launched": evidence_charts.LAUNCHED,
    "measure": MEASURE_OF_ANY,
    "place": neighbourhoods.PLACE,
    "series": evidence_charts.SERIES,
    "years": neighbourhoods.YEARS,
}
# By a chart's name, the function that prepares its rows; other charts draw a query's rows.
PREPARED = ChainMap(
    compared_charts.PREPARED,
    evidence_charts.PREPARED,
    neighbourhoods.PREPARED,
    over_time.PREPARED,
    program_inside.PREPARED,
    program_public.PREPARED,
    victims.PREPARED,
)
# All charts, by name. The map is drawn by code and not declared: it needs boundaries and a place.
ENTRIES: dict[str, Entry] = {
    entry.name: entry
    for subject in SUBJECTS
    for entry in (neighbourhoods.MAP, *declared.build_entries(PARAMETERS, PREPARED))
    if entry.subject == subject
}


def list_entries(settings: Settings) -> list[Entry]:
    """Return all charts; without those of the evaluation where no city has a program."""
    has_program = any(city.launched_on for city in settings.cities.values())
    return [entry for entry in ENTRIES.values() if has_program or entry.subject != EVALUATED]


def find_entry(name: str) -> Entry:
    """Find the chart of this name; UsageError with the nearest one otherwise."""
    if name not in ENTRIES:
        raise UsageError(f"There is no chart '{name}'.", suggest_nearest(name, list(ENTRIES)))
    return ENTRIES[name]


def draw_chart(context: ReportContext, name: str, values: Mapping[str, str]) -> Drawn:
    """Draw the chart `name` with the choices `values`, {"city": "hartford"}, for a viewer.

    A chart that is the same for all viewers is drawn once for all of them.
    """
    asked = context.shared if find_entry(name).is_alike_for_all else context
    return asked.compute(_draw_entry, name, values)


def _draw_entry(context: ReportContext, name: str, values: Mapping[str, str]) -> Drawn:
    return find_entry(name).draw(context, values)


def say_finding(context: ReportContext, chart: str, values: Mapping[str, str]) -> str:
    """Return the title of a chart as a sentence, or why it cannot be drawn."""
    try:
        drawn = draw_chart(context, chart, values)
    except DataError as error:
        return str(error)
    return f"{drawn.chart.title}."


# A cached chart is pickled with the name of its entry, as the entry's functions cannot be pickled.
copyreg.pickle(Entry, lambda entry: (find_entry, (entry.name,)))
