"""Which groups stand on which side of which shooting.

Confirmed suspects after a group's notice come from its fate alone. Everything
else (before notice, suspected ones, the side of the victims) changes no promise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from longevity.demo.notice import Notices
from longevity.demo.roster import Groups
from longevity.demo.shootings import World, find_confirmed_positions
from longevity.demo.simulate_episodes import Fates
from longevity.demo.streams import NEVER, Bools, Ints, Streams

ATTRIBUTED = 0.45  # of the shootings, those with a confirmed suspect group
ROLES, STATUSES = ("victim", "suspect"), ("confirmed", "suspected")
VICTIM, SUSPECT = 0, 1
SURE, UNSURE = 0, 1


@dataclass(frozen=True)
class Attributions:
    """One element an incident and group."""

    position: Ints
    group: Ints
    role: Ints
    status: Ints
    attributed: Ints


def move_forward(world: World, fates: Fates) -> None:
    """See that a planned shooting is on file, and its review done, when the plan attributes it."""
    position = [p for episode in fates.episodes for p in episode.shootings]
    attributed = [day for episode in fates.episodes for day in episode.attributed]
    at, day = np.array(position, dtype=np.int64), np.array(attributed, dtype=np.int64)
    before = world.recorded.copy()
    np.minimum.at(world.recorded, at, day)
    np.minimum.at(world.reviewed, at, day)
    world.entered = world.entered - (before - world.recorded)[world.victim_of]


def draw_attributions(
    streams: Streams, world: World, groups: Groups, notices: Notices, fates: Fates
) -> Attributions:
    """Return all attributions; where a group would stand on both sides the first of these wins."""
    from_plan = [
        (position, episode.group, day)
        for episode in fates.episodes
        for position, day in zip(episode.shootings, episode.attributed, strict=True)
    ]
    answered = [
        (t.after, t.group, int(world.reviewed[t.after]))
        for t in notices.notifications
        if t.after >= 0
    ]
    positions = find_confirmed_positions(world, 0)
    positions = positions[world.reviewed[positions] < NEVER]
    # Drawn for every confirmed incident, reviewed or not, so that rows stay put.
    u = streams.uniform("attributions", int(world.day.size), 6)[positions]
    day = world.day[positions]
    suspect_group = np.floor(u[:, 0] * groups.size).astype(np.int64)
    suspects = (u[:, 1] < ATTRIBUTED) & (day <= notices.notice[suspect_group])
    feud = (suspect_group + 1 + (suspect_group % 2) * -2) % groups.size  # groups feud in pairs
    other = np.floor(u[:, 2] * groups.size).astype(np.int64)
    hit = np.where(suspects & (u[:, 3] < 0.6), feud, other)
    rest = [
        (
            positions,
            suspect_group,
            SUSPECT,
            SURE,
            suspects & _find_active(groups, suspect_group, day),
        ),
        (positions, other, SUSPECT, UNSURE, (u[:, 4] < 0.15) & _find_active(groups, other, day)),
        (positions, hit, VICTIM, SURE, (u[:, 5] < 0.55) & _find_active(groups, hit, day)),
        (positions, hit, VICTIM, UNSURE, (u[:, 5] > 0.9) & _find_active(groups, hit, day)),
    ]
    parts = [_to_columns(from_plan, SUSPECT), _to_columns(answered, VICTIM)]
    parts += [
        (at[take], group[take], role, status, world.reviewed[at[take]])
        for at, group, role, status, take in rest
    ]
    position = np.concatenate([part[0] for part in parts])
    group = np.concatenate([part[1] for part in parts])
    sizes = [part[0].size for part in parts]
    role = np.repeat([part[2] for part in parts], sizes)
    status = np.repeat([part[3] for part in parts], sizes)
    attributed = np.concatenate([part[4] for part in parts])
    _, first = np.unique(position * groups.size + group, return_index=True)
    return Attributions(
        position[first], group[first], role[first], status[first], attributed[first]
    )


def _find_active(groups: Groups, group: Ints, day: Ints) -> Bools:
    active: Bools = (groups.active_from[group] <= day) & (groups.active_until[group] >= day)
    return active


def _to_columns(rows: list[tuple[int, int, int]], role: int) -> tuple[Ints, Ints, int, int, Ints]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], role, SURE, table[:, 2]
