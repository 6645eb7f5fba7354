"""Decide which cells of a public table are withheld, so that no one can work them out.

Counts of people from 1 to `limit` are withheld. Since the total is public, one withheld cell could
be had by subtraction, so larger cells, chosen by random draws, are withheld with it. The aim: a
reader who knows the total and this code, but not the draws, must think every number from 1 to
`limit` possible for a small withheld cell, and as many numbers for a larger one. A table counts one
attribute in one city and year, so none can be subtracted from another; only young Black men are
bounded by the tables of age, sex and race. Why it holds: docs/public-tables.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from longevity.facts import age_bands
from longevity.facts.age_bands import AGE_BANDS
from longevity.privacy.draws import Draws
from longevity.words.absent import MISSING, SHOWN, WITHHELD, ZERO

Cells = list[tuple[str, int | None, str]]  # value, count, state

UNKNOWN = "unknown"
AGE = "age_band"  # a city may have bands of its own
GMI = "gmi"  # group-member-involved: of an incident, so the same for all who were shot in it
OF_YOUNG = frozenset((AGE, "sex", "race_ethnicity"))
YOUNG_UNTIL = 30
ONE_MORE = 1 / 50  # how often one cell more is withheld than needed
STEPS = (  # each step of the funnel and its two parts; people of unknown state are in the second
    ("invited", ("reachable", "not_reached")),
    ("reachable", ("attended", "not_come")),
    ("attended", ("intake_30", "no_intake_30")),
)
FUNNEL = ("invited", *(part for _, parts in STEPS for part in parts))
SERVED = frozenset(part for _, parts in STEPS[2:] for part in parts)


def choose_withheld(
    counts: Sequence[int],
    limit: int,
    draws: Draws,
    parties: Sequence[int] = (),
) -> set[int]:
    """Return the positions of the counts to withhold; their total is public.

    All counts from 1 to `limit`, and with them larger ones, drawn by chance, until `_is_enough`
    says that the small ones cannot be worked out, and now and then one more. All positions where
    that leaves no count to show. `parties`: the sizes of groups of people that all have the same
    value, as those shot in one incident have the same GMI; the sizes are public.
    """
    people = {at for at, count in enumerate(counts) if count}
    hidden = {at for at in people if counts[at] <= limit}
    if not hidden and len(people) != 1:  # where all have one value, the total is its count
        return set()
    additions = 0
    others = sorted(people - hidden, key=lambda at: counts[at])
    while others:
        withheld, shown = ([counts[at] for at in group] for group in (hidden, others))
        if _is_enough(withheld, shown, additions, limit, parties) and next(draws) >= ONE_MORE:
            return hidden
        hidden.add(others.pop(_draw_position(shown, draws)))
        additions += 1
    return set(range(len(counts)))  # zeros too: no value may be ruled out


def _is_enough(
    withheld: Sequence[int],
    shown: Sequence[int],
    larger: int,
    limit: int,
    parties: Sequence[int],
) -> bool:
    """Return whether each small withheld cell can be any number from 1 to `limit`.

    `larger`: how many of the withheld cells are above `limit`. The hardest case: one small cell is
    `limit`, all other small ones are 1, all larger ones but one are `limit` + 1. What is left of
    the sum for the last larger one must then still be above `limit`; and `parties`, whose
    sizes are public, must fit into the counts, or the case could be ruled out.
    """
    others = limit + (len(withheld) - larger - 1) + (limit + 1) * (larger - 1)
    rest = sum(withheld) - others
    return larger > 0 and rest > limit and _fit(parties, [rest, *shown])


def _fit(parties: Sequence[int], counts: Sequence[int]) -> bool:
    """Return whether groups of these sizes fit into the counts, each group wholly into one.

    `_fit([3, 2], [4, 2])` is True. It places the largest first, each where most room is left: it
    may miss a way to place them, but never finds a wrong one.
    """
    left = list(counts)
    for size in sorted(parties, reverse=True):
        at = left.index(max(left))
        left[at] -= size
        if left[at] < 0:
            return False
    return True


def _draw_position(counts: Sequence[int], draws: Draws) -> int:
    """Draw one of the counts by chance, and return its position.

    A count three times as large is drawn nine times as rarely.
    """
    weights = [count**-2.0 for count in counts]
    remainder = next(draws) * sum(weights)
    for at, weight in enumerate(weights):
        remainder -= weight
        if remainder < 0:
            return at
    return len(counts) - 1


def list_age_bands(known: Mapping[str, int], limit: int) -> tuple[str, ...]:
    """Return the age bands of a city's tables. `known`: victims of all years, {"18-24": 40}.

    A band listed only because one victim was in it would give that person away. So the bands that
    more than `limit` victims had are listed, and other victims count as unknown. Where all of these
    are the contract's bands, its whole list is returned; also where there are none, if more than
    `limit` victims together are in the contract's bands.
    """
    bands = {band: count for band, count in known.items() if band != UNKNOWN}
    large = [band for band, count in bands.items() if count > limit]
    in_contract = sum(count for band, count in bands.items() if band in AGE_BANDS)
    if set(large) <= set(AGE_BANDS) and (large or in_contract > limit):
        return AGE_BANDS
    return (*age_bands.sort_bands(large), UNKNOWN)


def suppress_attribute(
    people: pd.DataFrame,
    name: str,
    values: Sequence[str],
    limit: int,
    draws: Draws,
) -> Cells:
    """Build the cells of the table of one attribute, such as "sex", in one city and year.

    `people`: a row for each combination, with the column `name` and the number of `victims`; for
    GMI also `party`, how many were shot in the same incident. People with none of the `values`
    count as unknown. Where the attribute is known of no one, and there are more than `limit`
    people, all are shown as unknown: that tells about no one.
    """
    by_value = count_values(people, name, values)
    counts = [by_value[value] for value in values]
    parties = _list_parties(people) if name == GMI else []
    any_known = people.loc[people[name] != UNKNOWN, "victims"].sum() > 0
    hidden = set()
    if any_known or sum(counts) <= limit:
        hidden = choose_withheld(counts, limit, draws, parties)
    if (
        name == AGE
        and len(hidden) == len(values)
        and not _may_list_bands(values, sum(counts), limit)
    ):
        return [(UNKNOWN, None, WITHHELD)]
    return build_cells(values, counts, hidden)


def _list_parties(people: pd.DataFrame) -> list[int]:
    """List how many were shot in each incident with two or more: [2, 2, 3]."""
    by_size = people[people["party"] > 1].groupby("party")["victims"].sum()
    return [int(size) for size, number in by_size.items() for _ in range(number // size)]


def count_values(people: pd.DataFrame, name: str, values: Sequence[str]) -> dict[str, int]:
    """Count the people with each value: {"male": 9, "unknown": 2}. Any other counts as unknown."""
    sums = people.groupby(name)["victims"].sum()
    counts = {value: int(sums.get(value, 0)) for value in values}
    rest = int(people["victims"].sum()) - sum(counts.values())
    return {value: n + rest if value == UNKNOWN else n for value, n in counts.items()}


def _may_list_bands(values: Sequence[str], people: int, limit: int) -> bool:
    """Return whether a table by age that is withheld whole may still list its bands.

    That a city's own band is listed says that more than `limit` victims had it, over all years.
    In a year with few people that could be too much: it may be listed only with so many people that
    each band could have as many in this year alone.
    """
    return tuple(values) == AGE_BANDS or people >= (limit + 1) * (len(values) - 1) + limit


def build_cells(values: Sequence[str], counts: Sequence[int], hidden: Collection[int]) -> Cells:
    """Build the cells of a table; those at the positions `hidden` are withheld."""
    return [
        (value, None, WITHHELD) if at in hidden else (value, count, SHOWN if count else ZERO)
        for at, (value, count) in enumerate(zip(values, counts, strict=True))
    ]


def suppress_young_black_men(
    people: pd.DataFrame, limit: int, tables: Mapping[str, Cells]
) -> Cells:
    """Build the cells of the table of Black men under 30, in one city and year.

    Three counts: those who certainly are, those who may be (an attribute is unknown), and all
    victims, which is public. `people`: age_band, sex, race_ethnicity, victims. `tables`: those by
    age, sex and race; their withheld cells must not be narrowed down by this one.
    """
    number = people["victims"]
    wide, are, could = _classify(people)
    all_of_them = int(number.sum())
    sure, maybe, unsure = _compute_reaches(people, tables, limit)
    wider = [min(int(number[a].sum()), b.least) for a, b in zip(wide, sure, strict=True)]

    def clear(kind: pd.Series, reaches: Sequence[Reach]) -> bool:
        """Return whether the count of `kind` may be shown next to the three tables."""
        # Of N people, three groups of a, b and c have at least a + b + c - 2N in common.
        least = sum(reach.most for reach in reaches) - 2 * all_of_them
        return _is_apart(int(number[kind].sum()), wider, all_of_them, least, limit)

    certain_count = int(number[are].sum())
    may = int(number[could].sum()) - certain_count
    no_one = not all_of_them
    show_are = no_one or Reach(0, 0) in sure or clear(are, sure)
    if may:
        is_safe = limit < may <= sum(reach.least for reach in unsure) and clear(could, maybe)
    else:
        is_safe = certain_count - sum(reach.most for reach in maybe) + 2 * all_of_them > limit
    show_may = no_one or Reach(0, 0) in maybe or (show_are and is_safe)
    hidden = {at for at, is_public in enumerate((show_are, show_may, True)) if not is_public}
    return build_cells(
        ("young_black_men", "may_be", "victims"), (certain_count, may, all_of_them), hidden
    )


def _classify(people: pd.DataFrame) -> tuple[list[pd.Series], pd.Series, pd.Series]:
    """Return masks of the rows of `people`: [young, men, Black], all three, maybe all three."""
    under = {b: _is_under(b) for b in people["age_band"].unique()}
    young = people["age_band"].isin([b for b, sure in under.items() if sure])
    # A band such as 25-34, partly under 30, is like an unknown age here.
    may_be_young = people["age_band"].isin([b for b, sure in under.items() if sure is not False])
    man, black = people["sex"] == "male", people["race_ethnicity"] == "black"
    could = (
        may_be_young
        & (man | (people["sex"] == "unknown"))
        & (black | (people["race_ethnicity"] == "unknown"))
    )
    return [young, man, black], young & man & black, could


class Reach(NamedTuple):
    """The least and the most that a reader must think possible for a count, given a table."""

    least: int
    most: int


def _compute_reaches(
    people: pd.DataFrame, tables: Mapping[str, Cells], limit: int
) -> tuple[list[Reach], list[Reach], list[Reach]]:
    """Return the reaches of [young, men, Black] as the tables leave them.

    Three lists: those who certainly are, those who certainly are or may be, those who only may be.
    """
    by_surety: tuple[list[Reach], list[Reach], list[Reach]] = ([], [], [])
    for name, word in ((AGE, None), ("sex", "male"), ("race_ethnicity", "black")):
        values = [value for value, _, _ in tables[name]]
        is_so = {v: _is_under(v) if word is None else _is_same(v, word) for v in values}
        yes, may_be = {v for v in values if is_so[v]}, {v for v in values if is_so[v] is None}
        ways = [
            _compute_reach(people, name, tables[name], w, limit)
            for w in (yes, yes | may_be, may_be)
        ]
        # With a city's own bands, some young people may be counted as unknown (`list_age_bands`).
        if name == AGE and tuple(values) != AGE_BANDS:
            ways[0] = Reach(ways[0].least, ways[1].most)
        for reaches, reach in zip(by_surety, ways, strict=True):
            reaches.append(reach)
    return by_surety


def _is_under(band: str) -> bool | None:
    return age_bands.is_under(band, YOUNG_UNTIL)


def _is_same(value: str, word: str) -> bool | None:
    return None if value == UNKNOWN else value == word


def _compute_reach(
    people: pd.DataFrame, name: str, cells: Cells, within: set[str], limit: int
) -> Reach:
    """Return what a reader can tell about the sum of the values `within`, from one table.

    Where withheld cells are only inside or only outside of `within`, the sum follows from the
    total. Where they are on both sides, only the sum of all withheld cells is known, and each small
    one may be any number up to `limit`: with male 3 and unknown 9 withheld and a limit of 5,
    `within` {"male"} is Reach(1, 5).
    """
    counts = count_values(people, name, [value for value, _, _ in cells])
    hidden = [value for value, _, state in cells if state == WITHHELD]
    inside = [counts[value] for value in hidden if value in within]
    outside = [counts[value] for value in hidden if value not in within]
    public_sum = sum(counts[value] for value in within.difference(hidden))
    if not inside or not outside:
        return Reach(public_sum + sum(inside), public_sum + sum(inside))
    # Zeros are withheld only where the whole table is.
    fewest = 0 if len(hidden) == len(cells) else 1
    if max(inside) <= limit:  # only small ones inside: the cells outside make up the rest
        few = fewest * len(inside)
        return Reach(public_sum + few, public_sum + max(sum(inside), few - fewest + limit))
    # A larger one is inside: together they are at most what the cells outside leave at their least,
    # and a reader must think the next `limit` smaller numbers possible too.
    together = public_sum + sum(inside) + sum(outside)
    others = sum(limit + 1 if count > limit else fewest for count in outside)
    return Reach(together - others - limit, together - others)


def _is_apart(count: int, wider: Sequence[int], whole: int, least: int, limit: int) -> bool:
    """Return whether a count may be shown next to the `wider` counts that include it.

    More than `limit` people must be in it, outside of it (`whole`), and in each wider count apart
    from it; and it must be that far above `least`, the smallest number that the wider counts allow.
    """
    return min(count, whole - count, *(n - count for n in wider), count - least) > limit


def suppress_funnel(
    counts: Mapping[str, int], served: bool, limit: int, one_session: bool
) -> Cells:
    """Build the cells of the funnel from invitation to service, of one city and year.

    `counts`: people by step, {"invited": 40, "reachable": 35}. Without data on services (`served`)
    the steps about them are missing. If there was a single session, everything is withheld. Where a
    part of a step is small or zero, both parts and all later steps are withheld, as later counts
    bound the earlier ones.
    """
    names = [name for name in FUNNEL if served or name not in SERVED]
    hidden = set()
    if one_session or 1 <= counts["invited"] <= limit:
        hidden = set(names)
    for at, (whole, parts) in enumerate(STEPS):
        least = min(counts[part] for part in parts)
        if counts[whole] and least <= limit:
            hidden |= {part for _, below in STEPS[at:] for part in below}
            break
    return [
        (name, None, MISSING)
        if name not in names
        else (name, None, WITHHELD)
        if name in hidden
        else (name, counts[name], SHOWN if counts[name] else ZERO)
        for name in FUNNEL
    ]


def suppress_still_active(
    began: Sequence[tuple[int | None, str]], now: int, active: int, limit: int
) -> tuple[int | None, str]:
    """Return how many who began a service in two years were still active after 90 days, with state.

    `began`: how many began in each of the years, as was published, [(12, "shown"), (9, "shown")];
    `now`: how many by today's data. `active` is shown only where it is more than `limit`, and so
    are those who were not active, by either number.
    """
    if any(state == MISSING for _, state in began):
        return None, MISSING
    if any(state == WITHHELD for _, state in began):
        return None, WITHHELD
    whole = sum(count or 0 for count, _ in began)
    if not whole and not active:
        return 0, ZERO
    if min(active, whole - active, now - active) > limit:
        return active, SHOWN
    return None, WITHHELD
