"""What becomes of each group after notice: decided here, before any row.

Each group is walked through time: when it shoots, when enforcement on the group answers,
which further shootings fall into the running episode, and which actions break the other
half of the promise. No other confirmed shooting by a group after its notice is drawn, and
no other group-scope action on it. What is put on file late must not make a release say
something else: an answer is on file no sooner than the shooting it answers, and a new
episode begins only later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import WINDOW, World
from longevity.demo.program import pick_members
from longevity.demo.streams import NEVER, Ints, draw_between, draw_index, draw_wait

ATTRIBUTED = 0.45  # of the shootings, those with a confirmed suspect group
ENFORCEMENT_BEHIND = 2  # days by which the record of enforcement is behind the others
SETTLED_WITHIN = 14  # days after a shooting, or the plan leaves it to no group
APART = 4  # days between what ends an episode and the next violation, at least
QUIET = WINDOW + 10  # days without a shooting before restraint is broken
FOLLOW_ON = WINDOW - 10  # days after a violation within which further actions follow
# When the violation is answered: by day 30, 60, 90, later, never.
ANSWERED = (0.50, 0.15, 0.09, 0.11, 0.15)
SPANS = ((0, 30), (31, 60), (61, 90), (91, 200), (NEVER, NEVER))
STOPPED = 0.35  # of the groups
ACTED_EVERY = 10  # days between actions on single people
VICTIM, SUSPECT = range(2)
SURE, UNSURE = range(2)
AGENCIES = np.array(["police", "state's attorney", "United States attorney", "probation"])
PENDING = 2  # disposition
SINGLE = 1_000_000  # the number of the first action on a single person


class Episode(NamedTuple):
    """A violation and its answer; positions of its shootings, on file from `on_file` on."""

    group: int
    violated: int
    on_file: int
    shootings: list[int]
    answered: int


class Action(NamedTuple):
    """A group-scope action; the position of its trigger is -1 for none."""

    number: int
    group: int
    day: int
    on_file: int
    trigger: int
    breaks: bool = False


class Fates(NamedTuple):
    """All episodes and group-scope actions of a city, group after group."""

    episodes: list[Episode]
    actions: list[Action]


def draw_fates(world: World, groups: Rows, notice: Ints, incidents: Rows) -> Fates:
    """Return the fates of a city's groups, which shoot often enough for the city's level."""
    level, fates = world.level, Fates([], [])
    a_day = level.confirmed[level.evaluated].mean() * 12 / 365.25 * ATTRIBUTED
    # An episode holds 1.8 shootings and runs for 50 days, on average.
    calm = np.clip(groups.size * 1.8 / max(a_day, 1e-6) - 50, 60, 2000)
    settled = incidents.reviewed_on <= incidents.day + SETTLED_WITHIN
    can = np.flatnonzero(incidents.confirmed & settled)
    days = [*incidents.day[can].tolist(), NEVER]
    for group in np.flatnonzero(notice < NEVER).tolist():
        dice, numbers = world.dice(f"answers/{group}"), count(1000 * group)
        wait = calm * (4.0 if dice.random() < STOPPED else 0.75)
        ends = last = int(groups.active_until[group])
        if groups.succession[group] >= 0:
            last -= 2 * QUIET  # no episode runs over the change
        free = max(int(notice[group]), int(groups.active_from[group])) + 1
        quiet = free  # from here on an action breaks restraint; never, with one unanswered
        while True:
            at = bisect_left(days, free + int(dice.exponential(wait)))
            violated = days[at]
            day = max(quiet, free) + 1 + int(dice.exponential(150))
            filed = day + ENFORCEMENT_BEHIND
            if dice.random() < 0.3 and day < min(violated, last):
                fates.actions.append(Action(next(numbers), group, day, filed, -1, breaks=True))
            if violated >= last:
                break
            fate = 0 if last < ends else int(dice.choice(len(ANSWERED), p=ANSWERED))
            least, most = SPANS[fate]
            within = int(dice.integers(least, most + 1))
            answered = violated + within if violated + within <= min(ends, NEVER - 1) else NEVER
            over = min(answered, violated + WINDOW)
            further = dice.integers(at, bisect_right(days, over), dice.integers(0, 3))
            shootings = can[np.unique([at, *further])].tolist()
            filed = int(incidents.reviewed_on[shootings[0]])
            fates.episodes.append(Episode(group, violated, filed, shootings, answered))
            quiet = max(quiet, int(incidents.day[shootings[-1]]) + QUIET)
            acted = [answered]
            if answered == NEVER:
                acted, quiet = [], NEVER
            elif quiet < NEVER and within < FOLLOW_ON:
                further = answered + dice.exponential(8, dice.poisson(0.7)).astype(int)
                acted += np.minimum(further, min(violated + FOLLOW_ON, ends)).tolist()
            for day in acted:
                trigger = shootings[0] if dice.random() < 0.65 else -1
                on_file = max(day + ENFORCEMENT_BEHIND, filed)
                fates.actions.append(Action(next(numbers), group, day, on_file, trigger))
            free = max(over, filed, *acted) + APART
    return fates


def draw_sides(
    world: World, groups: Rows, notice: Ints, fates: Fates, incidents: Rows, notified: Rows
) -> Rows:
    """Return one row an incident and group in it.

    Confirmed suspects after a group's notice come from its fate alone. Everything
    else (before notice, suspected ones, the side of the victims) changes no promise.
    """
    at = np.flatnonzero(incidents.confirmed)
    # Drawn for every incident, so that rows stay put.
    u = world.uniform("sides", incidents.day.size, 5)[:, at]
    day = incidents.day[at]
    suspect, other = draw_between(u[:2], 0, groups.size - 1)
    is_before = day <= notice[suspect]
    answers = np.flatnonzero((notified.after >= 0) & (notified.on_file < NEVER))
    planned = [(at, each.group, each.on_file) for each in fates.episodes for at in each.shootings]
    position, group, filed = np.array(planned, dtype=int).reshape(-1, 3).T
    sides: list[Any] = [
        (position, group, SUSPECT, SURE, filed),
        (notified.after[answers], notified.group_id[answers], VICTIM, SURE, 0),
    ]
    for group, role, status, take in (
        (suspect, SUSPECT, SURE, is_before & (u[2] < ATTRIBUTED)),
        (other, SUSPECT, UNSURE, u[3] < 0.15),
        (other, VICTIM, SURE, u[4] < 0.55),
    ):
        is_active = (groups.active_from[group] <= day) & (groups.active_until[group] >= day)
        here = take & is_active
        sides.append((at[here], group[here], role, status, 0))
    rows = np.concatenate([np.stack(np.broadcast_arrays(*side), 1) for side in sides])
    # Where a group would be on both sides the first of these wins.
    _, first = np.unique(rows[:, :2], axis=0, return_index=True)
    position, group, role, status, filed = rows[first].T
    attributed = np.maximum(incidents.reviewed_on[position], filed)
    return Rows(
        on_file=np.maximum(attributed, groups.known_from[group]),
        incident_id=incidents.incident_id[position],
        group_id=group,
        role=role,
        status=status,
        attributed_on=attributed,
    )


def draw_actions(world: World, people: Rows, fates: Fates, incidents: Rows) -> Rows:
    """Return all actions: the planned ones on groups, and others on single people.

    The latter answer no promise and break none.
    """
    planned = np.array([action[:5] for action in fates.actions], dtype=int).reshape(-1, 5)
    number, group, day, on_file, trigger = planned.T
    u = world.uniform("actions on groups", number.max(initial=0) + 1, 4)[:, number]
    every = np.arange(max((world.last - world.launch) // ACTED_EVERY, 0))
    v = world.uniform("actions on one", every.size, 5)
    days = world.launch + ACTED_EVERY * (every + 1)
    single = pick_members(people, v[0], days)
    filed = np.where(single >= 0, days + ENFORCEMENT_BEHIND, NEVER)
    stated = np.where(v[4] < 0.7, people.group_id[single], -1)
    person = np.append(pick_members(people, u[0], day, group), single)
    day = np.append(day, days)
    u = np.append(u, v[:4], 1)
    kind = draw_index(u[1], 0.42, 0.2, 0.1, 0.1, 0.1, 0.05, 0.03)
    disposed = day + 40 + draw_wait(u[2], 160.0)
    is_pending = disposed + ENFORCEMENT_BEHIND > world.as_of
    # Convicted, acquitted, pending, unknown, dismissed, nolle.
    disposition = draw_index(u[3], 0.52, 0.03, 0.0, 0.07, 0.16, 0.22)
    trigger = np.append(trigger, np.full(every.size, -1))
    return Rows(
        on_file=np.append(on_file, filed),
        action_id=np.append(number, SINGLE + every),
        group_id=np.append(group, stated),
        person_id=person,
        trigger_incident_id=np.append(incidents.incident_id, -1)[trigger],
        acted_on=day,
        kind=kind,
        agency=AGENCIES[np.where(kind < len(AGENCIES), kind, 0)],
        scope=np.repeat([0, 1], [group.size, every.size]),
        disposed_on=np.where(is_pending, NEVER, disposed),
        disposition=np.where(is_pending, PENDING, disposition),
    )
