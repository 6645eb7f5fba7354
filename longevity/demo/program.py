"""Groups, people on the list, call-ins and notifications: and the day each group has notice.

A few groups play a part the measures must cope with: one is succeeded by
another, some are never reached, one was never audited, some come late or end.
Attendance is fixed first; the day of notice follows from it, and only then is
decided what becomes of the groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import Ground
from longevity.demo.streams import (
    NEVER,
    Bools,
    Floats,
    Ints,
    Streams,
    draw_between,
    draw_index,
    draw_whether,
    find_first_day,
    find_weekday,
    find_year,
)

PARTS_FROM = 12  # groups a city has where some play a part
# Code names of groups: stones and metals, so that none is taken for a person's.
# fmt: off
LABELS = (
    "Granite", "Basalt", "Slate", "Quartz", "Marble", "Gravel", "Copper", "Nickel", "Cobalt",
    "Zinc", "Chalk", "Flint", "Gypsum", "Pumice", "Shale", "Schist", "Gneiss", "Bauxite",
    "Feldspar", "Dolomite", "Limestone", "Sandstone", "Obsidian", "Titanium", "Tungsten",
)
# fmt: on
AUDITS = 4
JOINING_A_YEAR = 0.15  # new people on the list, of those on it at launch
REVIEWED_EVERY = 5 * 365  # days; a listing must be reviewed within five years
REVIEW_SLIPS = 0.04  # share of the reviews that are let slip
PROBATION, PAROLE, CUSTODY, FREE = range(4)
CALL_IN_EVERY, NOTIFIED_EVERY = 91, 40  # days
ANNOUNCED = 100  # days before a call-in; so that there is always one to come
ATTENDED, ABSENT, EXCUSED, UNKNOWN = range(4)
DIRECT, COLLATERAL = range(2)


@dataclass(frozen=True)
class Roster:
    """Groups (one element each, numbered from 0), and rows of people."""

    groups: Rows
    people: Rows
    memberships: Rows
    supervision_spells: Rows

    def find_members(self, day: Ints) -> Bools:
        """Return for each day (rows) whether each membership (columns) is that of a listed one."""
        at, of, people = day[:, None], self.memberships, self.people
        members: Bools = (of.from_on < at) & (of.until_on > at)
        return members & (of.on_file < at) & (people.delisted_on[of.person_id] > at)

    def pick_members(self, uniform: Floats, day: Ints, group: Ints | None = None) -> Ints:
        """Return a membership for each day, of the group where one is given; -1 for none."""
        can = self.find_members(day)
        if group is not None:
            can &= self.memberships.group_id == group[:, None]
        nth = np.floor(uniform * can.sum(axis=1))
        picked = np.argmax(np.cumsum(can, axis=1) > nth[:, None], axis=1)
        return np.where(can.any(axis=1), picked, -1)


def draw_roster(streams: Streams, ground: Ground) -> Roster:
    """Return the roster of one city to the end of its days."""
    groups = _draw_groups(streams, ground)
    listed_on, primary, u = _draw_people(streams, ground, groups)
    delisted_on = draw_whether(u[:, 8], 0.12, listed_on + draw_between(u[:, 9], 1000, 3000))
    reviews = (np.minimum(ground.as_of, delisted_on) - listed_on) // REVIEWED_EVERY
    slipped = np.floor(np.log1p(-u[:, 10]) / np.log1p(-REVIEW_SLIPS)).astype(int)
    reviews = np.clip(reviews, 0, slipped)
    since = np.maximum(groups.active_from[primary], listed_on - draw_between(u[:, 2], 5, 500))
    left = draw_whether(u[:, 3], 0.28, listed_on + draw_between(u[:, 4], 200, 2400))
    until = np.minimum(left, groups.active_until[primary])
    # Who stayed to the end of a group moves on to its successor; some are in two groups.
    new = groups.succession[primary]
    moved = np.flatnonzero((new >= 0) & (until == groups.active_until[primary]))
    other = np.floor(u[:, 5] * groups.size).astype(int)
    two = (u[:, 6] < 0.1) & groups.plain[primary] & groups.plain[other] & (other != primary)
    two = np.flatnonzero(two)
    second = np.maximum(listed_on, groups.active_from[other]) + draw_between(u[:, 7], 40, 900)
    number = np.arange(listed_on.size)
    person = np.concatenate([number, moved, two])
    since = np.concatenate([since, until[moved] + 1, second[two]])
    return Roster(
        groups,
        Rows(
            on_file=listed_on,
            person_id=number,
            listed_on=listed_on,
            review_by=listed_on + REVIEWED_EVERY * (reviews + 1),
            delisted_on=delisted_on,
        ),
        Rows(
            on_file=np.maximum(since, listed_on[person]),
            person_id=person,
            group_id=np.concatenate([primary, new[moved], other[two]]),
            from_on=since,
            until_on=np.append(until, np.full(moved.size + two.size, NEVER)),
        ),
        _draw_spells(streams.uniform("supervision", listed_on.size, 5), listed_on),
    )


def _draw_groups(streams: Streams, ground: Ground) -> Rows:
    """Draw groups; `audits` has one row each, one column an audit."""
    plan, launch = ground.city.demonstration, ground.launch
    size, number = plan.groups, np.arange(plan.groups)
    u = streams.uniform("groups", size, 5)
    v = streams.uniform("audits", size, AUDITS, 3)
    order = np.argsort(u[:, 0])[: 9 if size >= PARTS_FROM else 0]
    old, new, unreached = order[:1], order[1:2], order[2:4]
    unaudited, late, ended = order[4:5], order[5:7], order[7:]
    active_from = launch - draw_between(u[:, 1], 200, 2200)
    active_from[late] = launch + draw_between(u[late, 2], 300, 1800)
    active_until = np.full(size, NEVER)
    active_until[ended] = launch + draw_between(u[ended, 3], 1500, 3000)
    active_until[old] = launch + draw_between(u[old, 3], 900, 2100)
    active_from[new] = active_until[old] + 1
    succession = np.full(size, -1)
    succession[old] = new
    gaps = draw_between(v[:, :, 0], 800, 1300)
    gaps[:, 0] = np.maximum(launch - draw_between(u[:, 4], 20, 60), active_from + 30)
    audited = np.cumsum(gaps, axis=1)
    is_held = (v[:, :, 1] < 0.6) & (audited <= active_until[:, None])
    is_held[:, 0] = ~np.isin(number, unaudited)
    members = np.maximum(plan.members_a_group + draw_between(v[:, :, 2], -3, 3), 2)
    return Rows(
        size=size,
        active_from=active_from,
        active_until=active_until,
        succession=succession,
        unreached=np.isin(number, unreached),
        plain=~np.isin(number, order),  # plays no part
        known_from=np.maximum(launch - 60, active_from),
        audited=np.where(is_held, audited, NEVER),
        members=np.where(is_held & (audited <= ground.as_of), members, -1),
    )


def list_audits(groups: Rows, as_of: int) -> Rows:
    """Return one row a group and audit; a group not yet audited has a row without a date."""
    is_first = np.arange(AUDITS) == 0
    group, audit = np.nonzero(is_first | (groups.audited < NEVER))
    audited = groups.audited[group, audit]
    until = groups.active_until[group]
    more = [f"{label} {nth}" for nth in range(2, 2 + groups.size // len(LABELS)) for label in LABELS]
    return Rows(
        on_file=np.where(audit == 0, groups.known_from[group], audited),
        group_id=group,
        label=np.array([*LABELS, *more])[group],
        audited_on=audited,
        members=groups.members[group, audit],
        active_from=groups.active_from[group],
        active_until=until,
        succeeded_by=np.where(until < as_of, groups.succession[group], -1),
    )


def _draw_people(streams: Streams, ground: Ground, groups: Rows) -> tuple[Ints, Ints, Floats]:
    """Draw the day each is listed, the first group, and what the rest is made of."""
    usual = ground.city.demonstration.members_a_group
    members = np.maximum(2, usual * (0.6 + 0.8 * streams.uniform("group sizes", groups.size)))
    members[groups.succession[groups.succession >= 0]] = 0
    first = np.repeat(np.arange(groups.size), members.round().astype(int))
    u = streams.uniform("first list", first.size, 11)
    listed_on = np.maximum(ground.launch - 50, groups.active_from[first] + 5)
    listed_on += draw_between(u[:, 0], 0, 40)
    launched, last = find_year(np.array([ground.launch, ground.last]))
    a_year = int(np.ceil(JOINING_A_YEAR * groups.size * usual))
    years = np.repeat(np.arange(launched + 1, last + 1), a_year)
    v = streams.uniform("later lists", years.size, 11)
    later = find_first_day((years - 1970) * 12) + draw_between(v[:, 0], 0, 364)
    joined = np.floor(v[:, 1] * groups.size).astype(int)
    can = (groups.active_from[joined] + 20 < later) & (groups.active_until[joined] > later + 60)
    return np.append(listed_on, later[can]), np.append(first, joined[can]), np.append(u, v[can], 0)


def _draw_spells(u: Floats, listed_on: Ints) -> Rows:
    """Draw supervision: none, probation, or custody and then parole or probation."""
    course = draw_index(u[:, 0], 0.30, 0.30, 0.24, 0.16)
    begins = listed_on + draw_between(u[:, 1], -300, 2300)
    inside, outside = np.flatnonzero(course >= 2), np.flatnonzero(course >= 1)
    out = begins + np.where(course >= 2, draw_between(u[:, 2], 90, 800), 0)
    kind = np.where(course == 2, PAROLE, PROBATION)[outside]
    standard = np.where(kind == PAROLE, 2, 1) + (u[outside, 3] < 0.3)
    person, from_on = np.append(inside, outside), np.append(begins[inside], out[outside])
    return Rows(
        on_file=np.maximum(from_on, listed_on[person]),
        person_id=person,
        kind=np.append(np.full(inside.size, CUSTODY), kind),
        from_on=from_on,
        until_on=np.append(out[inside], (out + draw_between(u[:, 4], 150, 600))[outside]),
        required_contacts_a_month=np.append(np.full(inside.size, -1), standard),
    )


def draw_call_ins(streams: Streams, ground: Ground, roster: Roster) -> tuple[Rows, Rows]:
    """Return the sessions of a city, and the invitations: who is asked to each, who comes."""
    groups, people = roster.groups, roster.people.on_file.size
    number = np.arange(max((ground.last + 366 - ground.launch) // CALL_IN_EVERY, 0) + 1)
    u = streams.uniform("sessions", number.size, 9)
    scheduled = ground.launch + CALL_IN_EVERY * number
    scheduled[1:] += draw_between(u[1:, 0], -4, 4)
    scheduled += np.array([0, 0, 0, 0, 0, -1, 1])[find_weekday(scheduled)]  # no weekends
    postponed = np.where((u[:, 1] < 0.05) & (number > 1), 7, 0)
    # One early session is cancelled, and nobody comes to the one two later.
    cancelled = 3 + int(u[0, 2] * 4)
    off = (number == cancelled) | ((u[:, 2] < 0.04) & (number > 12))
    held_on = np.where(off, NEVER, scheduled + postponed)
    spans = {
        "community_speakers": (1, 5),
        "family_speakers": (0, 3),
        "law_enforcement": (4, 12),
        "service_providers": (2, 9),
        "cases_prepared": (0, 4),
    }
    counts = {
        name: np.where(held_on <= ground.as_of, draw_between(v, *span), -1)
        for (name, span), v in zip(spans.items(), u[:, 4:].T, strict=True)
    }
    # Some groups are picked for each session, and of their members some are asked.
    v = streams.uniform("groups picked", number.size, groups.size)
    picked = ((v < 0.4) | (v == v.min(axis=1, keepdims=True))) & ~groups.unreached
    group_of, person_of = roster.memberships.group_id, roster.memberships.person_id
    session, member = np.nonzero(roster.find_members(held_on) & picked[:, group_of])
    can = np.zeros((number.size, people), dtype=bool)
    can[session, person_of[member]] = True
    w = np.stack([streams.uniform(f"session/{k}", people, 3) for k in number])
    rank = np.argsort(np.argsort(np.where(can, w[:, :, 0], 1), axis=1), axis=1)
    session, person = np.nonzero(can & (rank < draw_between(u[:, 3], 16, 27)[:, None]))
    answer = w[session, person]
    kind = _find_supervision(roster.supervision_spells, person, held_on[session])
    reachable = np.where(kind == CUSTODY, 1, 1 - draw_index(answer[:, 1], 0.83, 0.13, 0.04))
    share = np.where(session == 0, 0.86, 0.62)
    missed = ABSENT + draw_index((answer[:, 2] - share) / (1 - share), 0.6, 0.2, 0.2)
    came = np.where(answer[:, 2] < share, ATTENDED, missed)
    came[(reachable == 0) | (session == cancelled + 2)] = ABSENT
    came[(reachable < 0) & (came == ATTENDED)] = UNKNOWN
    came[(kind == CUSTODY) & (answer[:, 2] > 0.8)] = EXCUSED
    call_ins = Rows(
        on_file=scheduled - ANNOUNCED,
        call_in_id=number,
        scheduled_for=scheduled,
        held_on=held_on,
        **counts,
    )
    return call_ins, Rows(
        on_file=held_on[session],
        call_in_id=session,
        person_id=person,
        # By parole, by probation, in custody, voluntary.
        route=np.select([kind == PAROLE, kind == PROBATION, kind == CUSTODY], [0, 1, 3], 2),
        reachable=reachable,
        attended=came,
    )


def _find_supervision(spells: Rows, person: Ints, day: Ints) -> Ints:
    """Return how each person was supervised on a day."""
    now = (spells.person_id == person[:, None]) & (spells.from_on <= day[:, None])
    now &= spells.until_on >= day[:, None]
    return np.where(now.any(axis=1), spells.kind[np.argmax(now, axis=1)], FREE)


def draw_notifications(streams: Streams, ground: Ground, roster: Roster, incidents: Rows) -> Rows:
    """Draw custom notifications, after shootings and at other times, to any group's members."""
    u = streams.uniform("notified after shootings", incidents.day.size, 4)
    soon = incidents.on_file <= incidents.day + 2
    after = np.flatnonzero(incidents.confirmed & soon & (u[:, 0] < 0.22))
    after = after[incidents.day[after] >= ground.launch]
    other = np.arange(max((ground.last - ground.launch) // NOTIFIED_EVERY, 0))
    v = streams.uniform("notified at other times", other.size, 4)
    told = incidents.on_file[after] + draw_between(u[after, 1], 0, 2)
    days = ground.launch + 20 + NOTIFIED_EVERY * other + draw_between(v[:, 1], 0, 39)
    number = np.append(2 * incidents.incident_id[after], 2 * other + 1)
    day, u = np.append(told, days), np.append(u[after], v, 0)
    membership = roster.pick_members(u[:, 2], day)
    at = np.flatnonzero(membership >= 0)
    membership, group = membership[at], roster.memberships.group_id[membership[at]]
    contact = draw_index(u[at, 3], 0.58, 0.26, 0.16)
    contact[roster.groups.unreached[group] & (contact == DIRECT)] = COLLATERAL
    after = np.append(after, np.full(other.size, -1))[at]
    return Rows(
        on_file=day[at],
        after=after,  # the incident it answers, by its position
        notification_id=number[at],
        person_id=roster.memberships.person_id[membership],
        group_id=group,
        attempted_on=day[at],
        contact=contact,
        trigger_incident_id=np.append(incidents.incident_id, -1)[after],
    )


def find_notice_days(roster: Roster, invitations: Rows, notifications: Rows) -> Ints:
    """Return the day each group has notice; a successor has its predecessor's."""
    notice, of = np.full(roster.groups.size, NEVER), roster.memberships
    came = invitations.attended == ATTENDED
    day = invitations.on_file[came]
    there = of.person_id == invitations.person_id[came][:, None]
    there &= (of.from_on <= day[:, None]) & (of.until_on >= day[:, None])
    nth, membership = np.nonzero(there)
    np.minimum.at(notice, of.group_id[membership], day[nth])
    direct = notifications.contact == DIRECT
    np.minimum.at(notice, notifications.group_id[direct], notifications.on_file[direct])
    old = np.flatnonzero(roster.groups.succession >= 0)
    np.minimum.at(notice, roster.groups.succession[old], notice[old])
    return notice
