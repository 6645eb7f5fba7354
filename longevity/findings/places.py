"""Where it happened, in words, and how many are on no map.

Located is a shooting whose neighbourhood is known. The sentences: `where` in
`words/violence.toml`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.facts.counted import MEASURES, say_clause
from longevity.findings.finding import Finding
from longevity.stats import rates
from longevity.words.absent import Absent
from longevity.words.say import say

AREA = ["city", "neighbourhood"]
Area = tuple[str, str]  # city, neighbourhood


def describe_where(
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    measure: str,
    cities: Mapping[str, str],
    during: str,
) -> str:
    """Write the sentence a map opens on: how many, and which areas had most.

    `during` says when, as in "in 2016". `located`: city, neighbourhood, counts. `unlocated`: city,
    reason, counts. Together they are all; a city with a row in neither, or without a count, is
    missing, not zero. A rank that those without a place might change is "of those placed".
    """
    counts, unplaced = _add_up(located, AREA, measure), _add_up(unlocated, "city", measure)
    in_areas, elsewhere = sum(counts.values()), sum(unplaced.values())
    with_areas = {city for city, _ in counts}
    names = [name for city, name in cities.items() if city in with_areas.union(unplaced)]
    nowhere = [city for city in cities if unplaced.get(city) and city not in with_areas]
    facts = {
        "places": names,
        "during": during,
        "clause": say_clause(measure, n=in_areas + elsewhere),
        "unplaced": elsewhere,
        "nowhere": [cities[city] for city in nowhere],
    }
    if not in_areas:
        return say(f"where.{'none' if names else 'unknown'}", facts)
    top = _select_most(counts)
    if not top:
        return say("where.even", facts, sure=not elsewhere, most=max(counts.values()))
    # In a city without a neighbourhood to its name there may be one with all of its shootings.
    everywhere = {(city, ""): 0 for city in nowhere} | counts
    most = [
        f"{name}{', ' + cities[city] if names[1:] else ''} ({counts[city, name]:,})"
        for city, name in top
    ]
    return say("where.most", facts, sure=is_rank_sure(everywhere, top, unplaced), most=most)


def _add_up(frame: pd.DataFrame, by: str | list[str], measure: str) -> dict[Any, int]:
    """Return the sum of a measure, where known, by city or area: `{("east", "mill"): 12}`."""
    known = frame[frame[measure].notna()]
    sums = known.groupby(by, observed=True, sort=False)[measure].sum().astype("int64")
    counts: dict[Any, int] = sums.to_dict()
    return counts


def is_rank_sure(
    counts: Mapping[Area, int], said: Collection[Area], unplaced: Mapping[str, int]
) -> bool:
    """Return whether areas keep their rank wherever those without a known area were shot.

    `counts`: of all areas; `said`: those whose rank is to be said; `unplaced`: by city, how many
    have no known area. A tie is sure only where there are none.
    """
    pairs = [(area, other) for area in said for other in counts if area != other]
    # All without a known area in the lower one's city may belong to it, and lift it to the other.
    return not any(
        0 < unplaced.get(lower[0], 0) >= counts[higher] - counts[lower] >= 0
        for area, other in pairs
        for higher, lower in ((area, other), (other, area))
    )


def _select_most(counts: Mapping[Area, int]) -> list[Area]:
    """Return at most three areas with more than every other: of a tie, all are named or none."""
    ranked = sorted(counts, key=lambda area: -counts[area])
    fourth = counts[ranked[3]] if len(ranked) > 3 else 0
    return [area for area in ranked[:3] if counts[area] > fourth]


def describe_unlocated(located: pd.DataFrame, unlocated: pd.DataFrame, measure: str) -> str:
    """Say how many people shot (or shootings) the map cannot show, of how many.

    `located`, `unlocated`: city, counts; without a count it is not known.
    """
    placed, unplaced = (frame[measure].dropna() for frame in (located, unlocated))
    if unplaced.empty:
        return say("where.unplaced_unknown")
    return say("where.unplaced", unplaced=unplaced.sum(), total=unplaced.sum() + placed.sum())


def describe_cities_not_covered(
    begun: Mapping[str, date], cities: Mapping[str, str], during: str, has_part: bool = False
) -> str:
    """Name the cities that are not counted in a period, as their data begin later; else "".

    `begun`: the day their data begin, by city. `during` says when, as in "in 2016". `has_part`:
    the days since then are counted.
    """
    name = f"where.begins_{'within' if has_part else 'after'}"
    return " ".join(
        say(name, name=cities[city], day=day, during=during) for city, day in begun.items()
    )


def explain_few_placed(city: str, placed_from: date | None) -> str:
    """Say since when a city's neighbourhoods are known; None: they are not."""
    return say("where.few_placed", name=city, day=placed_from)


def describe_area(
    located: pd.DataFrame, unlocated: pd.DataFrame, finding: Finding, city: str, days: int
) -> str:
    """Say, next to a neighbourhood's count, that of a year before, its rate and its rank.

    The count is of a period of `days` days.
    `located`: city, neighbourhood, counts, population. `unlocated`: city, reason, counts.
    `finding`: against a year before. The rank is in its city; areas that tie share the higher one.
    What is not known is left out.
    """
    measure, name, before = finding.measure, finding.name, finding.before
    own = located[located["city"] == city]
    areas = own.set_index("neighbourhood")
    rate = rates.compute_rates(areas, measure, days).get(name)
    unplaced = _add_up(unlocated, "city", measure)
    return say(
        "where.area",
        noun=MEASURES[measure],
        before=None if isinstance(before, Absent) else before,
        rate="" if pd.isna(rate) else f"{rate:,.1f}",
        rank=(areas[measure] > areas.at[name, measure]).sum() + 1,
        areas=len(areas),
        sure=is_rank_sure(_add_up(own, AREA, measure), [(city, name)], unplaced),
    )
