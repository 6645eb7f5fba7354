"""A city's neighbourhoods against the same days of the year before, tested together.

Of twenty areas in which nothing changed one is expected to look changed. Benjamini and Hochberg's
procedure says which changes to believe; intervals are widened to the same level (Benjamini and
Yekutieli), so that an area called changed has an interval without 1 and any other area has one
with it. Each city's areas are tested by themselves, so that what is said of an area does not
depend on which city was chosen. One area's own history is short of events: the dispersion is
pooled over the city's, to the end of the period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from longevity import windows
from longevity.absent import Absent
from longevity.findings.counting import make_counting, read_counts
from longevity.findings.finding import Against, Finding, find, find_tested
from longevity.stats import dispersion
from longevity.stats.comparison import LEVEL, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.windows import Window

CLEAR = (Outcome.UP, Outcome.DOWN)


@dataclass(frozen=True)
class CityAreas:
    """One city's areas by name. `untold`: why no change of one is said, where too few were placed;
    the findings then have counts and no verdict.
    """

    areas: Mapping[str, Finding]
    when: str
    dispersion: Dispersion | None
    untold: str = ""

    @property
    def tests(self) -> int:
        """How many areas could be compared."""
        return sum(finding.tested.p_value is not None for finding in self.areas.values())

    @property
    def changes(self) -> int:
        """How many of them changed by more than chance would explain."""
        return len([*self.list_areas(*CLEAR)])

    def list_areas(self, *outcomes: Outcome) -> Iterator[str]:
        """List the areas of which the test says so."""
        return (name for name, each in self.areas.items() if each.tested.outcome in outcomes)

    def withhold(self, why: str) -> CityAreas:
        """Return the counts alone, compared with nothing: what is not known has no verdict."""
        counts = {
            name: replace(
                each, tested=replace(each.tested, ratio=None, low=None, high=None, p_value=None)
            )
            for name, each in self.areas.items()
        }
        return replace(self, areas=counts, untold=why)


def find_areas(
    counts: pd.DataFrame,
    slices: pd.DataFrame,
    areas: pd.DataFrame,
    measure: str,
    window: Window,
    when: str,
    least_base: int,
) -> dict[str, CityAreas]:
    """Hold each area of `areas` (city, neighbourhood) against a year before, by city.

    `counts`: city, neighbourhood, date_from, date_until and counts, no row where a window is not
    wholly known; `slices`: the same of the slices that chance is read from. `when`: the days a year
    before, in words. A city without any count of the measure, whose source does not hold it,
    is left out.
    """
    tested = find_tested(measure)
    against = Against("", when, (windows.step_back(window, 1),))
    held = counts.groupby("city", observed=True)[measure].count()
    swings = _pool_dispersions(slices, tested)
    by_area = counts.groupby(["city", "neighbourhood"], observed=True, sort=False)
    known = {key: make_counting(read_counts(rows)) for key, rows in by_area}
    result = {}
    for city, of_city in areas.groupby("city", sort=False, observed=True):
        if held.get(city) == 0:
            continue
        swing = swings.get(str(city))
        hold = {
            str(name): partial(
                find,
                known.get((city, name), lambda measure, window: Absent.NOT_COVERED),
                measure,
                window,
                against,
                swing,
                place=f"{city}/{name}",
                name=str(name),
                least_base=least_base,
            )
            for name in of_city["neighbourhood"]
        }
        alone = [one().tested.p_value for one in hold.values()]
        level = share_level([p_value for p_value in alone if p_value is not None])
        found = {name: one(level=level) for name, one in hold.items()}
        result[str(city)] = CityAreas(found, when, swing)
    return result


def _pool_dispersions(slices: pd.DataFrame, measure: str) -> dict[str, Dispersion | None]:
    """Return the dispersion of each city's areas together."""
    return {
        str(city): dispersion.estimate_dispersion(
            [
                counts.tolist()
                for _, counts in rows[rows[measure].notna()]
                .sort_values("date_from")
                .groupby("neighbourhood", observed=True)[measure]
            ]
        )
        for city, rows in slices.groupby("city", observed=True)
    }


def share_level(p_values: list[float]) -> float:
    """Return the level that all intervals of a city share, by how many tests are rejected."""
    share = (1 - LEVEL) / max(len(p_values), 1)
    ranks = [n for n, p in enumerate(sorted(p_values), start=1) if p <= n * share]
    return 1 - share * max(ranks, default=1)
