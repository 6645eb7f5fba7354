"""A city's neighbourhoods against the same days of the year before, for map, table and words.

Each city's areas are tested together, never those of all cities: so that what is said of an
area does not depend on which city was chosen. The dispersion is pooled over the city's
areas, to the end of the period.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.stats import dispersion, rates, windows
from longevity.stats.area_changes import AreaChanges, compare_areas
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.text import change_wording, wording
from longevity.text.area_changes import describe_area_changes, describe_each_area
from longevity.text.change_wording import Told

CHANGE = "change"
SHOWN = {
    rates.COUNT: "Counts",
    rates.RATE: "Rate per 100,000 residents",
    rates.SMOOTHED: "Smoothed rate",
    CHANGE: "Change",
}
CAUTION = (
    "No clear change is no finding that nothing changed: in one neighbourhood only a large change "
    "can be told from chance. Incidents that are on no map are in none of these counts."
)
NONE_BEFORE = (
    "A period longer than a year overlaps the one a year before, so no change is told. Choose a "
    "year, or a shorter period."
)
CHANGED = (Outcome.UP, Outcome.DOWN)
COLUMNS = (
    "Neighbourhood",
    "City",
    "Now",
    "Before",
    "Change",
    "Interval",
    "Level",
    "Difference",
    "In percent",
)


@dataclass(frozen=True)
class CityChanges:
    """One city's areas: `areas` (neighbourhood, current, previous; Int64) and, by their index,
    the comparisons. `when` names what they are compared with: "the same days of 2025".
    """

    city: str
    areas: pd.DataFrame
    found: AreaChanges
    when: str
    dispersion: Dispersion | None

    def told(self, least_base: int) -> dict[object, Told]:
        """Each area's comparison in words, by the index of `areas`."""
        return describe_each_area(self.found, self.when, least_base)


def of_cities(
    counted: pd.DataFrame, slices: pd.DataFrame, areas: pd.DataFrame, measure: str
) -> dict[str, CityChanges]:
    """The changes of each city of `areas`, by its id.

    `counted`: city, neighbourhood, years_back, date_from, date_until (half-open) and counts;
    a window that is not wholly known has no row. `slices`: the answer of
    `rolling_by_neighbourhood`, for the dispersion. `areas`: city, neighbourhood. A city without
    any count in its rows, whose source does not hold them, is left out.
    """
    told = counted.groupby("city", observed=True)[measure].count()
    unknown = set(told.index[told == 0])
    # By city and how many years back: each area's count, and the days of the window.
    counts: dict[tuple[str, int], dict[str, int]] = {}
    spans: dict[tuple[str, int], tuple[date, date]] = {}
    columns = ("city", "years_back", "neighbourhood", measure, "date_from", "date_until")
    rows = zip(*(counted[name].tolist() for name in columns), strict=True)
    for city, back, name, count, start, until in rows:
        window = (city, back)
        if window not in spans:
            spans[window] = (start.date(), until.date())
        if pd.isna(count):
            continue
        counts.setdefault(window, {})[name] = int(count)
    swings = _dispersions(slices, measure)
    found = {}
    for city, at in areas.groupby("city", sort=False, observed=True).indices.items():
        if city in unknown:
            continue
        names = areas["neighbourhood"].iloc[at]
        now, before = (counts.get((city, back), {}) for back in (0, 1))
        frame = pd.DataFrame(
            {
                "neighbourhood": names,
                "current": pd.array([now.get(name) for name in names], dtype="Int64"),
                "previous": pd.array([before.get(name) for name in names], dtype="Int64"),
            }
        )
        when = _when(spans.get((city, 1)))
        own = swings.get(str(city))
        changes = compare_areas(frame, dispersion=own)
        found[str(city)] = CityChanges(str(city), frame, changes, when, own)
    return found


def _dispersions(slices: pd.DataFrame, measure: str) -> dict[str, Dispersion | None]:
    """The dispersion of each city's areas together."""
    newest_first: dict[str, dict[str, dict[int, int]]] = {}
    columns = ("city", "neighbourhood", "windows_back", measure)
    for city, area, back, count in zip(*(slices[name].tolist() for name in columns), strict=True):
        if not pd.isna(count):
            newest_first.setdefault(str(city), {}).setdefault(area, {})[back] = int(count)
    return {
        city: dispersion.estimate_dispersion(
            [[own[back] for back in sorted(own, reverse=True)] for own in areas.values()]
        )
        for city, areas in newest_first.items()
    }


def _when(before: tuple[date, date] | None) -> str:
    if before is None:
        return "the same days a year before"
    start, until = before
    period = wording.period(start, until)
    if period.isdecimal():
        return period
    last = until - windows.DAY
    if start.year == last.year:
        return f"the same days of {start.year}"
    return f"the same days a year before ({period})"


def too_long(start: date, until: date) -> str:
    """Why a half-open period longer than a year has no year before, or an empty string."""
    return NONE_BEFORE if windows.step_back_years(until - windows.DAY, 1) >= start else ""


def reading(measure: str, tested: str) -> str:
    """How the changes are to be read. `measure` is what is shown, `tested` what is told of."""
    said = (
        "An area is called up or down only where its interval, widened for how many of its city's "
        "neighbourhoods were looked at, leaves out “as many”. A colour says that, and nothing of "
        "how large the change is."
    )
    if tested == measure:
        return said
    return (
        "Told of shooting incidents: several people can be shot in one, so people are no "
        f"independent events and would make chance look like change. {said}"
    )


def for_map(changes: Mapping[str, CityChanges], noun: str, least_base: int) -> pd.DataFrame:
    """What a map of changes shows: city, neighbourhood, value (none), state (the outcome), said.

    `noun` says what is counted.
    """
    rows = []
    for city, own in changes.items():
        for key, told in own.told(least_base).items():
            name = own.areas.at[key, "neighbourhood"]
            level = own.found.comparisons[key].level
            rows.append((city, name, float("nan"), told.colour, _hover(name, noun, told, level)))
    return pd.DataFrame(rows, columns=["city", "neighbourhood", "value", "state", "said"])


def _hover(name: str, noun: str, told: Told, level: float) -> str:
    # A hover takes a little HTML, and a name may come from a file we were handed.
    lines = [
        f"<b>{html.escape(name, quote=False)}</b>",
        f"{told.arrow} {told.verdict}",
        f"{_capital(noun)}: {told.counts}",
    ]
    if told.interval:
        lines.append(f"{told.difference}, {told.percentage or change_wording.TOO_FEW}")
        lines.append(f"{change_wording.level(level)} interval {told.interval}")
    return "<br>".join(lines)


def sentences(
    changes: Mapping[str, CityChanges], cities: Mapping[str, str], tested: str
) -> list[str]:
    """What each city's areas say, in the order of `cities`, and which of them changed.

    `tested` is the noun of what is counted.
    """
    several = len(changes) > 1
    said = []
    for city, name in cities.items():
        if city not in changes:
            continue
        own = changes[city]
        first = describe_area_changes(own.found)
        first = f"{name}: {first}" if several else first
        against = f" {_capital(tested)}, against {own.when}{_assumed(own)}."
        named = {way: _named(own, way) for way in CHANGED}
        ways = [
            f" {_capital(way)}: {wording.listed_long(who)}." for way, who in named.items() if who
        ]
        said.append(f"{first}{against}{''.join(ways)}" if own.found.tests else first)
    return said


def _assumed(changes: CityChanges) -> str:
    if changes.dispersion is None:
        return f", {change_wording.ASSUMED}: too little before is known"
    return f", {change_wording.CLUSTERED}" if changes.dispersion.is_clustered else ""


def _named(changes: CityChanges, outcome: Outcome) -> list[str]:
    return [
        str(changes.areas.at[key, "neighbourhood"])
        for key, each in changes.found.comparisons.items()
        if each.outcome is outcome
    ]


def table(
    changes: Mapping[str, CityChanges], cities: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Every area as text: those that changed first, then from the least likely by chance on.

    An empty cell is not known; counts are numbers.
    """
    rows = []
    for city in (city for city in cities if city in changes):
        own = changes[city]
        for key, told in own.told(least_base).items():
            compared = own.found.comparisons[key]
            cells = (
                own.areas.at[key, "neighbourhood"],
                cities[city],
                compared.current,
                compared.previous,
                f"{told.arrow} {change_wording.SHORT[told.outcome]}",
                told.interval,
                change_wording.level(compared.level) if told.interval else "",
                told.difference,
                (told.percentage or change_wording.TOO_FEW) if compared.base is not None else "",
            )
            rows.append((_order(compared), cells))
    rows.sort(key=lambda row: row[0])
    frame = pd.DataFrame([cells for _, cells in rows], columns=list(COLUMNS))
    return frame.astype({"Now": "Int64", "Before": "Int64"})


def _order(compared: Comparison) -> tuple[int, float]:
    if compared.outcome in CHANGED:
        return 0, compared.p_value or 0.0
    if compared.outcome is Outcome.UNKNOWN:
        return 2, 0.0
    return 1, 1.0 if compared.p_value is None else compared.p_value


def one(changes: CityChanges, neighbourhood: str, noun: str, least_base: int) -> str:
    """One area's change in a sentence."""
    key = changes.areas.index[changes.areas["neighbourhood"] == neighbourhood][0]
    return f"{_capital(noun)}: {changes.told(least_base)[key].sentence}"


def _capital(noun: str) -> str:
    return f"{noun[:1].upper()}{noun[1:]}"
