"""A city's neighbourhoods against the same days of the year before, for map, table and words.

Each city's areas are tested together, never those of all cities: so that what is said of an
area does not depend on which city was chosen. The dispersion is pooled over the city's
areas, to the end of the period.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from longevity import windows
from longevity.stats import dispersion, placement, rates
from longevity.stats.area_changes import (
    AreaChanges,
    compare_areas,
    judge_areas_by,
    withhold_verdicts,
)
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.text import change_wording, neighbourhoods, wording
from longevity.text.area_changes import describe_area_changes, describe_each_area
from longevity.text.change_wording import ChangeText

CHANGE = "change"
VIEWS = {
    rates.COUNT: "Counts",
    rates.RATE: "Rate per 100,000 residents",
    rates.SMOOTHED: "Smoothed rate",
    CHANGE: "Change",
}
CAUTION = (
    f"{wording.start_sentence(change_wording.NO_CLEAR_CHANGE)} is no finding that nothing changed: "
    "in one neighbourhood only a large change can be told from chance. Incidents that are on no "
    "map are in none of these counts."
)
TOO_LONG = (
    "A period longer than a year overlaps the one a year before, so no change is told. Choose a "
    "year, or a shorter period."
)
UNTOLD = "too few could be placed to tell a change"
CLEAR_OUTCOMES = (Outcome.UP, Outcome.DOWN)
# What an area of a map of changes is, in words; of no clear change which way it went besides.
STATES = {
    "up": "up",
    "down": "down",
    "more": change_wording.NO_CLEAR_CHANGE,
    "fewer": change_wording.NO_CLEAR_CHANGE,
    "unclear": change_wording.NO_CLEAR_CHANGE,
    "none": change_wording.SHORT[Outcome.NONE],
    "unknown": change_wording.SHORT[Outcome.UNKNOWN],
}
CLEAR = ("up", "down")
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
    the comparisons. `when` names what they are compared with: "the same days of 2025". `untold`:
    why no change of an area is told, where too few were placed; the comparisons are unknown then.
    """

    city: str
    areas: pd.DataFrame
    changes: AreaChanges
    when: str
    dispersion: Dispersion | None
    untold: str = ""

    def describe_areas(self, least_base: int) -> dict[object, ChangeText]:
        """Each area's comparison in words, by the index of `areas`."""
        return describe_each_area(self.changes, self.when, least_base)


def compute_city_changes(
    counts_by_window: pd.DataFrame,
    slices: pd.DataFrame,
    areas: pd.DataFrame,
    measure: str,
    tested: str | None = None,
) -> dict[str, CityChanges]:
    """Return the changes of each city of `areas`, by its id.

    `counts_by_window`: city, neighbourhood, back (0 or 1 years), date_from, date_until (half-open),
    counts; a window that is not wholly known has no row. `slices`: city, neighbourhood, back and
    counts, for the dispersion. `areas`: city, neighbourhood. A city without
    any count in its rows, whose source does not hold them, is left out. `tested`: the count
    that chance is tested on where it is not `measure`.
    """
    counted = _compare_cities(counts_by_window, slices, areas, measure)
    if tested is None or tested == measure:
        return counted
    judged = _compare_cities(counts_by_window, slices, areas, tested)
    return {
        city: replace(
            each,
            changes=judge_areas_by(judged[city].changes, each.areas),
            dispersion=judged[city].dispersion,
        )
        for city, each in counted.items()
        if city in judged
    }


def _compare_cities(
    counts_by_window: pd.DataFrame, slices: pd.DataFrame, areas: pd.DataFrame, measure: str
) -> dict[str, CityChanges]:
    """Return the changes of each city in one count, tested on itself."""
    known_counts = counts_by_window.groupby("city", observed=True)[measure].count()
    unknown = set(known_counts.index[known_counts == 0])
    # By city and how many years back: each area's count, and the days of the window.
    counts: dict[tuple[str, int], dict[str, int]] = {}
    spans: dict[tuple[str, int], tuple[date, date]] = {}
    columns = ("city", "back", "neighbourhood", measure, "date_from", "date_until")
    rows = zip(*(counts_by_window[name].tolist() for name in columns), strict=True)
    for city, back, name, count, start, until in rows:
        window = (city, back)
        if window not in spans:
            spans[window] = (start.date(), until.date())
        if pd.isna(count):
            continue
        counts.setdefault(window, {})[name] = int(count)
    swings = _compute_dispersions(slices, measure)
    result = {}
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
        when = _name_base(spans.get((city, 1)))
        city_dispersion = swings.get(str(city))
        changes = compare_areas(frame, dispersion=city_dispersion)
        result[str(city)] = CityChanges(str(city), frame, changes, when, city_dispersion)
    return result


def withhold_where_few_placed(
    changes: Mapping[str, CityChanges],
    unlocated: Mapping[str, tuple[str, pd.DataFrame]],
    measure: str,
    noun: str,
    cities: Mapping[str, str],
) -> dict[str, CityChanges]:
    """Return the changes, without a verdict in a city that placed too few in one of the windows.

    `unlocated`: of "previous" and "current", when it was ("in 2016") and the answer of
    `unlocated_victims_by_city`. `noun`: what `measure` counts.
    """
    result = {}
    for city, each in changes.items():
        untold = _explain_untold(each, unlocated, measure, noun, cities[city])
        counts = withhold_verdicts(each.changes) if untold else each.changes
        result[city] = replace(each, changes=counts, untold=untold)
    return result


def _explain_untold(
    changes: CityChanges,
    unlocated: Mapping[str, tuple[str, pd.DataFrame]],
    measure: str,
    noun: str,
    name: str,
) -> str:
    if not changes.changes.tests:
        return ""
    for window, (during, frame) in unlocated.items():
        placed = int(changes.areas[window].sum())
        unplaced = int(frame.loc[frame["city"] == changes.city, measure].sum())
        if placement.has_few_placed(placed, unplaced):
            return neighbourhoods.explain_untold_changes(
                name, placed, placed + unplaced, noun, during
            )
    return ""


def join_untold(changes: Mapping[str, CityChanges]) -> str:
    """Say of which cities no change is told, and why; else nothing."""
    return " ".join(each.untold for each in changes.values() if each.untold)


def _compute_dispersions(slices: pd.DataFrame, measure: str) -> dict[str, Dispersion | None]:
    """Return the dispersion of each city's areas together."""
    newest_first: dict[str, dict[str, dict[int, int]]] = {}
    columns = ("city", "neighbourhood", "back", measure)
    for city, area, back, count in zip(*(slices[name].tolist() for name in columns), strict=True):
        if not pd.isna(count):
            newest_first.setdefault(str(city), {}).setdefault(area, {})[back] = int(count)
    return {
        city: dispersion.estimate_dispersion(
            [
                [area_counts[back] for back in sorted(area_counts, reverse=True)]
                for area_counts in areas.values()
            ]
        )
        for city, areas in newest_first.items()
    }


def _name_base(before: tuple[date, date] | None) -> str:
    if before is None:
        return "the same days a year before"
    start, until = before
    period = wording.format_period(start, until)
    if period.isdecimal():
        return period
    last = until - windows.DAY
    if start.year == last.year:
        return f"the same days of {start.year}"
    return f"the same days a year before ({period})"


def explain_too_long(start: date, until: date) -> str:
    """Why a half-open period longer than a year has no year before, or an empty string."""
    return TOO_LONG if windows.step_back_years(until - windows.DAY, 1) >= start else ""


def explain_changes(measure: str, test_measure: str) -> str:
    """Say how to read the changes. `measure` is shown, `test_measure` is tested."""
    text = (
        "An area is called up or down only where its interval, widened for how many of its city's "
        "neighbourhoods were looked at, leaves out “as many”. A colour says how many more or fewer "
        "there were. Hatched: chance alone could explain it."
    )
    if test_measure == measure:
        return text
    return (
        "Tested on shooting incidents: several people can be shot in one, so people are no "
        "independent events and would make chance look like change. Where people and incidents "
        f"point apart there is no clear change. {text}"
    )


def build_map_frame(changes: Mapping[str, CityChanges], noun: str, least_base: int) -> pd.DataFrame:
    """Return a map of changes: city, neighbourhood, value (how many more), state, said.

    `noun` says what is counted; the states are STATES.
    """
    rows = []
    for city, city_changes in changes.items():
        for key, text in city_changes.describe_areas(least_base).items():
            name = city_changes.areas.at[key, "neighbourhood"]
            comparison = city_changes.changes.comparisons[key]
            difference = comparison.difference
            value = float("nan") if difference is None else difference
            hover = _write_hover(name, noun, text, comparison.level)
            if city_changes.untold:
                hover = _write_untold_hover(name, noun, comparison, city_changes.when)
            rows.append((city, name, value, _name_state(comparison), hover))
    return pd.DataFrame(rows, columns=["city", "neighbourhood", "value", "state", "said"])


def _name_state(comparison: Comparison) -> str:
    if comparison.outcome is not Outcome.UNCLEAR or not comparison.difference:
        return comparison.outcome.value
    return "more" if comparison.difference > 0 else "fewer"


def _write_hover(name: str, noun: str, text: ChangeText, level: float) -> str:
    # A hover takes a little HTML, and a name may come from a file we were handed.
    lines = [
        f"<b>{html.escape(name, quote=False)}</b>",
        f"{text.arrow} {text.verdict}",
        f"{wording.start_sentence(noun)}: {text.counts}",
    ]
    if text.interval:
        lines.append(f"{text.difference}, {text.percentage or change_wording.TOO_FEW}")
        lines.append(f"{change_wording.format_level(level)} interval {text.interval}")
    return "<br>".join(lines)


def _write_untold_hover(name: str, noun: str, counts: Comparison, when: str) -> str:
    return "<br>".join(
        (
            f"<b>{html.escape(name, quote=False)}</b>",
            f"{change_wording.ARROWS[Outcome.UNKNOWN]} {UNTOLD}",
            _list_counts(noun, counts, when),
        )
    )


def _list_counts(noun: str, counts: Comparison, when: str) -> str:
    """Return both counts side by side, compared with nothing."""
    now, before = (
        "not known" if count is None else wording.format_number(count)
        for count in (counts.current, counts.previous)
    )
    return f"{wording.start_sentence(noun)}: {now}; {before} in {when}"


def describe_cities(
    changes: Mapping[str, CityChanges], cities: Mapping[str, str], test_noun: str
) -> list[str]:
    """Describe each city's areas, in the order of `cities`, and which of them changed.

    `test_noun` is the noun of what is counted.
    """
    several = len(changes) > 1
    sentences = []
    for city, name in cities.items():
        if city not in changes:
            continue
        city_changes = changes[city]
        if city_changes.untold:
            sentences.append(city_changes.untold)
            continue
        first = describe_area_changes(city_changes.changes)
        first = f"{name}: {first}" if several else first
        against = (
            f" {wording.start_sentence(test_noun)}, against "
            f"{city_changes.when}{_state_assumption(city_changes)}."
        )
        by_outcome = {way: _list_neighbourhoods(city_changes, way) for way in CLEAR_OUTCOMES}
        ways = [
            f" {wording.start_sentence(way)}: {wording.join_phrases(who)}."
            for way, who in by_outcome.items()
            if who
        ]
        sentences.append(
            f"{first}{against}{''.join(ways)}" if city_changes.changes.tests else first
        )
    return sentences


def _state_assumption(changes: CityChanges) -> str:
    if changes.dispersion is None:
        return f", {change_wording.IF_INDEPENDENT}: too little before is known"
    return f", {change_wording.IF_IN_CLUSTERS}" if changes.dispersion.is_clustered else ""


def _list_neighbourhoods(changes: CityChanges, outcome: Outcome) -> list[str]:
    return [
        str(changes.areas.at[key, "neighbourhood"])
        for key, each in changes.changes.comparisons.items()
        if each.outcome is outcome
    ]


def build_changes_table(
    changes: Mapping[str, CityChanges], cities: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Return every area as text: those that changed first, then from the least likely by chance on.

    An empty cell is not known; counts are numbers.
    """
    rows = []
    for city in (city for city in cities if city in changes):
        city_changes = changes[city]
        for key, text in city_changes.describe_areas(least_base).items():
            comparison = city_changes.changes.comparisons[key]
            cells = (
                city_changes.areas.at[key, "neighbourhood"],
                cities[city],
                comparison.current,
                comparison.previous,
                f"{text.arrow} {change_wording.SHORT[text.outcome]}",
                text.interval,
                change_wording.format_level(comparison.level) if text.interval else "",
                text.difference,
                (text.percentage or change_wording.TOO_FEW) if comparison.base is not None else "",
            )
            rows.append((_rank_comparison(comparison), cells))
    rows.sort(key=lambda row: row[0])
    frame = pd.DataFrame([cells for _, cells in rows], columns=list(COLUMNS))
    return frame.astype({"Now": "Int64", "Before": "Int64"})


def shorten_changes_table(table: pd.DataFrame, now: str, before: str) -> pd.DataFrame:
    """Return `build_changes_table` for the screen: both counts, named by their periods, and more.

    The city stands where there are several, the verdict where any area's is clear.
    """
    short = table[["Neighbourhood", "City", "Now", "Before"]].rename(
        columns={"Now": wording.start_sentence(now), "Before": wording.start_sentence(before)}
    )
    is_told = table["Difference"] != ""
    if is_told.any():
        short["Difference"] = (table["Now"] - table["Before"]).where(is_told)
    if table["City"].nunique() < 2:
        short = short.drop(columns="City")
    is_clear = table["Change"].str.startswith(("▲", "▼")).any()
    return short.assign(Verdict=table["Change"]) if is_clear else short


def write_changes_title(changes: Mapping[str, CityChanges]) -> str:
    """Say of all neighbourhoods how many changed by more than chance would explain, and of which
    cities that is not told.
    """
    tests, untold = sum(each.changes.tests for each in changes.values()), join_untold(changes)
    if not tests:
        return untold or "There is nothing to compare the neighbourhoods with"
    changed = sum(each.changes.changes for each in changes.values())
    areas = wording.count_noun(tests, "neighbourhood")
    title = (
        f"{wording.format_number(changed)} of {areas} changed more than chance would explain"
        if changed
        else f"No change in any of {areas} is clear"
    )
    return f"{title}. {untold}" if untold else title


def _rank_comparison(comparison: Comparison) -> tuple[int, float]:
    if comparison.outcome in CLEAR_OUTCOMES:
        return 0, comparison.p_value or 0.0
    if comparison.outcome is Outcome.UNKNOWN:
        return 2, 0.0
    return 1, 1.0 if comparison.p_value is None else comparison.p_value


def describe_neighbourhood(
    changes: CityChanges, neighbourhood: str, noun: str, least_base: int
) -> tuple[str, str]:
    """Describe one area's change: the verdict with its counts, and all of it in a sentence; or
    why there is no verdict, and the counts.
    """
    key = changes.areas.index[changes.areas["neighbourhood"] == neighbourhood][0]
    if changes.untold:
        counts = _list_counts(noun, changes.changes.comparisons[key], changes.when)
        return changes.untold, f"{counts}."
    text = changes.describe_areas(least_base)[key]
    verdict = f"{text.arrow} {wording.start_sentence(text.verdict)}: {noun} {text.counts}."
    return verdict, f"{wording.start_sentence(noun)}: {text.sentence}"
