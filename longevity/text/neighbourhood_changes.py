"""Changes of neighbourhoods in words, for map, table and panel (`findings.areas`)."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date

import pandas as pd

from longevity import windows
from longevity.findings.areas import CLEAR, CityAreas
from longevity.findings.finding import Finding
from longevity.stats import placement, rates
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.text import change_wording, neighbourhoods, wording
from longevity.windows import Window

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


def withhold_where_few_placed(
    changes: Mapping[str, CityAreas],
    unlocated: Mapping[str, tuple[str, pd.DataFrame]],
    measure: str,
    noun: str,
    cities: Mapping[str, str],
) -> dict[str, CityAreas]:
    """Return the changes, without a verdict in a city that placed too few in one of the windows.

    `unlocated`: of "previous" and "current", when it was ("in 2016") and the answer of
    `unlocated_victims_by_city`. `noun`: what `measure` counts.
    """
    result = {}
    for city, each in changes.items():
        untold = _explain_untold(city, each, unlocated, measure, noun, cities[city])
        result[city] = each.withhold(untold) if untold else each
    return result


def _explain_untold(
    city: str,
    changes: CityAreas,
    unlocated: Mapping[str, tuple[str, pd.DataFrame]],
    measure: str,
    noun: str,
    name: str,
) -> str:
    if not changes.tests:
        return ""
    for window, (during, frame) in unlocated.items():
        placed = sum(getattr(each.tested, window) or 0 for each in changes.areas.values())
        unplaced = int(frame.loc[frame["city"] == city, measure].sum())
        if placement.has_few_placed(placed, unplaced):
            return neighbourhoods.explain_untold_changes(
                name, placed, placed + unplaced, noun, during
            )
    return ""


def join_untold(changes: Mapping[str, CityAreas]) -> str:
    """Say of which cities no change is told, and why; else nothing."""
    return " ".join(each.untold for each in changes.values() if each.untold)


def name_base(window: Window) -> str:
    """Name the days a year before a period: "the same days of 2025", "2025"."""
    start, until = windows.step_back(window, 1)
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


def build_map_frame(changes: Mapping[str, CityAreas], noun: str) -> pd.DataFrame:
    """Return a map of changes: city, neighbourhood, value (how many more), state, said.

    `noun` says what is counted; the states are STATES.
    """
    rows = [
        (
            city,
            name,
            float("nan") if finding.difference is None else finding.difference,
            _name_state(finding),
            _write_untold_hover(noun, finding) if areas.untold else _write_hover(noun, finding),
        )
        for city, areas in changes.items()
        for name, finding in areas.areas.items()
    ]
    return pd.DataFrame(rows, columns=["city", "neighbourhood", "value", "state", "said"])


def _name_state(finding: Finding) -> str:
    outcome = finding.tested.outcome
    if outcome is not Outcome.UNCLEAR or not finding.difference:
        return outcome.value
    return "more" if finding.difference > 0 else "fewer"


def _write_hover(noun: str, finding: Finding) -> str:
    text = change_wording.describe_finding(finding)
    # A hover takes a little HTML, and a name may come from a file we were handed.
    lines = [
        f"<b>{html.escape(finding.name, quote=False)}</b>",
        f"{text.arrow} {text.verdict}",
        f"{wording.start_sentence(noun)}: {text.counts}",
    ]
    if text.interval:
        lines.append(f"{text.difference}, {text.percentage or change_wording.TOO_FEW}")
        level = change_wording.format_level(finding.tested.level)
        lines.append(f"{level} interval {text.interval}")
    return "<br>".join(lines)


def _write_untold_hover(noun: str, finding: Finding) -> str:
    return "<br>".join(
        (
            f"<b>{html.escape(finding.name, quote=False)}</b>",
            f"{change_wording.ARROWS[Outcome.UNKNOWN]} {UNTOLD}",
            _list_counts(noun, finding),
        )
    )


def _list_counts(noun: str, finding: Finding) -> str:
    """Return both counts side by side, compared with nothing."""
    counts = finding.tested
    now, before = (
        "not known" if count is None else wording.format_number(count)
        for count in (counts.current, counts.previous)
    )
    return f"{wording.start_sentence(noun)}: {now}; {before} in {finding.against.days}"


def describe_cities(
    changes: Mapping[str, CityAreas], cities: Mapping[str, str], test_noun: str
) -> list[str]:
    """Describe each city's areas, in the order of `cities`, and which of them changed.

    `test_noun` is the noun of what is counted.
    """
    sentences = []
    for city, name in cities.items():
        if city not in changes:
            continue
        areas = changes[city]
        if areas.untold:
            sentences.append(areas.untold)
            continue
        first = describe_area_changes(areas)
        first = f"{name}: {first}" if len(changes) > 1 else first
        if not areas.tests:
            sentences.append(first)
            continue
        noun = wording.start_sentence(test_noun)
        ways = [
            f" {wording.start_sentence(way)}: {wording.join_phrases(who)}."
            for way in CLEAR
            if (who := [*areas.list_areas(way)])
        ]
        assumption = _state_assumption(areas.dispersion)
        sentences.append(f"{first} {noun}, against {areas.when}{assumption}.{''.join(ways)}")
    return sentences


def describe_area_changes(areas: CityAreas) -> str:
    """Return "2 of 17 neighbourhoods changed more than chance would explain, …"."""
    if not areas.tests:
        return "There is nothing to compare the neighbourhoods with."
    noun = "neighbourhood" if areas.tests == 1 else "neighbourhoods"
    changed = wording.format_number(areas.changes) if areas.changes else "None"
    text = (
        f"{changed} of {wording.format_number(areas.tests)} {noun} changed more than chance would "
        "explain, given how many we looked at"
    )
    ways = [
        f"{wording.format_number(n)} {way}" for way in CLEAR if (n := len([*areas.list_areas(way)]))
    ]
    return f"{text}{': ' + wording.join_words(ways) if ways else ''}."


def _state_assumption(swing: Dispersion | None) -> str:
    if swing is None:
        return f", {change_wording.IF_INDEPENDENT}: too little before is known"
    return f", {change_wording.IF_IN_CLUSTERS}" if swing.is_clustered else ""


def build_changes_table(
    changes: Mapping[str, CityAreas], cities: Mapping[str, str]
) -> pd.DataFrame:
    """Return every area as text: those that changed first, then from the least likely by chance on.

    An empty cell is not known; counts are numbers.
    """
    rows = []
    for city in (city for city in cities if city in changes):
        for name, finding in changes[city].areas.items():
            text, tested = change_wording.describe_finding(finding), finding.tested
            cells = (
                name,
                cities[city],
                tested.current,
                tested.previous,
                f"{text.arrow} {change_wording.SHORT[text.outcome]}",
                text.interval,
                change_wording.format_level(tested.level) if text.interval else "",
                text.difference,
                (text.percentage or change_wording.TOO_FEW) if finding.before is not None else "",
            )
            rows.append((_rank_comparison(tested), cells))
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


def write_changes_title(changes: Mapping[str, CityAreas]) -> str:
    """Say of all neighbourhoods how many changed by more than chance would explain, and of which
    cities that is not told.
    """
    tests, untold = sum(each.tests for each in changes.values()), join_untold(changes)
    if not tests:
        return untold or "There is nothing to compare the neighbourhoods with"
    changed = sum(each.changes for each in changes.values())
    areas = wording.count_noun(tests, "neighbourhood")
    title = (
        f"{wording.format_number(changed)} of {areas} changed more than chance would explain"
        if changed
        else f"No change in any of {areas} is clear"
    )
    return f"{title}. {untold}" if untold else title


def _rank_comparison(comparison: Comparison) -> tuple[int, float]:
    if comparison.outcome in CLEAR:
        return 0, comparison.p_value or 0.0
    if comparison.outcome is Outcome.UNKNOWN:
        return 2, 0.0
    return 1, 1.0 if comparison.p_value is None else comparison.p_value


def describe_neighbourhood(changes: CityAreas, neighbourhood: str, noun: str) -> tuple[str, str]:
    """Describe one area's change: the verdict with its counts, and all of it in a sentence; or
    why there is no verdict, and the counts.
    """
    finding = changes.areas[neighbourhood]
    if changes.untold:
        return changes.untold, f"{_list_counts(noun, finding)}."
    text = change_wording.describe_finding(finding)
    verdict = f"{text.arrow} {wording.start_sentence(text.verdict)}: {noun} {text.counts}."
    return verdict, f"{wording.start_sentence(noun)}: {text.sentence}"
