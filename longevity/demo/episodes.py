"""What becomes of each group after notice: decided here, before any row.

Each group is walked through time: when it shoots, whether and when enforcement
on the group answers, which further shootings fall into the running episode,
and which actions break the other half of the promise. The rows realise exactly
this: no other confirmed shooting by a group after its notice, and no other
group-scope action on it, is drawn.

What is put on file late must not make a release say something else: an answer is
on file no sooner than the shooting it answers, and a new episode begins only later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import numpy as np
import pandas as pd

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import WINDOW, Ground
from longevity.demo.program import Roster
from longevity.demo.streams import (
    NEVER,
    Ints,
    Streams,
    draw_between,
    draw_index,
    draw_wait,
)

ATTRIBUTED = 0.45  # of the shootings, those with a confirmed suspect group
SHOOTINGS, COVERED = 1.6, 50  # in an episode, and days it runs, on average
ENFORCEMENT_BEHIND = 2  # days by which the record of enforcement is behind the others
SETTLED_WITHIN = 14  # days after a shooting, or the plan leaves it to no group
APART = 4  # days between what ends an episode and the next violation, at least
QUIET = WINDOW + 10  # days without a shooting before restraint is broken
FOLLOW_ON = WINDOW - 10  # days after a violation within which further actions follow
# When the violation is answered: by day 30, 60, 90, later, never.
ANSWERED = (0.52, 0.14, 0.08, 0.10, 0.16)
SPANS = ((0, 30), (31, 60), (61, 90), (91, 200), (NEVER, NEVER))
LAST_DAY = 0.12  # of the answers, those on the very last day of their span
STOPPED = 0.35  # of the groups
ACTED_EVERY = 9  # days between actions on single people
VICTIM, SUSPECT = range(2)
SURE, UNSURE = range(2)
AGENCIES = ("police", "state's attorney", "United States attorney", "probation", "parole")
STATE_CHARGE, FEDERAL_INDICTMENT, SUPERVISION_VIOLATION = range(1, 4)
PENDING = 2  # disposition


class Episode(NamedTuple):
    """A violation and its answer; positions of its shootings, on file from `on_file` on."""

    group: int
    violated: int
    on_file: int
    shootings: list[int]
    answered: int


class Action(NamedTuple):
    """A group-scope action; the position of its trigger is -1 for none."""

    group: int
    day: int
    on_file: int
    trigger: int
    breaks: bool


class Fates(NamedTuple):
    """All episodes and group-scope actions of a city, group after group."""

    episodes: list[Episode]
    actions: list[Action]


def draw_fates(
    streams: Streams, ground: Ground, groups: Rows, notice: Ints, incidents: Rows
) -> Fates:
    """Return the fates of a city's groups, which shoot often enough for the city's level."""
    level, fates = ground.level, Fates([], [])
    a_day = float(level.confirmed[level.evaluated].mean()) * 12 / 365.25 * ATTRIBUTED
    calm = min(max(groups.size * SHOOTINGS / max(a_day, 1e-6) - COVERED, 60), 2000)
    settled = incidents.reviewed_on <= incidents.day + SETTLED_WITHIN
    can = np.flatnonzero(incidents.confirmed & settled)
    for group in range(groups.size):
        dice = streams.dice(f"fates/{group}")
        begins = max(int(groups.active_from[group]), ground.launch)
        ends, told = int(groups.active_until[group]), int(notice[group])
        day = begins + 5 + int(dice.exponential(300))
        if dice.random() < 0.35 and day < min(told, ends):
            fates.actions.append(Action(group, day, day + ENFORCEMENT_BEHIND, -1, breaks=False))
        if told < NEVER:
            last = ends - 2 * QUIET if groups.succession[group] >= 0 else ends
            _walk_group(dice, group, max(told, begins) + 1, last, ends, calm, incidents, can, fates)
    return fates


def _walk_group(
    dice: np.random.Generator,
    group: int,
    free: int,
    last: int,
    ends: int,
    calm: float,
    incidents: Rows,
    can: Ints,
    fates: Fates,
) -> None:
    """Draw a group's episodes from the day `free` to `last`, and its actions to `ends`.

    `can` are positions of the incidents it may be a suspect of. No episode runs over the
    change to a successor: each is answered by then.
    """
    days = incidents.day[can].tolist()
    calm *= 4.0 if dice.random() < STOPPED else 0.75
    quiet = free  # from here on an action breaks restraint; never, with one unanswered

    def act(day: int, filed: int = 0, trigger: int = -1, breaks: bool = False) -> int:
        filed = max(day + ENFORCEMENT_BEHIND, filed)
        fates.actions.append(Action(group, day, filed, trigger, breaks))
        return filed

    while True:
        at = bisect_left(days, free + int(dice.exponential(calm)))
        violated = days[at] if at < len(days) else NEVER
        day = max(quiet, free) + 1 + int(dice.exponential(150))
        if dice.random() < 0.3 and day < min(violated, last):
            act(day, breaks=True)
        if violated >= last:
            return
        fate = 0 if last < ends else int(dice.choice(len(ANSWERED), p=ANSWERED))
        least, most = SPANS[fate]
        within = most if dice.random() < LAST_DAY else int(dice.integers(least, most + 1))
        answered = violated + within if violated + within <= min(ends, NEVER - 1) else NEVER
        over = min(answered, violated + WINDOW)
        further = dice.integers(at, bisect_right(days, over), dice.integers(0, 3))
        shootings = can[np.unique([at, *further])].tolist()
        filed = int(incidents.reviewed_on[shootings[0]])
        fates.episodes.append(Episode(group, violated, filed, shootings, answered))
        quiet = max(quiet, int(incidents.day[shootings[-1]]) + QUIET)
        free = over + 1
        if answered == NEVER:
            quiet = NEVER
            continue
        free = APART + act(answered, filed, shootings[0] if dice.random() < 0.65 else -1)
        if quiet < NEVER and within < FOLLOW_ON:
            for _ in range(dice.poisson(0.7)):
                day = answered + int(dice.exponential(8))
                free = max(free, APART + act(min(day, violated + FOLLOW_ON, ends), filed))


def draw_sides(
    streams: Streams, groups: Rows, notice: Ints, fates: Fates, incidents: Rows, notified: Rows
) -> Rows:
    """Return one row an incident and group in it.

    Confirmed suspects after a group's notice come from its fate alone. Everything
    else (before notice, suspected ones, the side of the victims) changes no promise.
    """
    at = np.flatnonzero(incidents.confirmed)
    # Drawn for every incident, so that rows stay put.
    u = streams.uniform("sides", incidents.day.size, 6)[at]
    day = incidents.day[at]
    suspect, other = np.floor(u[:, :2].T * groups.size).astype(int)
    suspects = (u[:, 2] < ATTRIBUTED) & (day <= notice[suspect])
    feud = (suspect + 1 - suspect % 2 * 2) % groups.size  # groups feud in pairs
    hit = np.where(suspects & (u[:, 3] < 0.6), feud, other)
    answers = notified.after >= 0
    planned = [(at, each.group, each.on_file) for each in fates.episodes for at in each.shootings]
    position, group, filed = np.array(planned, dtype=int).reshape(-1, 3).T
    sides = [
        (position, group, SUSPECT, SURE, filed),
        (notified.after[answers], notified.group_id[answers], VICTIM, SURE, 0),
    ]
    for group, role, status, take in (
        (suspect, SUSPECT, SURE, suspects),
        (other, SUSPECT, UNSURE, u[:, 4] < 0.15),
        (hit, VICTIM, SURE, u[:, 5] < 0.55),
        (hit, VICTIM, UNSURE, u[:, 5] > 0.9),
    ):
        is_active = (groups.active_from[group] <= day) & (groups.active_until[group] >= day)
        here = take & is_active
        sides.append((at[here], group[here], role, status, 0))
    names = ("position", "group", "role", "status", "filed")
    frame = pd.concat(pd.DataFrame(dict(zip(names, side, strict=True))) for side in sides)
    # Where a group would be on both sides the first of these wins.
    frame = frame.drop_duplicates(["position", "group"])
    position, group, role, status, filed = frame.to_numpy(int).T
    attributed = np.maximum(incidents.reviewed_on[position], filed)
    return Rows(
        on_file=np.maximum(attributed, groups.known_from[group]),
        incident_id=incidents.incident_id[position],
        group_id=group,
        role=role,
        status=status,
        attributed_on=attributed,
    )


def number_actions(actions: list[Action]) -> Ints:
    """Return the number of each planned action: even ones, those of a group in a row."""
    group = np.array([action.group for action in actions], dtype=int)
    return 2 * (1000 * group + np.arange(group.size) - np.searchsorted(group, group))


def draw_actions(
    streams: Streams, ground: Ground, roster: Roster, fates: Fates, incidents: Rows
) -> Rows:
    """Return all actions: the planned ones on groups, and others on single people.

    The latter answer no promise and break none.
    """
    planned = np.array([action[:4] for action in fates.actions], dtype=int).reshape(-1, 4)
    number = number_actions(fates.actions)
    u = streams.uniform("actions on groups", roster.groups.size * 1000, 6)[number // 2]
    group, day, filed, trigger = planned.T
    member = roster.pick_members(u[:, 0], day, group)
    every = np.arange(max((ground.last - ground.launch) // ACTED_EVERY, 0))
    v = streams.uniform("actions on one", every.size, 6)
    on = ground.launch + ACTED_EVERY * every + draw_between(v[:, 5], 0, ACTED_EVERY - 1)
    one = roster.pick_members(v[:, 0], on)
    # Some of them answer the last incident.
    before = np.searchsorted(incidents.day, on, side="right") - 1
    before[(v[:, 1] > 0.4) | (incidents.on_file[before] > on)] = -1
    on_one = np.arange(group.size + on.size) >= group.size
    number, day = np.append(number, 2 * every + 1), np.append(day, on)
    member, u = np.append(member, one), np.append(u, v, 0)
    of = roster.memberships
    group = np.append(group, np.where(v[:, 1] < 0.7, of.group_id[one], -1))
    person = np.where((member >= 0) & (on_one | (u[:, 1] < 0.7)), of.person_id[member], -1)
    kind = draw_index(u[:, 2], 0.42, 0.2, 0.1, 0.1, 0.1, 0.05, 0.03)
    agency = np.select(
        [kind == STATE_CHARGE, kind == FEDERAL_INDICTMENT, kind == SUPERVISION_VIOLATION],
        [1, 2, 3 + (u[:, 3] < 0.4)],
        0,
    )
    disposed = day + 40 + draw_wait(u[:, 3], 160.0)
    is_pending = disposed + ENFORCEMENT_BEHIND > ground.as_of
    # Convicted, acquitted, pending, unknown, dismissed, nolle.
    disposition = draw_index(u[:, 4], 0.52, 0.03, 0.0, 0.07, 0.16, 0.22)
    filed = np.append(filed, on + ENFORCEMENT_BEHIND)
    return Rows(
        on_file=np.where(on_one & (person < 0), NEVER, filed),
        action_id=number,
        group_id=group,
        person_id=person,
        trigger_incident_id=np.append(incidents.incident_id, -1)[np.append(trigger, before)],
        acted_on=day,
        kind=kind,
        agency=np.array(AGENCIES)[agency],
        scope=on_one.astype(int),
        disposed_on=np.where(is_pending, NEVER, disposed),
        disposition=np.where(is_pending, PENDING, disposition),
    )
