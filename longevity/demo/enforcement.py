"""Enforcement actions: the planned ones on groups, and others on single people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from longevity.demo.plan import Plan
from longevity.demo.shootings import find_confirmed_positions
from longevity.demo.streams import Floats, Ints, draw_between, draw_index, draw_wait

EVERY = 9  # days between actions on single people


@dataclass(frozen=True)
class Actions:
    """One element an action; group, person and trigger are -1 where there is none."""

    KINDS: ClassVar[tuple[str, ...]] = (
        "arrest", "state_charge", "federal_indictment", "supervision_violation", "warrant",
        "search", "other",
    )  # fmt: skip
    AGENCIES: ClassVar[tuple[str, ...]] = (
        "police", "state's attorney", "United States attorney", "probation", "parole",
    )  # fmt: skip
    DISPOSITIONS: ClassVar[tuple[str, ...]] = (
        "convicted", "acquitted", "dismissed", "nolle", "unknown", "pending",
    )  # fmt: skip
    PENDING: ClassVar[int] = 5

    code: list[str]
    group: Ints
    person: Ints
    trigger: Ints
    day: Ints
    scope: Ints
    kind: Ints
    agency: Ints
    disposed: Ints
    disposition: Ints


def draw_actions(plan: Plan) -> Actions:
    """Return all actions of a city in one world."""
    rows: list[tuple[str, int, int, int, int, int]] = []
    draws: list[Floats] = []
    counts: Counter[int] = Counter()
    most = max((a.group for a in plan.fates.actions), default=-1) + 1
    uniform = [plan.streams.uniform(f"actions/{group}", 150, 5) for group in range(most)]
    for action in plan.fates.actions:
        nth = counts[action.group]
        counts[action.group] += 1
        u = uniform[action.group][nth % 150]
        members = plan.roster.members(action.group, action.day)
        person = int(members[int(u[0] * members.size)]) if members.size and u[1] < 0.7 else -1
        code = f"a{action.group + 1}-{nth + 1}"
        rows.append((code, action.group, person, action.trigger, action.day, 0))
        draws.append(u[2:])
    _draw_single_actions(plan, rows, draws)
    table = np.array([row[1:] for row in rows], dtype=np.int64).reshape(-1, 5)
    u = np.array(draws, dtype=float).reshape(-1, 3)
    kind = draw_index(u[:, 0], (0.42, 0.2, 0.1, 0.1, 0.1, 0.05, 0.03))
    agency = np.select(
        [kind == 1, kind == 2, kind == 3], [1, 2, 3 + (u[:, 1] < 0.4).astype(np.int64)], 0
    )
    return Actions(
        code=[row[0] for row in rows],
        group=table[:, 0],
        person=table[:, 1],
        trigger=table[:, 2],
        day=table[:, 3],
        scope=table[:, 4],
        kind=kind,
        agency=agency,
        disposed=table[:, 3] + 40 + draw_wait(u[:, 1], 160.0),
        disposition=draw_index(u[:, 2], (0.52, 0.03, 0.16, 0.22, 0.07)),
    )


def _draw_single_actions(
    plan: Plan, rows: list[tuple[str, int, int, int, int, int]], draws: list[Floats]
) -> None:
    """Draw actions on one person, which answer no promise and break none."""
    world, groups = plan.world, plan.roster.groups
    at = find_confirmed_positions(world, plan.launch)
    days = world.day[at]
    count = max((plan.ground.last - plan.launch) // EVERY, 0)
    u = plan.streams.uniform("actions on one", count, 8)
    day = plan.launch + EVERY * np.arange(count) + draw_between(u[:, 0], 0, EVERY - 1)
    for i in range(count):
        group = int(u[i, 1] * groups.size)
        if not groups.active_from[group] <= day[i] <= groups.active_until[group]:
            continue
        members = plan.roster.members(group, int(day[i]))
        if not members.size:
            continue
        before = int(np.searchsorted(days, day[i], side="right")) - 1
        trigger = int(at[before]) if before >= 0 and u[i, 2] < 0.4 else -1
        if trigger >= 0 and world.recorded[trigger] > day[i]:
            trigger = -1
        person = int(members[int(u[i, 3] * members.size)])
        stated_group = group if u[i, 4] < 0.7 else -1
        rows.append((f"s{i + 1}", stated_group, person, trigger, int(day[i]), 1))
        draws.append(u[i, 5:])
