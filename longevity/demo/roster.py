"""Groups, people on the list, memberships and supervision of one city.

A few groups play a part the measures must cope with: one is succeeded by
another, some are never reached, one was never audited, some come late or end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from longevity.demo.streams import (
    NEVER,
    Bools,
    Floats,
    Ints,
    Streams,
    draw_between,
    draw_index,
    number_day,
)
from longevity.settings import City

JOINING_A_YEAR = 0.12  # new people on the list, of those on it at launch
SUPERVISED = ("probation", "parole", "in_custody")
PROBATION, PAROLE, CUSTODY = range(3)
# Which part a group plays, by its rank in a seeded order, and the least number
# of groups at which there is one.
PARTS = {
    "successor": ((0, 4),),
    "succeeded": ((1, 4),),
    "unreached": ((2, 5), (3, 12)),
    "unaudited": ((4, 6),),
    "late": ((5, 8), (6, 14)),
    "ended": ((7, 10), (8, 16)),
}


@dataclass(frozen=True)
class Groups:
    """One element a group, numbered from 0. `audits` has one row an audit."""

    active_from: Ints
    active_until: Ints
    succeeded_by: Ints
    unreached: Bools
    known_from: Ints  # day the group is on file
    audits: list[tuple[int, int, int | None]]  # group, day (NEVER: not audited), members

    @property
    def size(self) -> int:
        """Return how many there are."""
        return int(self.active_from.size)


@dataclass(frozen=True)
class Roster:
    """People, one element each, and their memberships and supervision, one element each."""

    groups: Groups
    listed_on: Ints
    delisted: Ints
    reviewed_by: Floats  # draws from which reviews of the listing come
    member: Ints
    group: Ints
    since: Ints
    until: Ints
    supervised: Ints
    kind: Ints
    spell_from: Ints
    spell_until: Ints
    required: Ints  # contacts a month; -1 in custody

    def members(self, group: int, day: int) -> Ints:
        """Return the people who belong to a group on a day, listed and not taken off."""
        in_group = (self.group == group) & (self.since < day) & (self.until > day)
        people = self.member[in_group]
        on = (self.listed_on[people] < day) & (self.delisted[people] > day)
        members: Ints = people[on]
        return members

    def kind_on(self, day: int) -> Ints:
        """Return each person's supervision on a day: index of SUPERVISED, 3 for none."""
        kind = np.full(self.listed_on.size, 3, dtype=np.int64)
        now = (self.spell_from <= day) & (self.spell_until >= day)
        for which in (PROBATION, PAROLE, CUSTODY):
            kind[self.supervised[now & (self.kind == which)]] = which
        return kind


def draw_roster(streams: Streams, city: City, until: date) -> Roster:
    """Return the roster of one city to the end of the year of `until`."""
    groups = _draw_groups(streams, city)
    listed_on, primary, since, until_day = _draw_people(streams, city, groups, until)
    people = listed_on.size
    u = streams.uniform("people", people, 8)
    delisted = np.where(u[:, 0] < 0.12, listed_on + 1000 + draw_between(u[:, 1], 0, 2000), NEVER)
    member, group, since, until_day = _draw_memberships(
        groups, listed_on, primary, since, until_day, u
    )
    person, kind, begins, ends, required = _draw_spells(streams, listed_on)
    return Roster(
        groups, listed_on, delisted, u[:, 6:8], member, group, since, until_day,
        person, kind, begins, ends, required,
    )  # fmt: skip


def _draw_groups(streams: Streams, city: City) -> Groups:
    size, launch = city.demonstration.groups, number_day(city.require_launch())
    u = streams.uniform("groups", size, 12)
    order = np.argsort(u[:, 0], kind="stable")
    part = {
        name: np.array([order[rank] for rank, least in ranks if size >= least], dtype=np.int64)
        for name, ranks in PARTS.items()
    }
    active_from = launch - 200 - draw_between(u[:, 1], 0, 2000)
    active_until = np.full(size, NEVER, dtype=np.int64)
    succeeded_by = np.full(size, -1, dtype=np.int64)
    for late in part["late"]:
        active_from[late] = launch + 300 + int(u[late, 1] * 1500)
    for ended in part["ended"]:
        active_until[ended] = launch + 1500 + int(u[ended, 2] * 1500)
    for old, new in zip(part["succeeded"], part["successor"], strict=True):
        active_until[old] = launch + 900 + int(u[old, 2] * 1200)
        active_from[new] = active_until[old] + 1
        succeeded_by[old] = new
    unreached = np.zeros(size, dtype=bool)
    unreached[part["unreached"]] = True
    known_from = np.maximum(launch - 60, active_from)
    audits: list[tuple[int, int, int | None]] = []
    for group in range(size):
        if group in part["unaudited"]:
            audits.append((group, NEVER, None))
            continue
        at = max(launch - 20 - int(u[group, 3] * 40), int(active_from[group]) + 30)
        for spell in range(4):
            if at <= active_until[group] and (spell == 0 or u[group, 4 + spell] < 0.6):
                members = city.demonstration.members_a_group + int(u[group, 7 + spell] * 7) - 3
                audits.append((group, at, max(members, 2)))
            at += 800 + int(u[group, 4 + spell] * 500)
    return Groups(active_from, active_until, succeeded_by, unreached, known_from, audits)


def _draw_people(
    streams: Streams, city: City, groups: Groups, until: date
) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw day listed, group, and the first and last day of the membership in it."""
    launch, usual = number_day(city.require_launch()), city.demonstration.members_a_group
    successor = np.isin(np.arange(groups.size), groups.succeeded_by)
    share = streams.uniform("group sizes", groups.size)
    first = np.where(successor, 0, np.maximum(2, np.round(usual * (0.6 + 0.8 * share))))
    primary = np.repeat(np.arange(groups.size), first.astype(np.int64))
    u = streams.uniform("first list", primary.size, 4)
    listed_on = np.maximum(launch - 50, groups.active_from[primary] + 5) + draw_between(
        u[:, 0], 0, 40
    )
    years = range(city.require_launch().year + 1, until.year + 1)
    a_year = int(np.ceil(JOINING_A_YEAR * groups.size * usual))
    v = streams.uniform("later lists", a_year * len(years), 4)
    starts = np.repeat([number_day(date(year, 1, 1)) for year in years], a_year).astype(np.int64)
    later = starts + draw_between(v[:, 0], 0, 364)
    active = (groups.active_from[None, :] + 20 < later[:, None]) & (
        groups.active_until[None, :] > later[:, None] + 60
    )
    nth = np.floor(v[:, 1] * active.sum(axis=1)).astype(np.int64)
    joined = np.argmax(np.cumsum(active, axis=1) > nth[:, None], axis=1)
    has_group = active.any(axis=1)
    listed_on = np.concatenate([listed_on, later[has_group]])
    primary = np.concatenate([primary, joined[has_group]])
    u = np.concatenate([u, v[has_group]])
    since = np.maximum(groups.active_from[primary], listed_on - draw_between(u[:, 2], 5, 500))
    until_day = np.where(u[:, 3] < 0.28, listed_on + 200 + (u[:, 3] * 7800).astype(np.int64), NEVER)
    return listed_on, primary, since, np.minimum(until_day, groups.active_until[primary])


def _draw_memberships(
    groups: Groups, listed_on: Ints, primary: Ints, since: Ints, until_day: Ints, u: Floats
) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw first memberships, then those in a successor, then second groups."""
    people = np.arange(listed_on.size)
    new = groups.succeeded_by[primary]
    moved = np.flatnonzero((new >= 0) & (until_day == groups.active_until[primary]))
    plain = (
        ~groups.unreached
        & (groups.active_until == NEVER)
        & (groups.succeeded_by < 0)
        & ~np.isin(np.arange(groups.size), groups.succeeded_by)
    )
    other = np.flatnonzero(plain)
    empty = np.zeros(0, np.int64)
    two, second, second_since = empty, empty, empty
    if other.size > 1:
        two = np.flatnonzero((u[:, 2] < 0.07) & plain[primary])
        at = np.floor(u[two, 3] * (other.size - 1)).astype(np.int64)
        at += at >= np.searchsorted(other, primary[two])
        second = other[at]
        second_since = np.maximum(listed_on[two], groups.active_from[second]) + draw_between(
            u[two, 4], 40, 900
        )
    always = np.full(moved.size + two.size, NEVER, dtype=np.int64)
    return (
        np.concatenate([people, moved, two]),
        np.concatenate([primary, new[moved], second]),
        np.concatenate([since, groups.active_until[primary[moved]] + 1, second_since]),
        np.concatenate([until_day, always]),
    )


def _draw_spells(streams: Streams, listed_on: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Draw supervision: none, a spell in the community, or custody and a spell after it."""
    u = streams.uniform("supervision", listed_on.size, 8)
    course = draw_index(u[:, 0], (0.30, 0.30, 0.24, 0.16))
    begins = listed_on - 300 + draw_between(u[:, 1], 0, 2600)
    inside = np.flatnonzero(course >= 2)
    out = begins[inside] + draw_between(u[inside, 2], 90, 800)
    after = np.where(course[inside] == 2, PAROLE, PROBATION)
    community = np.flatnonzero(course == 1)
    person = np.concatenate([inside, inside, community])
    start = np.concatenate([begins[inside], out, begins[community]])
    end = np.concatenate(
        [out, out + draw_between(u[inside, 3], 150, 600), begins[community] + 150]
    ) + np.concatenate([0 * out, 0 * out, draw_between(u[community, 3], 0, 450)])
    kind = np.concatenate(
        [np.full(inside.size, CUSTODY), after, np.full(community.size, PROBATION)]
    )
    standard = np.where(kind == PAROLE, 2, 1) + (u[person, 4] < 0.3)
    required = np.where(kind == CUSTODY, -1, standard)
    return person, kind.astype(np.int64), start, end, required.astype(np.int64)
