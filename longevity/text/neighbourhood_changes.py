"""Changes of neighbourhoods in words, for map, table and panel (`findings.areas`)."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date

import pandas as pd

from longevity import windows
from longevity.findings import change_wording
from longevity.findings.areas import CLEAR, CityAreas
from longevity.findings.finding import Finding, find_tested
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome
from longevity.windows import Window

CHANGE = "change"
VIEWS = {
    rates.COUNT: "Counts",
    rates.RATE: "Rate per 100,000 residents",
    rates.SMOOTHED: "Smoothed rate",
    CHANGE: "Change",
}
CHANGES = (
    *("Neighbourhood", "City", "Now", "Before", "Change"),
    *("Interval", "Level", "Difference", "In percent"),
)
CAUTION = say("areas.caution")


def join_untold(changes: Mapping[str, CityAreas]) -> str:
    """Say of which cities no change is given, and why; else nothing."""
    return " ".join(areas.untold for areas in changes.values() if areas.untold)


def name_base(window: Window) -> str:
    """Name the days a year before a period: "the same days of 2025", "2025"."""
    start, until = windows.step_back(window, 1)
    period = wording.format_period(start, until)
    if period.isdecimal():
        return period
    if start.year == (until - windows.DAY).year:
        return f"the same days of {start.year}"
    return f"the same days a year before ({period})"


def explain_too_long(start: date, until: date) -> str:
    """Why a half-open period longer than a year has no year before, or an empty string."""
    is_long = windows.step_back_years(until - windows.DAY, 1) >= start
    return say("areas.too_long") if is_long else ""


def explain_changes(measure: str) -> str:
    """Say how to read the changes of a measure."""
    return say("areas.read", tested_apart=find_tested(measure) != measure)


def build_map_frame(changes: Mapping[str, CityAreas]) -> pd.DataFrame:
    """Return a map of changes: city, neighbourhood, value (how many more), state, said.

    The state is the verdict; of no clear change "more" or "fewer", which way it went.
    """
    rows = [
        (
            city,
            name,
            float("nan") if finding.difference is None else finding.difference,
            _name_state(finding),
            _write_hover(finding),
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


def _write_hover(finding: Finding) -> str:
    words = change_wording.describe_finding(finding)
    change = " ".join(filter(None, (words.difference, words.percentage)))
    # A hover takes a little HTML, and a name may come from a file we were handed.
    lines = (
        f"<b>{html.escape(finding.name, quote=False)}</b>",
        f"{words.arrow} {words.verdict}",
        say("rate.count", noun=MEASURES[finding.measure], counts=words.counts),
        change,
    )
    return "<br>".join(filter(None, lines))


def write_changes_title(changes: Mapping[str, CityAreas], cities: Mapping[str, str]) -> str:
    """Say which neighbourhoods changed by more than chance would explain, and of which cities
    that is not known.
    """
    tests, untold = sum(areas.tests for areas in changes.values()), join_untold(changes)
    if not tests:
        return untold or say("areas.changed_unknown")
    up, down = (
        [f"{name}, {cities[city]}" for city, of in changes.items() for name in of.list_areas(way)]
        for way in CLEAR
    )
    name = "changed" if up or down else "changed_none"
    title = say(f"areas.{name}", areas=tests, changed=len(up) + len(down), up=up, down=down)
    return f"{title}. {untold}" if untold else title


def build_changes_table(
    changes: Mapping[str, CityAreas], cities: Mapping[str, str]
) -> pd.DataFrame:
    """Return every area as text: those that changed first, then from the least likely by chance on.

    An empty cell is not known; counts are numbers.
    """
    findings = [
        (cities[city], name, finding)
        for city in cities
        if city in changes
        for name, finding in changes[city].areas.items()
    ]
    findings.sort(key=lambda row: _rank_comparison(row[2].tested))
    rows = []
    for city, name, finding in findings:
        cells, tested = change_wording.list_cells(finding), finding.tested
        rows.append(
            {
                "Neighbourhood": name,
                "City": city,
                "Now": tested.current,
                "Before": tested.previous,
                "Level": change_wording.format_level(tested.level) if cells["Interval"] else "",
                **cells,
            }
        )
    return pd.DataFrame(rows)[[*CHANGES]].astype({"Now": "Int64", "Before": "Int64"})


def shorten_changes_table(table: pd.DataFrame, now: str, before: str) -> pd.DataFrame:
    """Return `build_changes_table` for the screen: both counts, named by their periods, and more.

    The city is there where there are several, the verdict where any area's is clear.
    """
    short = table[["Neighbourhood", "City", "Now", "Before"]].rename(
        columns={"Now": wording.start_sentence(now), "Before": wording.start_sentence(before)}
    )
    has_difference = table["Difference"] != ""
    if has_difference.any():
        short["Difference"] = (table["Now"] - table["Before"]).where(has_difference)
    if table["City"].nunique() < 2:
        short = short.drop(columns="City")
    is_clear = table["Change"].str.startswith(("▲", "▼")).any()
    return short.assign(Verdict=table["Change"]) if is_clear else short


def _rank_comparison(comparison: Comparison) -> tuple[int, float]:
    if comparison.outcome in CLEAR:
        return 0, comparison.p_value or 0.0
    if comparison.outcome is Outcome.UNKNOWN:
        return 2, 0.0
    return 1, 1.0 if comparison.p_value is None else comparison.p_value


def describe_neighbourhood(changes: CityAreas, neighbourhood: str) -> tuple[str, str]:
    """Describe one area's change: the verdict, or why there is none, and the counts in full."""
    finding = changes.areas[neighbourhood]
    words, noun = change_wording.describe_finding(finding), MEASURES[finding.measure]
    verdict = f"{words.arrow} {wording.start_sentence(words.verdict)}."
    return changes.untold or verdict, say("rate.count", noun=noun, counts=words.sentence)
