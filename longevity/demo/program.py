"""Groups, people on the list, call-ins and notifications: and the day each group has notice.

A few groups play a part the measures must cope with: one is succeeded by another, some are
never reached, one was never audited, some come late or end.
"""

from __future__ import annotations

import numpy as np

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import World
from longevity.demo.streams import (
    NEVER,
    Bools,
    Floats,
    Ints,
    draw_between,
    draw_index,
    draw_whether,
    find_first_day,
    find_year,
)

# Code names of groups: stones and metals, so that none is taken for a person's.
# fmt: off
LABELS = (
    "Granite", "Basalt", "Slate", "Quartz", "Marble", "Gravel", "Copper", "Nickel", "Cobalt",
    "Zinc", "Chalk", "Flint", "Gypsum", "Pumice", "Shale", "Schist", "Gneiss", "Bauxite",
    "Feldspar", "Dolomite", "Limestone", "Obsidian",
)
# fmt: on
AUDITS = 4
JOINING_A_YEAR = 0.13  # new people on the list, of those on it at launch
REVIEWED_EVERY = 5 * 365  # days; a listing must be reviewed within five years
PROBATION, PAROLE, CUSTODY = range(3)
CALL_IN_EVERY = 91  # days
ANNOUNCED = 100  # days before a call-in; so that there is always one to come
MOST_SESSIONS = 400  # drawn of each person, so that rows stay put: a hundred years
CANCELLED, EMPTY = 4, 6  # one call-in is cancelled, and no one comes to another
ATTENDED, ABSENT, EXCUSED, UNKNOWN = range(4)
IN_CUSTODY = 3  # route
DIRECT, COLLATERAL = range(2)


def draw_groups(world: World) -> Rows:
    """Draw groups, one element each and numbered from 0; audits have a column each."""
    plan, launch = world.city.demonstration, world.launch
    size, number = plan.groups, np.arange(plan.groups)
    part, since, until, audit = world.uniform("groups", size, 4)
    later, held, members = world.uniform("audits", size * AUDITS, 3).reshape(3, size, AUDITS)
    # Where there are few groups, none plays a part.
    order = np.argsort(part)[: 9 if size >= 12 else 0]
    old, new, unreached = order[:1], order[1:2], order[2:4]
    unaudited, late, ended = order[4:5], order[5:7], order[7:]
    active_from = launch - draw_between(since, 200, 2200)
    active_from[late] = launch + draw_between(since[late], 300, 1800)
    active_until = np.full(size, NEVER)
    active_until[ended] = launch + draw_between(until[ended], 1500, 3000)
    active_until[old] = launch + draw_between(until[old], 900, 2100)
    active_from[new] = active_until[old] + 1
    succession = np.full(size, -1)
    succession[old] = new
    held[:, 0] = 0
    first = np.maximum(launch - draw_between(audit, 20, 60), active_from + 30)
    audited = first[:, None] + draw_between(later, 800, 1100) * np.arange(AUDITS)
    audited = draw_whether(held, 0.6, audited)
    audited[unaudited] = NEVER
    audited[audited > active_until[:, None]] = NEVER
    return Rows(
        size=size,
        active_from=active_from,
        active_until=active_until,
        succession=succession,
        unreached=np.isin(number, unreached),
        known_from=np.maximum(launch - 60, active_from),
        audited=audited,
        members=np.maximum(plan.members_a_group + draw_between(members, -3, 3), 2),
    )


def list_audits(world: World, groups: Rows) -> Rows:
    """Return one row a group and audit; a group not yet audited has a row without a date."""
    group, audit = np.nonzero((np.arange(AUDITS) == 0) | (groups.audited < NEVER))
    audited, until = groups.audited[group, audit], groups.active_until[group]
    return Rows(
        on_file=np.where(audit == 0, groups.known_from[group], audited),
        group_id=group,
        label=np.resize(LABELS, groups.size)[group],
        audited_on=audited,
        members=np.where(audited <= world.as_of, groups.members[group, audit], -1),
        active_from=groups.active_from[group],
        active_until=until,
        succeeded_by=np.where(until < world.as_of, groups.succession[group], -1),
    )


def draw_people(world: World, groups: Rows) -> Rows:
    """Draw the people on the list; each is in one group, from before the day of listing on."""
    usual = groups.size * world.city.demonstration.members_a_group
    launched, last = find_year(np.array([world.launch, world.last]))
    januaries = find_first_day((np.arange(launched + 1, last + 1) - 1970) * 12)
    a_year = int(np.ceil(JOINING_A_YEAR * usual))
    begins = np.append(np.full(usual, world.launch - 50), np.repeat(januaries, a_year))
    u = world.uniform("people", begins.size, 8)
    group = draw_between(u[0], 0, groups.size - 1)
    # The first of a group that comes late are listed when it is known.
    spread = np.where(np.arange(begins.size) < usual, 40, 365)
    listed_on = np.maximum(begins, groups.active_from[group] + 5)
    listed_on += np.floor(u[1] * spread).astype(int)
    is_listed = groups.active_until[group] > listed_on + 60
    listed_on, group, u = listed_on[is_listed], group[is_listed], u[:, is_listed]
    delisted_on = draw_whether(u[2], 0.12, listed_on + draw_between(u[3], 1000, 3000))
    left = draw_whether(u[4], 0.28, listed_on + draw_between(u[5], 200, 2400))
    # Few listings are not reviewed in time.
    reviews = np.where(u[6] < 0.05, 0, np.maximum(world.as_of - listed_on, 0) // REVIEWED_EVERY)
    return Rows(
        on_file=listed_on,
        person_id=np.arange(listed_on.size),
        listed_on=listed_on,
        review_by=listed_on + REVIEWED_EVERY * (reviews + 1),
        delisted_on=delisted_on,
        group_id=group,
        from_on=np.maximum(groups.active_from[group], listed_on - draw_between(u[7], 5, 500)),
        until_on=np.minimum(left, groups.active_until[group]),
    )


def find_members(people: Rows, day: Ints) -> Bools:
    """Return for each day (rows) which people (columns) are on the list and in their group."""
    at = day[:, None]
    found: Bools = (people.on_file < at) & (np.minimum(people.until_on, people.delisted_on) > at)
    return found


def pick_members(people: Rows, uniform: Floats, day: Ints, group: Ints | None = None) -> Ints:
    """Return a person for each day, of the group where one is given; -1 for none."""
    can = find_members(people, day)
    if group is not None:
        can &= people.group_id == group[:, None]
    nth = np.floor(uniform * can.sum(axis=1))
    picked = np.argmax(np.cumsum(can, axis=1) > nth[:, None], axis=1)
    return np.where(can.any(axis=1), picked, -1)


def draw_spells(world: World, listed_on: Ints) -> Rows:
    """Draw supervision: none, probation, or custody and then parole or probation."""
    u = world.uniform("supervision", listed_on.size, 5)
    course = draw_index(u[0], 0.30, 0.30, 0.24, 0.16)
    begins = listed_on + draw_between(u[1], -300, 2300)
    inside, outside = np.flatnonzero(course >= 2), np.flatnonzero(course >= 1)
    out = begins + np.where(course >= 2, draw_between(u[2], 90, 800), 0)
    kind = np.where(course == 2, PAROLE, PROBATION)
    standard = kind + 1 + (u[3] < 0.3)
    person, from_on = np.append(inside, outside), np.append(begins[inside], out[outside])
    return Rows(
        on_file=np.maximum(from_on, listed_on[person]),
        person_id=person,
        kind=np.append(np.full(inside.size, CUSTODY), kind[outside]),
        from_on=from_on,
        until_on=np.append(out[inside], (out + draw_between(u[4], 150, 600))[outside]),
        required_contacts_a_month=np.append(np.full(inside.size, -1), standard[outside]),
    )


def draw_call_ins(world: World, groups: Rows, people: Rows) -> tuple[Rows, Rows]:
    """Draw the sessions of a city and the invitations: who is asked to each, who comes.

    Some people of some groups are asked. What is counted at a session is known when it was held.
    """
    number = np.arange(max((world.last + 366 - world.launch) // CALL_IN_EVERY, 0) + 1)
    u = world.uniform("sessions", number.size, 8)
    scheduled = world.launch + CALL_IN_EVERY * number + 7 * ((u[0] > 0.5) & (number > 0))
    off = (number == CANCELLED) | ((number > EMPTY) & (u[1] < 0.04))
    held_on = np.where(off, NEVER, scheduled)
    least = {
        "community_speakers": 1,
        "family_speakers": 0,
        "law_enforcement": 5,
        "service_providers": 3,
        "cases_prepared": 0,
    }
    v = world.uniform("groups picked", number.size, groups.size)
    picked = (v < 0.4) & ~groups.unreached[:, None]
    can = find_members(people, held_on) & picked[people.group_id].T
    w = world.uniform("asked", people.on_file.size, 4 * MOST_SESSIONS)
    w = w.reshape(4, MOST_SESSIONS, -1)[:, : number.size]
    rank = np.argsort(np.argsort(np.where(can, w[0], 1), axis=1), axis=1)
    session, person = np.nonzero(can & (rank < draw_between(u[2], 16, 27)[:, None]))
    _, kind, reach, come = w[:, session, person]
    route = draw_index(kind, 0.02, 0.05, 0.88, 0.05)
    reachable = np.where(route == IN_CUSTODY, 1, 1 - draw_index(reach, 0.83, 0.13, 0.04))
    came = draw_index(come, 0.64, 0.21, 0.08, 0.07)
    came[(reachable == 0) | (session == EMPTY)] = ABSENT
    came[(reachable < 0) & (came == ATTENDED)] = UNKNOWN
    call_ins = Rows(
        on_file=scheduled - ANNOUNCED,
        call_in_id=number,
        scheduled_for=scheduled,
        held_on=held_on,
        **{
            name: np.where(held_on <= world.as_of, few + draw_between(v, 0, 4), -1)
            for (name, few), v in zip(least.items(), u[3:], strict=True)
        },
    )
    return call_ins, Rows(
        on_file=held_on[session],
        call_in_id=session,
        person_id=person,
        route=route,
        reachable=reachable,
        attended=came,
    )


def draw_notifications(world: World, groups: Rows, people: Rows, incidents: Rows) -> Rows:
    """Draw custom notifications after shootings, which not all of them name."""
    take, late, pick, contact, named = world.uniform("notified", incidents.day.size, 5)
    is_soon = (incidents.day >= world.launch) & (incidents.on_file <= incidents.day + 3)
    after = np.flatnonzero(incidents.confirmed & is_soon & (take < 0.45))
    day = incidents.on_file[after] + draw_between(late[after], 0, 3)
    member = pick_members(people, pick[after], day)
    group, number = people.group_id[member], incidents.incident_id[after]
    contact = draw_index(contact[after], 0.58, 0.26, 0.16)
    contact[groups.unreached[group] & (contact == DIRECT)] = COLLATERAL
    return Rows(
        on_file=np.where(member >= 0, day, NEVER),
        after=np.where(named[after] < 0.5, after, -1),  # the incident, by its position
        notification_id=number,
        person_id=member,
        group_id=group,
        attempted_on=day,
        contact=contact,
        trigger_incident_id=np.where(named[after] < 0.5, number, -1),
    )


def find_notice_days(groups: Rows, people: Rows, invitations: Rows, notified: Rows) -> Ints:
    """Return the day each group has notice; a successor has its predecessor's."""
    notice = np.full(groups.size, NEVER)
    came = invitations.attended == ATTENDED
    group = people.group_id[invitations.person_id[came]]
    np.minimum.at(notice, group, invitations.on_file[came])
    direct = notified.contact == DIRECT
    np.minimum.at(notice, notified.group_id[direct], notified.on_file[direct])
    old = np.flatnonzero(groups.succession >= 0)
    np.minimum.at(notice, groups.succession[old], notice[old])
    return notice
