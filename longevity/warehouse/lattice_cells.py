"""Which cells of one period of the lattice are withheld.

Whoever knows the number of victims, which is public, and all of what is written here but the
draws, must be left with every number up to the threshold for each small count that is
withheld, and with as many for each larger one. Tables are one way and of one city, so that
nothing adds up over cities or years; what ties young Black men to age, sex and race is kept
further off than the threshold. Why this holds: docs/lattice.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from longevity import age_bands
from longevity.errors import ConfigError
from longevity.intake.contract import AGE_BANDS
from longevity.warehouse.count_states import MISSING, SHOWN, WITHHELD, ZERO
from longevity.warehouse.die import Die

Cells = list[tuple[str, int | None, str]]  # value, count, state

UNKNOWN = "unknown"
AGE = "age_band"  # whose values may be a city's own
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


def check_threshold(withheld_up_to: int) -> int:
    """Return the threshold itself; ConfigError when it is not a whole number above zero."""
    if isinstance(withheld_up_to, bool) or not isinstance(withheld_up_to, int):
        raise ConfigError("'thresholds.withheld_up_to' must be a whole number.")
    if withheld_up_to < 1:
        raise ConfigError("'thresholds.withheld_up_to' must be above zero.")
    return withheld_up_to


def withheld(counts: Sequence[int], limit: int, die: Die, first: Collection[int] = ()) -> set[int]:
    """Which of the counts, whose total anyone knows, are withheld, by position.

    Counts from 1 to `limit`, and larger ones that `die` draws, the larger the more rarely:
    until the withheld ones could be shared out otherwise in so many ways that each small one
    may be any number up to `limit`, and now and then one more. Where no value with people is
    left to show, the whole table. `first`: what an earlier version of it withheld; with those
    always one more is, which tells nothing that the earlier version did not.
    """
    people = {at for at, count in enumerate(counts) if count}
    hidden = set(first) | {at for at in people if counts[at] <= limit}
    if not hidden and len(people) != 1:  # of one value alone the total tells the count
        return set()
    drawn = 0
    others = sorted(people - hidden, key=lambda at: counts[at])
    while others:
        total = sum(counts[at] for at in hidden)
        if _enough(total, len(hidden), drawn, limit) and next(die) >= ONE_MORE:
            return hidden
        hidden.add(others.pop(_draw([counts[at] for at in others], die)))
        drawn += 1
    return set(range(len(counts)))  # zeros too: no value may be ruled out


def _enough(total: int, cells: int, larger: int, limit: int) -> bool:
    """Whether each small one of these cells can be 1 to `limit` while the larger stay larger."""
    return larger > 0 and total >= cells + limit * larger + limit - 1


def _draw(counts: Sequence[int], die: Die) -> int:
    """The position of one of the counts: one three times as large is drawn nine times as rarely."""
    weights = [count**-2.0 for count in counts]
    left = next(die) * sum(weights)
    for at, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return at
    return len(counts) - 1


def bands(ever: Mapping[str, int], limit: int) -> tuple[str, ...]:
    """The values of a city's tables by age. `ever`: how many of its victims, of any year, had each.

    A list of what there was tells of whoever is alone in a band. So a band of the source's own
    is told once more than `limit` victims had it, and those of rarer ones count with the
    unknown; where only the contract's bands are left its whole list stands, whoever had which.
    """
    known = {band: count for band, count in ever.items() if band != UNKNOWN}
    told = [band for band, count in known.items() if count > limit]
    if set(told or known) <= set(AGE_BANDS):
        return AGE_BANDS
    return (*age_bands.ordered(told), UNKNOWN)


def of_attribute(
    people: pd.DataFrame,
    name: str,
    values: Sequence[str],
    limit: int,
    die: Die,
    first: Collection[str] = (),
) -> Cells:
    """The cells of one attribute of one city and year. `people`: a column of it, and victims.

    Whoever has none of the `values` counts with the unknown. Where nothing is known of more
    than `limit` people that is said: it tells of nobody. `first`: the values an earlier version
    withheld.
    """
    counted = count_values(people, name, values)
    counts = [counted[value] for value in values]
    known = people.loc[people[name] != UNKNOWN, "victims"].sum() > 0
    held = {at for at, value in enumerate(values) if value in first}
    hidden = set()
    if known or held or sum(counts) <= limit:
        hidden = withheld(counts, limit, die, held)
    if name == AGE and len(hidden) == len(values) and not _may_list(values, sum(counts), limit):
        return [(UNKNOWN, None, WITHHELD)]
    return tell(values, counts, hidden)


def count_values(people: pd.DataFrame, name: str, values: Sequence[str]) -> dict[str, int]:
    """How many of the people count under each value; under the unknown whoever has none."""
    own = people.groupby(name)["victims"].sum()
    counts = {value: int(own.get(value, 0)) for value in values}
    rest = int(people["victims"].sum()) - sum(counts.values())
    return {value: n + rest if value == UNKNOWN else n for value, n in counts.items()}


def _may_list(values: Sequence[str], people: int, limit: int) -> bool:
    """Whether the bands of a table that is withheld whole may be told.

    A city's own were each those of more than `limit` once: were it this year alone, few
    people in many bands would leave the unknown too few ways.
    """
    return tuple(values) == AGE_BANDS or people >= (limit + 1) * (len(values) - 1) + limit


def tell(values: Sequence[str], counts: Sequence[int], hidden: Collection[int]) -> Cells:
    """The cells of a table of which those at the positions `hidden` are withheld."""
    return [
        (value, None, WITHHELD) if at in hidden else (value, count, SHOWN if count else ZERO)
        for at, (value, count) in enumerate(zip(values, counts, strict=True))
    ]


def young_black_men(
    people: pd.DataFrame,
    limit: int,
    tables: Mapping[str, Cells],
    first: pd.DataFrame | None = None,
) -> Cells:
    """Black men under 30, how many more may be, and all victims, of one city and year.

    `people`: age_band, sex, race_ethnicity, victims (one each without). The number of victims
    is public. `tables`: those by age, sex and race, whose withheld cells must stay as open beside
    this one. `first`: the same people as a version that was cut before had them; whom it took
    for young Black men is told of too, so those must be as far from the rest.
    """
    people = people if "victims" in people else people.assign(victims=1)
    number = people["victims"]
    wide, are, could = _kinds(people)
    all_of_them = int(number.sum())
    sure, maybe, unsure = _reaches(people, tables, limit)
    wider = [min(int(number[a].sum()), b.least) for a, b in zip(wide, sure, strict=True)]

    def clear(kind: pd.Series, at: int, reaches: Sequence[Reach]) -> bool:
        count = int(number[kind].sum())
        least = sum(one.most for one in reaches) - 2 * all_of_them
        if first is None:
            return _apart(count, wider, all_of_them, least, limit)
        before = _kinds(first)[1:][at]
        other = int(number[before & ~kind].sum())
        moved = (other, int(number[kind & ~before].sum()))
        return (
            not any(1 <= n <= limit for n in moved)
            and min(n - other for n in wider) - count > limit
            and _apart(count, wider, all_of_them, least, limit)
        )

    counted = int(number[are].sum())
    may = int(number[could].sum()) - counted
    nobody = not all_of_them
    show_are = nobody or Reach(0, 0) in sure or clear(are, 0, sure)
    if may:
        certain = limit < may <= sum(one.least for one in unsure) and clear(could, 1, maybe)
    else:
        certain = counted - sum(one.most for one in maybe) + 2 * all_of_them > limit
    show_may = nobody or Reach(0, 0) in maybe or (show_are and certain)
    hidden = {at for at, shown in enumerate((show_are, show_may, True)) if not shown}
    return tell(("young_black_men", "may_be", "victims"), (counted, may, all_of_them), hidden)


def _kinds(people: pd.DataFrame) -> tuple[list[pd.Series], pd.Series, pd.Series]:
    """Who is young, a man, Black; who is all three, and who may be."""
    under = {b: _under(b) for b in people["age_band"].unique()}
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
    """The least and the most that some values of a table must be able to be together."""

    least: int
    most: int


def _reaches(
    people: pd.DataFrame, tables: Mapping[str, Cells], limit: int
) -> tuple[list[Reach], list[Reach], list[Reach]]:
    """Of the young, the men and the Black: those surely so, those who may be, those not known."""
    found: tuple[list[Reach], list[Reach], list[Reach]] = ([], [], [])
    for name, word in ((AGE, None), ("sex", "male"), ("race_ethnicity", "black")):
        values = [value for value, _, _ in tables[name]]
        is_so = {v: _under(v) if word is None else _same(v, word) for v in values}
        yes, may_be = {v for v in values if is_so[v]}, {v for v in values if is_so[v] is None}
        ways = [_reach(people, name, tables[name], w, limit) for w in (yes, yes | may_be, may_be)]
        if name == AGE and tuple(values) != AGE_BANDS:  # the young of rarer bands are among them
            ways[0] = Reach(ways[0].least, ways[1].most)
        for reaches, each in zip(found, ways, strict=True):
            reaches.append(each)
    return found


def _under(band: str) -> bool | None:
    return age_bands.under(band, YOUNG_UNTIL)


def _same(value: str, word: str) -> bool | None:
    return None if value == UNKNOWN else value == word


def _reach(people: pd.DataFrame, name: str, cells: Cells, within: set[str], limit: int) -> Reach:
    """How few and how many the values `within` must be able to be, given what is withheld.

    Where some within and some outside are withheld, the sum alone is known: each small one
    must still be able to be anything up to `limit`.
    """
    counts = count_values(people, name, [value for value, _, _ in cells])
    hidden = [value for value, _, state in cells if state == WITHHELD]
    inside = [counts[value] for value in hidden if value in within]
    outside = [counts[value] for value in hidden if value not in within]
    shown = sum(counts[value] for value in within.difference(hidden))
    if not inside or not outside:
        return Reach(shown + sum(inside), shown + sum(inside))
    fewest = 0 if len(hidden) == len(cells) else 1  # beside others shown a withheld one is no zero
    if max(inside) <= limit:
        few = fewest * len(inside)
        return Reach(shown + few, shown + max(sum(inside), few - fewest + limit))
    together = shown + sum(inside) + sum(outside)
    others = sum(limit + 1 if count > limit else fewest for count in outside)
    return Reach(together - others - limit, together - others)


def _apart(count: int, wider: Sequence[int], whole: int, least: int, limit: int) -> bool:
    """Whether a count of those in all the `wider` ones ties none of them down.

    It must be above the limit, the rest of each wider count too, and so must what is beyond
    the `least` that the wider ones leave to it.
    """
    return min(count, whole - count, *(n - count for n in wider), count - least) > limit


def funnel(counts: Mapping[str, int], served: bool, limit: int, one_session: bool) -> Cells:
    """The cells of the way from invitation to service, of one city and year.

    Without services their steps are missing. Of a single session everything is withheld.
    A step with a small part, or with one part that is everybody, is withheld with all that
    hangs on it: the sum of a later step would tell the earlier one from below.
    """
    known = [name for name in FUNNEL if served or name not in SERVED]
    hidden = set()
    if one_session or 1 <= counts["invited"] <= limit:
        hidden = set(known)
    for at, (whole, parts) in enumerate(STEPS):
        least = min(counts[part] for part in parts)
        if counts[whole] and least <= limit:
            hidden |= {part for _, below in STEPS[at:] for part in below}
            break
    return [
        (name, None, MISSING)
        if name not in known
        else (name, None, WITHHELD)
        if name in hidden
        else (name, counts[name], SHOWN if counts[name] else ZERO)
        for name in FUNNEL
    ]


def still_active(
    began: Sequence[tuple[int | None, str]], now: int, active: int, limit: int
) -> tuple[int | None, str]:
    """Of those who began a service in two years, how many were active at 90 days, and its state.

    `began`: what the table of each year says of them, with its state; `now`: how many they
    are in the data of today. The rest is not told: beside `began` it would count late records.
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
