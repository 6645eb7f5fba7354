"""Which cells of one period of the lattice are withheld.

Whoever knows the number of victims, which is public, that no count is below zero, and
that a withheld one is at least 1, must allow every withheld cell an interval at least as
wide as the threshold. Tables are one way and of one city, so that nothing adds up over
cities or years; what ties young Black men to age, sex and race is kept further off than
the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from longevity import age_bands
from longevity.intake.contract import AGE_BANDS
from longevity.warehouse.disclosure import MISSING, SHOWN, WITHHELD, ZERO

Cells = list[tuple[str, int | None, str]]  # value, count, state

UNKNOWN = "unknown"
AGE = "age_band"  # whose values may be a city's own
YOUNG_UNTIL = 30
STEPS = (  # a whole and its parts, in the order of the way; what is not known is in the rest
    ("invited", ("reachable", "not_reached")),
    ("reachable", ("attended", "not_come")),
    ("attended", ("intake_30", "no_intake_30")),
)
FUNNEL = ("invited", *(part for _, parts in STEPS for part in parts))
SERVED = frozenset(part for _, parts in STEPS[2:] for part in parts)


def withheld(counts: Sequence[int], limit: int, least: Sequence[int] | None = None) -> set[int]:
    """Which of the counts, whose total anyone knows, are withheld, by position.

    Counts from 1 to `limit`; a whole table of one value; and with them the smallest
    others, until the withheld ones could be shared out in more than `limit` ways each by
    someone who knows that each is at least what `least` says, else 1.
    """
    if sum(1 for count in counts if count) == 1:
        return set(range(len(counts)))  # the one that is left equals the total
    hidden = {at for at, count in enumerate(counts) if 1 <= count <= limit}
    others = sorted((at for at, n in enumerate(counts) if n > limit), key=lambda at: counts[at])
    while hidden and (len(hidden) < 2 or _ways(counts, hidden, least) < limit):
        if not others:
            return set(range(len(counts)))  # zeros too: no value may be ruled out
        hidden.add(others.pop(0))
    return hidden


def _ways(counts: Sequence[int], hidden: set[int], least: Sequence[int] | None) -> int:
    """How much of the hidden counts could be one's or another's."""
    return sum(max(0, counts[at] - (least[at] if least else 1)) for at in hidden)


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


def of_attribute(people: pd.DataFrame, name: str, values: Sequence[str], limit: int) -> Cells:
    """The cells of one attribute of one city and year. `people`: a column of it, and victims.

    Whoever has none of the `values` counts with the unknown. Where nothing is known of anybody
    that is said: it tells of nobody.
    """
    counts = {
        value: int(people.loc[people[name] == value, "victims"].sum())
        for value in values
        if value != UNKNOWN
    }
    rest = int(people["victims"].sum()) - sum(counts.values())
    told = [rest if value == UNKNOWN else counts[value] for value in values]
    known = bool(people.loc[people[name] != UNKNOWN, "victims"].sum())
    if known and name == AGE and tuple(values) != AGE_BANDS:
        return _of_own_bands(values, told, limit)
    return _told(values, told, withheld(told, limit) if known else set())


def _of_own_bands(values: Sequence[str], counts: Sequence[int], limit: int) -> Cells:
    """The cells of a city's own bands, whose list says that each held more than `limit` once.

    Where that would leave too few ways, were it of this year alone, not even the list is told.
    """
    least = [1 if value == UNKNOWN else limit + 1 for value in values]
    hidden = withheld(counts, limit, least)
    if hidden and _ways(counts, hidden, least) < limit:
        return [(UNKNOWN, None, WITHHELD)]
    return _told(values, counts, hidden)


def _told(values: Sequence[str], counts: Sequence[int], hidden: set[int]) -> Cells:
    return [
        (value, None, WITHHELD) if at in hidden else (value, count, SHOWN if count else ZERO)
        for at, (value, count) in enumerate(zip(values, counts, strict=True))
    ]


def young_black_men(people: pd.DataFrame, limit: int, first: pd.DataFrame | None = None) -> Cells:
    """Black men under 30, how many more may be, and all victims, of one city and year.

    `people`: age_band, sex, race_ethnicity, victims (one each without). The number of victims
    is public. `first`: the same people as a version that was cut before had them; whom it took
    for young Black men is told of too, so those must be as far from the rest.
    """
    young, man, black, are, could = _kinds(people)
    number = people["victims"] if "victims" in people else pd.Series(1, people.index)
    all_of_them = int(number.sum())
    wider = [int(number[each].sum()) for each in (young, man, black)]

    def clear(each: pd.Series, at: int) -> bool:
        count = int(number[each].sum())
        if first is None:
            return _apart(count, wider, all_of_them, limit)
        before = _kinds(first)[at]
        other = int(number[before & ~each].sum())
        moved = (other, int(number[each & ~before].sum()))
        return (
            not any(1 <= n <= limit for n in moved)
            and min(n - other for n in wider) - count > limit
            and _apart(count, wider, all_of_them, limit)
        )

    counted = int(number[are].sum())
    may = int(number[could].sum()) - counted
    show_are = not all_of_them or clear(are, 3)
    certain = may == 0 or (may > limit and clear(could, 4))
    show_may = not all_of_them or (show_are and certain)
    counts = (counted, may, all_of_them)
    hidden = {at for at, shown in enumerate((show_are, show_may, True)) if not shown}
    return _told(("young_black_men", "may_be", "victims"), counts, hidden)


def _kinds(people: pd.DataFrame) -> tuple[pd.Series, ...]:
    """Who is young, a man, Black; who is all three, and who may be."""
    under = {b: age_bands.under(b, YOUNG_UNTIL) for b in people["age_band"].unique()}
    young = people["age_band"].isin([b for b, sure in under.items() if sure])
    # A band that reaches across says no more of an age than the unknown does.
    may_be_young = people["age_band"].isin([b for b, sure in under.items() if sure is not False])
    man, black = people["sex"] == "male", people["race_ethnicity"] == "black"
    could = (
        may_be_young
        & (man | (people["sex"] == "unknown"))
        & (black | (people["race_ethnicity"] == "unknown"))
    )
    return young, man, black, young & man & black, could


def _apart(count: int, wider: Sequence[int], whole: int, limit: int) -> bool:
    """Whether a count of those in all the `wider` ones ties none of them down.

    It must be above the limit, the rest of each wider count too, and so must what the
    wider ones leave to it at the least.
    """
    least = sum(wider) - (len(wider) - 1) * whole
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
