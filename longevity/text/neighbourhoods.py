"""Sentences about places: where it happened, and what is on no map."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.stats import rates
from longevity.text import availability

OF_THOSE_PLACED = "of those placed"
Area = tuple[str, str]  # city, neighbourhood


def describe_where(
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    measure: str,
    cities: Mapping[str, str],
    during: str,
) -> str:
    """Write the sentence a map opens on: how many, and which areas had most.

    `during` says when, as in "in 2016" or "from January 1 to March 31, 2018".
    `located`: city, neighbourhood, counts. `unlocated`: city, reason, counts.
    Located and unlocated make up all. A city with a row in neither, or without a count, is
    missing, not zero. A rank that those without a place might change is "of those placed".
    """
    counts, unplaced = _count_areas(located, measure), count_unplaced(unlocated, measure)
    in_areas, elsewhere = sum(counts.values()), sum(unplaced.values())
    with_areas = {city for city, _ in counts}
    names = [cities[city] for city in cities if city in with_areas.union(unplaced)]
    facts = {"places": names, "during": during}
    if not names:
        return say("where.unknown", facts)
    facts["clause"] = say(f"{measure}.clause", n=in_areas + elsewhere)
    if not in_areas:
        return say(f"where.{'nowhere' if elsewhere else 'none'}", facts)
    nowhere = [city for city in cities if unplaced.get(city) and city not in with_areas]
    facts["nowhere"] = [cities[city] for city in nowhere]
    top = _select_most(counts)
    if not top:
        return say("where.even", facts, sure=not elsewhere, most=max(counts.values()))
    # In a city without a neighbourhood to its name there may be one with all of its shootings.
    everywhere = {(city, ""): 0 for city in nowhere} | counts
    most = [
        f"{name}{'' if len(names) == 1 else ', ' + cities[city]} ({counts[city, name]:,})"
        for city, name in top
    ]
    return say("where.most", facts, sure=is_rank_sure(everywhere, top, unplaced), most=most)


def count_unplaced(unlocated: pd.DataFrame, measure: str) -> dict[str, int]:
    """Return how many of each city lie in no neighbourhood. `unlocated`: city, reason, counts."""
    known = availability.select_known(unlocated, measure)
    return {str(c): int(n) for c, n in known.groupby("city", observed=True)[measure].sum().items()}


def is_rank_sure(
    counts: Mapping[Area, int], said: Collection[Area], unplaced: Mapping[str, int]
) -> bool:
    """Return whether the areas said keep their place among all, wherever the unplaced were.

    `counts`: by area, of all; `unplaced`: by city. A tie is sure only where none is unplaced.
    """
    pairs = [(one, other) for one in said for other in counts if one != other]
    return not any(
        0 < unplaced.get(lower[0], 0) >= counts[higher] - counts[lower] >= 0
        for one, other in pairs
        for higher, lower in ((one, other), (other, one))
    )


def _count_areas(located: pd.DataFrame, measure: str) -> dict[Area, int]:
    known = availability.select_known(located, measure)
    rows = zip(known["city"], known["neighbourhood"], known[measure], strict=True)
    return {(str(city), str(name)): int(count) for city, name, count in rows}


def _select_most(counts: Mapping[Area, int]) -> list[Area]:
    """Return at most three areas with more than every other: of a tie, all are named or none."""
    ranked = sorted((area for area in counts if counts[area]), key=lambda area: -counts[area])
    if len(ranked) < 4:
        return ranked
    return [area for area in ranked[:3] if counts[area] > counts[ranked[3]]]


def describe_unlocated(located: pd.DataFrame, unlocated: pd.DataFrame, measure: str) -> str:
    """Say how many the map cannot show. `located`, `unlocated`: city, counts; none: not known."""
    unplaced = count_unplaced(unlocated, measure)
    total = sum(unplaced.values()) + sum(_count_areas(located, measure).values())
    if not unplaced:
        return say("where.unplaced_unknown")
    return say("where.unplaced", unplaced=sum(unplaced.values()), total=total)


def describe_cities_not_covered(
    begun: Mapping[str, date], cities: Mapping[str, str], during: str, has_part: bool = False
) -> str:
    """Name the cities that are not counted in a period; else an empty string.

    `begun`: by city, the day its data begin, of those where that is after the period does.
    `during` says when, as in "in 2016". `has_part`: the days since then are counted.
    """
    name = f"where.begins_{'within' if has_part else 'after'}"
    return " ".join(
        say(name, name=cities[city], day=day, during=during) for city, day in begun.items()
    )


def explain_few_placed(city: str, placed_from: date | None) -> str:
    """Say since when a city's neighbourhoods are known; None: they are not."""
    return say("where.few_placed", name=city, day=placed_from)


def list_facts(
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    before: pd.DataFrame,
    measure: str,
    city: str,
    name: str,
    days: int,
) -> str:
    """Say what one neighbourhood had in `days`: a year before, its rate, its rank in its city.

    `located`: city, neighbourhood, counts, population. `unlocated`: city, reason, counts.
    `before`: city, neighbourhood, back (in years), counts. What is not known is left out; areas
    alike have the first rank of theirs.
    """
    own = located[located["city"] == city]
    areas = own.set_index("neighbourhood")
    earlier = before[before["back"] == 1].set_index(["city", "neighbourhood"])[measure]
    then, rate = earlier.get((city, name)), rates.compute_rates(areas, measure, days).get(name)
    return say(
        "where.area",
        noun=MEASURES[measure],
        before=None if pd.isna(then) else then,
        rate="" if pd.isna(rate) else f"{rate:,.1f}",
        rank=(areas[measure] > areas.at[name, measure]).sum() + 1,
        areas=len(areas),
        sure=is_rank_sure(
            _count_areas(own, measure), [(city, name)], count_unplaced(unlocated, measure)
        ),
    )
