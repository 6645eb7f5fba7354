"""A city's neighbourhoods against the same days of the year before, tested together.

Of twenty areas in which nothing changed one is expected to look changed. Benjamini and Hochberg's
procedure says which changes to believe; intervals are widened to the same level (Benjamini and
Yekutieli), so that an area called changed has an interval without 1 and any other area has one with
it. Each city's areas are tested by themselves, so that what is said of an area does not depend on
which city was chosen. How much counts swing by chance (the dispersion) is estimated from all areas
of a city, as one alone has too few events.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from longevity.facts import windows
from longevity.facts.counted import MEASURES, find_tested
from longevity.facts.windows import Window
from longevity.findings import change_wording
from longevity.findings.counting import make_counting, read_counts
from longevity.findings.finding import Against, Finding, find
from longevity.stats import dispersion, rates
from longevity.stats.comparison import LEVEL, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.words import wording
from longevity.words.language import translate
from longevity.words.say import say, tabulate

CLEAR = (Outcome.UP, Outcome.DOWN)
CHANGE = "change"
VIEWS = {
    rates.COUNT: "Counts",
    rates.RATE: "Rate per 100,000 residents",
    CHANGE: "Change",
}


@dataclass(frozen=True)
class CityAreas:
    """One city's neighbourhoods, each with its finding by name, and how much their counts swing.

    `untold`: why no change is reported, where too few shootings have a neighbourhood; then findings
    have counts and no verdict.
    """

    areas: Mapping[str, Finding]
    dispersion: Dispersion | None
    untold: str = ""

    @property
    def tests(self) -> int:
        """How many areas could be compared."""
        return sum(finding.tested.p_value is not None for finding in self.areas.values())

    @property
    def changes(self) -> int:
        """How many of the compared areas changed by more than chance would explain."""
        return len([*self.list_areas(*CLEAR)])

    def list_areas(self, *outcomes: Outcome) -> Iterator[str]:
        """List the areas whose test has one of these outcomes."""
        return (name for name, found in self.areas.items() if found.tested.outcome in outcomes)

    def withhold(self, why: str) -> CityAreas:
        """Return the same counts without a verdict, for the reason `why`."""
        counts = {}
        for name, finding in self.areas.items():
            untested = replace(finding.tested, ratio=None, low=None, high=None, p_value=None)
            counts[name] = replace(finding, tested=untested)
        return replace(self, areas=counts, untold=why)


def find_areas(
    counts: pd.DataFrame,
    slices: pd.DataFrame,
    areas: pd.DataFrame,
    measure: str,
    window: Window,
    least_base: int,
) -> dict[str, CityAreas]:
    """Compare each neighbourhood with the same days a year before, a city's areas tested together.

    `areas`: city, neighbourhood. `counts`: city, neighbourhood, date_from, date_until and counts,
    no row where a window is not wholly known; `slices`: the same in slices of four weeks, from
    which it is estimated how much counts vary by chance. The result is by city, without a city
    whose source does not hold the measure.
    """
    against = Against(name="", days=name_base(window), windows=(windows.step_back(window, 1),))
    held = counts.groupby("city", observed=True)[measure].count()
    swings = _pool_dispersions(slices, find_tested(measure))
    by_area = counts.groupby(["city", "neighbourhood"], observed=True, sort=False)
    known = {key: make_counting(read_counts(rows)) for key, rows in by_area}

    def test(city: str, name: str, level: float) -> Finding:
        """Compare one area; `level`: of confidence, of its interval."""
        return find(
            known.get((city, name), make_counting({})),
            measure,
            window,
            against,
            dispersion=swings.get(city),
            least_base=least_base,
            place=f"{city}/{name}",
            name=name,
            level=level,
        )

    result = {}
    for city, rows in areas.groupby("city", sort=False, observed=True):
        if held.get(city) == 0:
            continue
        names = rows["neighbourhood"]
        # Tested one by one, whose p-values give the level for all; then with intervals of that.
        level = share_level([test(city, name, LEVEL).tested.p_value for name in names])
        found = {name: test(city, name, level) for name in names}
        result[city] = CityAreas(found, swings.get(city))
    return result


def _pool_dispersions(slices: pd.DataFrame, measure: str) -> dict[str, Dispersion | None]:
    """Return how much counts swing by chance in each city, estimated from all its areas."""
    known = slices[slices[measure].notna()].sort_values("date_from")
    return {
        str(city): dispersion.estimate_dispersion(
            [counts.tolist() for _, counts in rows.groupby("neighbourhood", observed=True)[measure]]
        )
        for city, rows in known.groupby("city", observed=True)
    }


def share_level(p_values: Sequence[float | None]) -> float:
    """Return the confidence level of all intervals of a city, from its areas' p-values.

    Of n tests, Benjamini and Hochberg's procedure believes R: the level is 1 − 0.05 R/n, for R at
    least 1.
    """
    known = sorted(p for p in p_values if p is not None)
    share = (1 - LEVEL) / max(len(known), 1)
    ranks = [n for n, p in enumerate(known, start=1) if p <= n * share]
    return 1 - share * max(ranks, default=1)


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
        return translate("the same days of {years}", years=start.year)
    return translate("the same days a year before ({period})", period=period)


def explain_too_long(window: Window) -> str:
    """Say why a period longer than a year has no year before; "" of any other."""
    return say("areas.too_long") if windows.step_back(window, 1)[1] > window[0] else ""


def explain_changes(measure: str) -> str:
    """Say how to read the changes of a measure."""
    return say("areas.read", tested_apart=find_tested(measure) != measure)


def build_map_frame(changes: Mapping[str, CityAreas]) -> pd.DataFrame:
    """Return the rows of a map of changes: city, neighbourhood, value, state, said.

    `value`: how many more than a year before; `state`: the verdict; `said`: what a hover says.
    """
    rows = [
        (city, name, finding.difference, finding.tested.outcome.value, _write_hover(finding))
        for city, areas in changes.items()
        for name, finding in areas.areas.items()
    ]
    columns = ["city", "neighbourhood", "value", "state", "said"]
    return pd.DataFrame(rows, columns=columns).astype({"value": "float64"})


def _write_hover(finding: Finding) -> str:
    """Write what a hover over one area says: its counts and its verdict."""
    words = change_wording.describe_finding(finding)
    return say(
        "areas.hover",
        vars(words),
        # A hover takes a little HTML, and a name may come from a file we were handed.
        name=html.escape(finding.name, quote=False),
        noun=MEASURES[finding.measure],
    )


def write_changes_title(changes: Mapping[str, CityAreas], cities: Mapping[str, str]) -> str:
    """Say which neighbourhoods changed by more than chance would explain.

    Also of which cities that is not known, and why.
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
    """Return every area as a row of text, those that changed first, then by p-value.

    An empty cell is not known; counts are numbers.
    """
    findings = [
        (cities[city], finding)
        for city in cities
        if city in changes
        for finding in changes[city].areas.values()
    ]
    rows = [
        {
            "name": finding.name,
            "city": city,
            "now": finding.tested.current,
            "before": finding.tested.previous,
            "level": change_wording.format_level(finding.tested.level),
            **change_wording.list_cells(finding),
        }
        for city, finding in sorted(findings, key=lambda found: _rank_finding(found[1]))
    ]
    return tabulate("area_change", pd.DataFrame(rows).astype({"now": "Int64", "before": "Int64"}))


def _rank_finding(finding: Finding) -> tuple[bool, bool, float]:
    """Return what sorts findings: clear changes, then others by p-value, the unknown last."""
    outcome, chance = finding.tested.outcome, finding.tested.p_value
    return outcome not in CLEAR, outcome is Outcome.UNKNOWN, 1 if chance is None else chance


def describe_neighbourhood(changes: CityAreas, neighbourhood: str) -> tuple[str, str]:
    """Return an area's verdict, or why there is none, and its counts in a sentence."""
    finding = changes.areas[neighbourhood]
    words, noun = change_wording.describe_finding(finding), MEASURES[finding.measure]
    verdict = f"{words.arrow} {wording.start_sentence(words.verdict)}."
    return changes.untold or verdict, say("rate.count", noun=noun, counts=words.sentence)
