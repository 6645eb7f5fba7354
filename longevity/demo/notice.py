"""Call-ins, who came, custom notifications: and so the day each group has notice.

Attendance is fixed first; the day of notice follows from it, and only then are
the fates of the groups decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from longevity.demo.roster import CUSTODY, PROBATION, Roster
from longevity.demo.shootings import World, find_confirmed_positions
from longevity.demo.streams import NEVER, Bools, Floats, Ints, Streams, draw_between, find_weekday

EVERY = 91  # days between call-ins
ANNOUNCED = 100  # days ahead; so that there is always one to come
SLOTS = 28
ROUTES = ("parole", "probation", "voluntary", "in_custody")
ATTENDED = ("attended", "absent", "excused", "unknown")
CAME, ABSENT, EXCUSED, NOT_KNOWN = range(4)
CONTACTS = ("direct", "collateral", "none")
DIRECT = 0
AHEAD_OF_HORIZON = 366


class CustomNotification(NamedTuple):
    """A custom notification; `after` is the position of the incident it answers, or -1."""

    code: str
    person: int
    group: int
    day: int
    contact: int
    after: int


@dataclass
class Notices:
    """Sessions, invitations and notifications, one element each, and each group's notice."""

    scheduled: Ints
    held_on: Ints  # NEVER when cancelled
    session_draws: Floats
    session: Ints  # of each invitation
    person: Ints
    route: Ints
    reachable: Ints  # 1, 0, -1 unknown
    attended: Ints
    notifications: list[CustomNotification] = field(default_factory=list)
    notice: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


def draw_notices(streams: Streams, roster: Roster, world: World, launch: int, last: int) -> Notices:
    """Return everything that can give notice, to the day `last`, and the notice it gives."""
    scheduled, held_on, u = _schedule_sessions(streams, launch, last)
    notices = _draw_invitations(streams, roster, scheduled, held_on, u, last)
    notices.notifications = _draw_notifications(streams, roster, world, launch, last)
    notices.notice = _find_notice_days(roster, notices)
    return notices


def _schedule_sessions(streams: Streams, launch: int, last: int) -> tuple[Ints, Ints, Floats]:
    count = max((last + AHEAD_OF_HORIZON - launch) // EVERY + 1, 1)
    u = streams.uniform("sessions", count, 8)
    jitter = np.where(np.arange(count) == 0, 0, draw_between(u[:, 0], -4, 4))
    scheduled = launch + EVERY * np.arange(count) + jitter
    weekend = find_weekday(scheduled)
    scheduled = scheduled + np.select([weekend == 6, weekend == 7], [-1, 1], 0)
    postponed = np.where((u[:, 1] < 0.05) & (np.arange(count) > 1), 7, 0)
    cancelled = (np.arange(count) > 12) & (u[:, 2] < 0.04)
    cancelled[_draw_cancelled_session(u) :][:1] = True
    return scheduled, np.where(cancelled, NEVER, scheduled + postponed), u


def _draw_cancelled_session(u: Floats) -> int:
    """Return which session is cancelled; nobody comes to the one two later."""
    return 3 + int(u[0, 3] * 4)


def _draw_invitations(
    streams: Streams, roster: Roster, scheduled: Ints, held_on: Ints, u: Floats, last: int
) -> Notices:
    """Return who is asked to each session held, and who comes."""
    times = np.zeros(roster.listed_on.size)
    never = np.zeros(roster.listed_on.size, dtype=bool)
    never[roster.member[roster.groups.unreached[roster.group]]] = True
    parts: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
    for k in range(held_on.size):
        if held_on[k] > last:
            continue
        draws = streams.uniform(f"session/{k}", SLOTS * 4 + roster.groups.size + times.size)
        slot, rest = draws[: SLOTS * 4].reshape(SLOTS, 4), draws[SLOTS * 4 :]
        picks = rest[: roster.groups.size] < (0.2 if k == 0 else 0.4)
        picks[int(np.argmin(rest[: roster.groups.size]))] = True
        can = _find_eligible(roster, int(held_on[k]), picks) & ~never
        priority = rest[roster.groups.size :] + 0.5 * times + np.where(can, 0.0, 1e9)
        order = np.argsort(priority, kind="stable")[: 16 + int(u[k, 4] * 12)]
        people = order[can[order]]
        times[people] += 1
        kind = roster.kind_on(int(held_on[k]))[people]
        slot = slot[: people.size]
        route = np.select([kind == PROBATION, kind == CUSTODY, kind == 3], [1, 3, 2], 0)
        inside = kind == CUSTODY
        reachable = np.select([inside | (slot[:, 0] < 0.83), slot[:, 0] < 0.96], [1, 0], -1)
        came = _draw_attendance(
            slot[:, 1], reachable, inside, k == 0, k == _draw_cancelled_session(u) + 2
        )
        parts.append((np.full(people.size, k), people, route, reachable, came))
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True)] or [
        np.zeros(0, np.int64)
    ] * 5
    session, person, route, reachable, came = columns
    return Notices(scheduled, held_on, u, session, person, route, reachable, came)


def _find_eligible(roster: Roster, day: int, groups: Bools) -> Bools:
    """Return people on the list in one of the groups; not on a first or last day of membership."""
    open_now = (roster.since < day) & (roster.until > day)
    edge = (roster.since == day) | (roster.until == day)
    can = np.zeros(roster.listed_on.size, dtype=bool)
    can[roster.member[open_now & groups[roster.group]]] = True
    can[roster.member[edge]] = False
    eligible: Bools = can & (roster.listed_on < day) & (roster.delisted > day)
    return eligible


def _draw_attendance(
    uniform: Floats, reachable: Ints, inside: Bools, first: bool, nobody: bool
) -> Ints:
    if nobody:
        return np.where(uniform < 0.7, ABSENT, EXCUSED)
    share = 0.86 if first else 0.62
    came = np.select(
        [uniform < share, uniform < share + 0.6 * (1 - share), uniform < share + 0.8 * (1 - share)],
        [CAME, ABSENT, EXCUSED],
        NOT_KNOWN,
    )
    came = np.where(reachable == 0, ABSENT, came)
    came = np.where((reachable < 0) & (came == CAME), NOT_KNOWN, came)
    return np.where(inside & (uniform > 0.8), EXCUSED, came).astype(np.int64)


def _draw_notifications(
    streams: Streams, roster: Roster, world: World, launch: int, last: int
) -> list[CustomNotification]:
    """Draw custom notifications: after shootings, and at other times.

    Only people who have belonged to one group alone are told, so that a direct
    one gives notice to that group and to no other.
    """
    alone = np.bincount(roster.member, minlength=roster.listed_on.size) == 1
    after = find_confirmed_positions(world, launch)
    u = streams.uniform("told after shootings", after.size, 6)
    takes = np.flatnonzero((u[:, 0] < 0.22) & (world.recorded[after] <= world.day[after] + 2))
    priority: list[tuple[str, int, Floats, int]] = []
    for i in takes.tolist():
        at = int(after[i])
        day = int(world.recorded[at]) + int(3 * u[i, 1])
        priority.append((f"n{world.number[at]}", day, u[i], at))
    count = max((last - launch) // 40, 0)
    v = streams.uniform("told at other times", count, 6)
    for i in range(count):
        priority.append((f"m{i + 1}", launch + 20 + 40 * i + int(v[i, 1] * 40), v[i], -1))
    notifications: list[CustomNotification] = []
    for code, day, draws, after_this in priority:
        group = int(draws[2] * roster.groups.size)
        people = roster.members(group, day)
        people = people[alone[people]]
        if not people.size or day > roster.groups.active_until[group]:
            continue
        contact = 0 if draws[4] < 0.58 else 1 if draws[4] < 0.84 else 2
        if roster.groups.unreached[group] and contact == DIRECT:
            contact = 1
        person = int(people[int(draws[3] * people.size)])
        notifications.append(CustomNotification(code, person, group, day, contact, after_this))
    return notifications


def _find_notice_days(roster: Roster, notices: Notices) -> Ints:
    """Return the day each group has notice; a successor has its predecessor's."""
    notice = np.full(roster.groups.size, NEVER, dtype=np.int64)
    for k in np.unique(notices.session):
        day = int(notices.held_on[k])
        came = np.zeros(roster.listed_on.size, dtype=bool)
        came_to_session = (notices.session == k) & (notices.attended == CAME)
        came[notices.person[came_to_session]] = True
        came_to_session = came[roster.member] & (roster.since <= day) & (roster.until >= day)
        np.minimum.at(notice, roster.group[came_to_session], day)
    for notification in notices.notifications:
        if notification.contact == DIRECT:
            notice[notification.group] = min(int(notice[notification.group]), notification.day)
    for old, new in enumerate(roster.groups.succeeded_by):
        if new >= 0:
            notice[new] = min(notice[new], notice[old])
    return notice
