"""What becomes of each group after notice: decided here, before any row.

Notice: the group was promised enforcement on all of it for its next shooting, the violation. That
begins an episode, which enforcement answers or not.

Each group is walked through time: when it shoots, when enforcement on the group answers,
which further shootings fall into the running episode, and which actions break the other
half of the promise. No other confirmed shooting by a group after its notice is drawn, and
no other group-scope action on it. What is put on file late must not make a release say
something else: an answer is on file no sooner than the shooting it answers, and a new
episode begins only later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import duckdb
import numpy as np

from longevity.base.scratch import create_table
from longevity.demo.ground import WINDOW, World
from longevity.demo.streams import NEVER

ATTRIBUTED = 0.45  # of the shootings, those with a confirmed suspect group
ENFORCEMENT_BEHIND = 2  # days by which the record of enforcement is behind the others
SETTLED_WITHIN = 14  # days after a shooting, or the plan leaves it to no group
APART = 4  # days between what ends an episode and the next violation, at least
QUIET = WINDOW + 10  # days without a shooting before restraint is broken
FOLLOW_ON = WINDOW - 10  # days after a violation within which further actions follow
# When the violation is answered: by day 30, 60, 90, later, never.
ANSWERED = (0.50, 0.15, 0.09, 0.11, 0.15)
SPANS = ((0, 30), (31, 60), (61, 90), (91, 200), (NEVER, NEVER))  # days after the violation
STOPPED = 0.35  # the share of groups that stop shooting
MOST_ACTIONS = 1000  # on one group, so that those of the next keep their numbers
GROUPS = f"""
    SELECT group_id, greatest(notice_on, active_from) + 1, coalesce(active_until, {NEVER}),
        succeeded_by IS NOT NULL
    FROM known_groups
    INNER JOIN notices USING (group_id)
    WHERE notice_on IS NOT NULL
    ORDER BY group_id
"""
SETTLED = """
    SELECT position, day, reviewed_on
    FROM incidents
    WHERE is_confirmed AND reviewed_on <= day + ?
    ORDER BY position
"""
EPISODES = (
    "group_id BIGINT, violated_on BIGINT, on_file BIGINT, answered_on BIGINT, shootings BIGINT[]"
)
# `position`: of the shooting an action answers; `u1` and so on: what its row is drawn from.
ACTIONS = (
    "action_id BIGINT, group_id BIGINT, acted_on BIGINT, filed BIGINT, position BIGINT, "
    "breaks BOOLEAN, u1 DOUBLE, u2 DOUBLE, u3 DOUBLE, u4 DOUBLE"
)
Row = tuple[Any, ...]


def draw_fates(database: duckdb.DuckDBPyConnection, world: World) -> None:
    """Draw the fates of a city's groups, which shoot often enough for the city's level.

    Makes the tables `episodes` and `planned_actions`: all of them, on file or still to come.
    """
    groups = world.city.demonstration.groups
    settled = database.execute(SETTLED, [SETTLED_WITHIN]).fetchnumpy()
    a_day = world.level.confirmed[world.level.evaluated].mean() * 12 / 365.25 * ATTRIBUTED
    # An episode holds 1.8 shootings and runs for 50 days, on average.
    calm = np.clip(groups * 1.8 / max(a_day, 1e-6) - 50, 60, 2000)
    draws = world.uniform("actions on groups", MOST_ACTIONS * groups, 4).T.tolist()
    episodes: list[Row] = []
    actions: list[Row] = []
    for group, *life in database.execute(GROUPS).fetchall():
        found, acted = _walk_group(world.dice(f"answers/{group}"), calm, settled, *life)
        episodes += [(group, *episode) for episode in found]
        for number, action in enumerate(acted, start=MOST_ACTIONS * group):
            actions.append((number, group, *action, *draws[number]))
    create_table(database, "episodes", EPISODES, episodes)
    create_table(database, "planned_actions", ACTIONS, actions)


def _walk_group(
    dice: np.random.Generator,
    calm: float,
    settled: dict[str, Any],
    starts: int,
    ends: int,
    is_succeeded: bool,
) -> tuple[list[Row], list[Row]]:
    """Walk one group through its days from `starts` to `ends`: its episodes, and the actions on it.

    `calm`: days from one episode to the next, on average; `settled`: the shootings it may take part
    in (SETTLED). The rows begin at `violated_on` and `acted_on`.
    """
    episodes: list[Row] = []
    actions: list[Row] = []
    days = [*settled["day"].tolist(), NEVER]
    wait = calm * (4.0 if dice.random() < STOPPED else 0.75)
    last = ends - 2 * QUIET if is_succeeded else ends  # no episode runs over the change
    # `free`: the first day on which it may violate again. From `quiet` on an action breaks
    # restraint: never, with an episode unanswered.
    free = quiet = starts
    while True:
        at = bisect_left(days, free + int(dice.exponential(wait)))
        violated = days[at]
        day = max(quiet, free) + 1 + int(dice.exponential(150))
        filed = day + ENFORCEMENT_BEHIND
        if dice.random() < 0.3 and day < min(violated, last):
            actions.append((day, filed, None, True))
        if violated >= last:
            return episodes, actions
        fate = 0 if last < ends else int(dice.choice(len(ANSWERED), p=ANSWERED))
        least, most = SPANS[fate]
        within = int(dice.integers(least, most + 1))
        answered = violated + within if violated + within <= min(ends, NEVER - 1) else NEVER
        # The episode: up to two shootings more before it is answered, or its window is over.
        over = min(answered, violated + WINDOW)
        further = dice.integers(at, bisect_right(days, over), dice.integers(0, 3))
        among = np.unique([at, *further])
        shootings = settled["position"][among].tolist()
        filed = int(settled["reviewed_on"][at])
        episodes.append((violated, filed, answered if answered < NEVER else None, shootings))
        quiet = max(quiet, days[among[-1]] + QUIET)
        # What answers it: one action, and often some more in the days after.
        acted = [answered]
        if answered == NEVER:
            acted, quiet = [], NEVER
        elif quiet < NEVER and within < FOLLOW_ON:
            later = answered + dice.exponential(8, dice.poisson(0.7)).astype(int)
            acted += np.minimum(later, min(violated + FOLLOW_ON, ends)).tolist()
        for day in acted:
            trigger = shootings[0] if dice.random() < 0.65 else None
            actions.append((day, max(day + ENFORCEMENT_BEHIND, filed), trigger, False))
        free = max(over, filed, *acted) + APART
