"""Decide which cells of a public table are withheld, and leave no way to work them out.

Someone who knows the number of victims, which is public, and all of what is written here but the
draws, must still think every number up to the threshold possible for each small count that is
withheld, and as many for each larger one. Tables are one way and of one city, so that
nothing adds up over cities or years; what ties young Black men to age, sex and race is kept
further off than the threshold. Why this holds: docs/public-tables.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from longevity import age_bands
from longevity.absent import MISSING, SHOWN, WITHHELD, ZERO
from longevity.age_bands import AGE_BANDS
from longevity.privacy.draws import Draws

Cells = list[tuple[str, int | None, str]]  # value, count, state

UNKNOWN = "unknown"
AGE = "age_band"  # whose values may be a city's own
GMI = "gmi"  # of an incident, and so the same of all who were shot in it
OF_YOUNG = frozenset((AGE, "sex", "race_ethnicity"))
YOUNG_UNTIL = 30
ONE_MORE = 1 / 50  # how often one more is withheld than need be
STEPS = (  # a whole and its parts, in the order of the way; what is not known is in the rest
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
    """Choose which of the counts, whose total anyone knows, are withheld, by position.

    Counts from 1 to `limit`, and larger ones that `draws` picks, the larger the more rarely:
    until the withheld ones could be shared out otherwise in so many ways that each small one
    may be any number up to `limit`, and now and then one more. Where no value with people is
    left to show, the whole table. `parties`: how large are those, as is public, of whom all must
    have the same value; a count must be able to be anything next to them too.
    """
    people = {at for at, count in enumerate(counts) if count}
    hidden = {at for at in people if counts[at] <= limit}
    if not hidden and len(people) != 1:  # of one value alone the total tells the count
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
    """Return whether each small cell can be 1 to `limit` while the larger ones stay larger.

    One of the larger has the rest, when all others have what they must be able to have.
    """
    others = limit + (len(withheld) - larger - 1) + (limit + 1) * (larger - 1)
    rest = sum(withheld) - others
    return larger > 0 and rest > limit and _fit(parties, [rest, *shown])


def _fit(parties: Sequence[int], counts: Sequence[int]) -> bool:
    """Return whether parties can be shared out so that single people make up all other counts.

    The largest first, each to the count with most left: that may miss a way, and finds no wrong
    one.
    """
    left = list(counts)
    for size in sorted(parties, reverse=True):
        at = left.index(max(left))
        left[at] -= size
        if left[at] < 0:
            return False
    return True


def _draw_position(counts: Sequence[int], draws: Draws) -> int:
    """Draw the position of a count: one three times as large is drawn nine times as rarely."""
    weights = [count**-2.0 for count in counts]
    remainder = next(draws) * sum(weights)
    for at, weight in enumerate(weights):
        remainder -= weight
        if remainder < 0:
            return at
    return len(counts) - 1


def list_age_bands(known: Mapping[str, int], limit: int) -> tuple[str, ...]:
    """List the values of a city's tables by age. `known`: how many victims counted had each.

    A list of what there was tells of a person who is alone in a band. So a band of the source's own
    is listed once more than `limit` victims had it, and those of rarer ones count with the
    unknown; where only the contract's bands are left its whole list is given, no matter who had
    which. Where each is rare it is given too, if more than `limit` together are in them.
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
    """Build the cells of one attribute of one city and year. `people`: its column, and victims.

    Who has none of the `values` counts with the unknown. Where nothing is known of more
    than `limit` people that is said: it tells of no one. For GMI `people` also says with how many
    each was shot: `party`, 1 for one alone.
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
    """List how many were shot in each incident of several. `people`: party, victims."""
    by_size = people[people["party"] > 1].groupby("party")["victims"].sum()
    return [int(size) for size, number in by_size.items() for _ in range(number // size)]


def count_values(people: pd.DataFrame, name: str, values: Sequence[str]) -> dict[str, int]:
    """Count the people under each value; under the unknown who has none."""
    sums = people.groupby(name)["victims"].sum()
    counts = {value: int(sums.get(value, 0)) for value in values}
    rest = int(people["victims"].sum()) - sum(counts.values())
    return {value: n + rest if value == UNKNOWN else n for value, n in counts.items()}


def _may_list_bands(values: Sequence[str], people: int, limit: int) -> bool:
    """Return whether the bands of a table that is withheld whole may be listed.

    A city's own were each those of more than `limit` once: were it this year alone, few
    people in many bands would leave the unknown too few ways.
    """
    return tuple(values) == AGE_BANDS or people >= (limit + 1) * (len(values) - 1) + limit


def build_cells(values: Sequence[str], counts: Sequence[int], hidden: Collection[int]) -> Cells:
    """Build the cells of a table of which those at the positions `hidden` are withheld."""
    return [
        (value, None, WITHHELD) if at in hidden else (value, count, SHOWN if count else ZERO)
        for at, (value, count) in enumerate(zip(values, counts, strict=True))
    ]


def suppress_young_black_men(
    people: pd.DataFrame, limit: int, tables: Mapping[str, Cells]
) -> Cells:
    """Build the cells of Black men under 30, how many more may be, and all victims, of a year.

    `people`: age_band, sex, race_ethnicity, victims. The number of victims is public. `tables`:
    those by age, sex and race, whose withheld cells must stay as open next to this one.
    """
    number = people["victims"]
    wide, are, could = _classify(people)
    all_of_them = int(number.sum())
    sure, maybe, unsure = _compute_reaches(people, tables, limit)
    wider = [min(int(number[a].sum()), b.least) for a, b in zip(wide, sure, strict=True)]

    def clear(kind: pd.Series, reaches: Sequence[Reach]) -> bool:
        least = sum(reach.most for reach in reaches) - 2 * all_of_them
        return _is_apart(int(number[kind].sum()), wider, all_of_them, least, limit)

    certain_count = int(number[are].sum())
    may = int(number[could].sum()) - certain_count
    no_one = not all_of_them
    show_are = no_one or Reach(0, 0) in sure or clear(are, sure)
    if may:
        certain = limit < may <= sum(reach.least for reach in unsure) and clear(could, maybe)
    else:
        certain = certain_count - sum(reach.most for reach in maybe) + 2 * all_of_them > limit
    show_may = no_one or Reach(0, 0) in maybe or (show_are and certain)
    hidden = {at for at, is_public in enumerate((show_are, show_may, True)) if not is_public}
    return build_cells(
        ("young_black_men", "may_be", "victims"), (certain_count, may, all_of_them), hidden
    )


def _classify(people: pd.DataFrame) -> tuple[list[pd.Series], pd.Series, pd.Series]:
    """Classify people: who is young, a man, Black; who is all three, and who may be."""
    under = {b: _is_under(b) for b in people["age_band"].unique()}
    young = people["age_band"].isin([b for b, sure in under.items() if sure])
    # A band that reaches across says no more of an age than the unknown does.
    may_be_young = people["age_band"].isin([b for b, sure in under.items() if sure is not False])
    man, black = people["sex"] == "male", people["race_ethnicity"] == "black"
    could = (
        may_be_young
        & (man | (people["sex"] == "unknown"))
        & (black | (people["race_ethnicity"] == "unknown"))
    )
    return [young, man, black], young & man & black, could


class Reach(NamedTuple):
    """The least and the most that a reader must still think possible of some values together."""

    least: int
    most: int


def _compute_reaches(
    people: pd.DataFrame, tables: Mapping[str, Cells], limit: int
) -> tuple[list[Reach], list[Reach], list[Reach]]:
    """Compute the reach of the young, men and Black: those surely so, maybe so, not known."""
    by_surety: tuple[list[Reach], list[Reach], list[Reach]] = ([], [], [])
    for name, word in ((AGE, None), ("sex", "male"), ("race_ethnicity", "black")):
        values = [value for value, _, _ in tables[name]]
        is_so = {v: _is_under(v) if word is None else _is_same(v, word) for v in values}
        yes, may_be = {v for v in values if is_so[v]}, {v for v in values if is_so[v] is None}
        ways = [
            _compute_reach(people, name, tables[name], w, limit)
            for w in (yes, yes | may_be, may_be)
        ]
        if name == AGE and tuple(values) != AGE_BANDS:  # the young of rarer bands are among them
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
    """Compute the least and the most that a reader must still think possible of `within` together.

    Where nothing, or only one side, is withheld the total is public. Where some within and some
    outside are, only their common sum is: each small count must stay possible at any number up
    to `limit`, and each larger one has as many numbers left.
    """
    counts = count_values(people, name, [value for value, _, _ in cells])
    hidden = [value for value, _, state in cells if state == WITHHELD]
    inside = [counts[value] for value in hidden if value in within]
    outside = [counts[value] for value in hidden if value not in within]
    public_sum = sum(counts[value] for value in within.difference(hidden))
    if not inside or not outside:
        return Reach(public_sum + sum(inside), public_sum + sum(inside))
    fewest = 0 if len(hidden) == len(cells) else 1  # next to others shown a withheld one is no zero
    if max(inside) <= limit:  # small ones: what is outside takes up whatever they are not
        few = fewest * len(inside)
        return Reach(public_sum + few, public_sum + max(sum(inside), few - fewest + limit))
    # A large one among them: it is what the sum leaves when those outside are at their most.
    together = public_sum + sum(inside) + sum(outside)
    others = sum(limit + 1 if count > limit else fewest for count in outside)
    return Reach(together - others - limit, together - others)


def _is_apart(count: int, wider: Sequence[int], whole: int, least: int, limit: int) -> bool:
    """Return whether a count of those in all the `wider` ones ties none of them down.

    It must be above the limit, the rest of each wider count too, and so must what is beyond
    the `least` that the wider ones leave to it.
    """
    return min(count, whole - count, *(n - count for n in wider), count - least) > limit


def suppress_funnel(
    counts: Mapping[str, int], served: bool, limit: int, one_session: bool
) -> Cells:
    """Build the cells of the way from invitation to service, of one city and year.

    Without services their steps are missing. Of a single session everything is withheld.
    A step with a small part, or with one part that is everybody, is withheld with all that
    hangs on it: the sum of a later step would tell the earlier one from below.
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
    """Return how many of those who began a service in two years were active at 90 days.

    With its state: a count that is withheld or missing is None.

    `began`: what the table of each year says of them, with its state; `now`: how many they
    are in the data of today. The rest is not published: next to `began` it would count late
    records.
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
