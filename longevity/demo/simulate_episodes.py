"""What becomes of each group after notice: decided here, before any row.

Each group is walked through time: when it shoots, whether and when enforcement
on the group answers, which further shootings fall into the running episode,
and which actions break the other half of the promise. The rows written later
realise exactly this: no other confirmed shooting by a group after its notice,
and no other group-scope action on it, is drawn.

What is put on file late must not make a release tell another story: a shooting
is attributed no sooner than enforcement is complete for its day, and a new
episode begins only when the action that ended the last is on file.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from longevity.demo.streams import NEVER, Streams

ENFORCEMENT_BEHIND = 2  # days by which the record of enforcement is behind the others
WINDOW = 90
QUIET = WINDOW + 10  # days without a shooting before restraint is broken
FOLLOW_ON = WINDOW - 10  # days after a violation within which a second action follows
APART = ENFORCEMENT_BEHIND + 2
# Shares of the fates, in order: answered by day 30, 60, 90, later, never.
FATES = (0.52, 0.14, 0.08, 0.10, 0.16)
BY = ((0, 30), (31, 60), (61, 90), (91, 200))
LAST_DAYS = 0.12  # of the answers, those on the very last day of their span
STOPPED = 0.35  # of the groups
PER_GROUP = 1500  # draws a group may use


@dataclass
class SimulatedEpisode:
    """A violation and its answer. Shootings are positions in the world, days their attribution."""

    group: int
    violated: int
    shootings: list[int]
    attributed: list[int]
    answered: int = NEVER


@dataclass
class SimulatedAction:
    """A group-scope action; `part` says what it is for the promise."""

    group: int
    day: int
    trigger: int  # position of an incident, -1 for none
    part: str  # answers, alongside, follows, breaks_restraint, before_notice


@dataclass
class Fates:
    """All episodes and group-scope actions of a city."""

    episodes: list[SimulatedEpisode] = field(default_factory=list)
    actions: list[SimulatedAction] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """What the walk needs to know of a group. `calm` days lie between two violations."""

    number: int
    notice: int
    begins: int
    ends: int
    succeeded: bool
    calm: float


class _ExhaustedError(Exception):
    """The group has used its draws: its story ends there."""


class _Draws:
    def __init__(self, uniform: Iterator[float]) -> None:
        self._next = uniform

    def share(self) -> float:
        value = next(self._next, None)
        if value is None:
            raise _ExhaustedError
        return value

    def below(self, share: float) -> bool:
        return self.share() < share

    def between(self, least: int, most: int) -> int:
        return least + int(self.share() * (most - least + 1))

    def wait(self, mean: float) -> int:
        return int(-np.log1p(-self.share()) * mean)


def simulate_episodes(
    streams: Streams, groups: list[Group], days: list[int], positions: list[int]
) -> Fates:
    """Return the fates of a city's groups.

    `days` and `positions` are those of the incidents that will be confirmed as
    group-member-involved, in order of the days.
    """
    fates = Fates()
    for group in groups:
        uniform = streams.uniform(f"fates/{group.number}", PER_GROUP).tolist()
        draws = _Draws(iter(uniform))
        if draws.below(0.35):
            _act_before_notice(group, draws, fates)
        if group.notice < NEVER:
            try:
                _walk_group(group, draws, days, positions, fates)
            except _ExhaustedError:
                continue
    return fates


def _act_before_notice(group: Group, draws: _Draws, fates: Fates) -> None:
    day = group.begins + 5 + draws.wait(300)
    if day < min(group.notice, group.ends):
        fates.actions.append(SimulatedAction(group.number, day, -1, "before_notice"))


def _walk_group(
    group: Group, draws: _Draws, days: list[int], positions: list[int], fates: Fates
) -> None:
    calm = group.calm * (4.0 if draws.below(STOPPED) else 0.75)
    free = max(group.notice, group.begins) + 1  # the first day of a new violation
    clear = free  # from here on no older episode is without an answer
    last = free - QUIET  # the last violation, or none
    ends = group.ends - 2 * QUIET if group.succeeded else group.ends
    while True:
        at = bisect_left(days, free + draws.wait(calm))
        violated = days[at] if at < len(days) else NEVER
        breaks, day = draws.below(0.3), max(last + QUIET, free, clear) + 1 + draws.wait(150)
        if breaks and day < min(violated, ends):
            fates.actions.append(SimulatedAction(group.number, day, -1, "breaks_restraint"))
            free = max(free, day + 1)
        if violated > ends or violated == NEVER:
            return
        answered, triggered = _draw_answer(group, draws, violated)
        over = min(answered, violated + WINDOW)
        episode = _draw_episode(group, draws, days, positions, at, over, answered)
        fates.episodes.append(episode)
        last = max(days[bisect_left(positions, p)] for p in episode.shootings)
        if answered == NEVER:
            free, clear = violated + WINDOW + 1, NEVER
            continue
        trigger = -1
        if triggered:
            which = draws.between(0, len(episode.shootings) - 1)
            episode.attributed[which] = min(
                episode.attributed[which], answered + ENFORCEMENT_BEHIND
            )
            trigger = episode.shootings[which]
        fates.actions.append(SimulatedAction(group.number, answered, trigger, "answers"))
        was_clear = clear <= answered
        if answered > violated + WINDOW:
            # With a trigger it is told from the answer to a later episode.
            free = violated + WINDOW + 1 if triggered else answered + APART
            clear = max(clear, answered + 1)
            continue
        free = answered + APART
        if was_clear and answered - violated < FOLLOW_ON:
            free = _draw_further_actions(group, draws, episode, fates)


def _draw_answer(group: Group, draws: _Draws, violated: int) -> tuple[int, bool]:
    """Return the day of the first group-scope action, and whether it names its trigger."""
    share, fate, edge = draws.share(), 0, FATES[0]
    while share >= edge and fate < len(FATES) - 1:
        fate += 1
        edge += FATES[fate]
    if group.succeeded:
        fate = 0
    last_day, within, triggered = draws.below(LAST_DAYS), draws.share(), draws.below(0.65)
    if fate == len(FATES) - 1:
        return NEVER, False
    least, most = BY[fate]
    if fate == 0 and within < 0.06:
        days = 0
    else:
        days = most if last_day else least + int(within * (most - least + 1))
    answered = violated + days
    return (answered, triggered) if answered <= group.ends else (NEVER, False)


def _draw_episode(
    group: Group,
    draws: _Draws,
    days: list[int],
    positions: list[int],
    at: int,
    over: int,
    answered: int,
) -> SimulatedEpisode:
    """Return the violation and further shootings up to and including the day the episode ends."""
    violated = days[at]
    first = violated + ENFORCEMENT_BEHIND + draws.wait(4)
    if answered < NEVER:
        first = min(first, answered + ENFORCEMENT_BEHIND)
    shootings, attributed = [positions[at]], [first]
    beyond = bisect_right(days, over)
    picks = {at}
    for _ in range(draws.between(0, 5) // 2):
        further = at + 1 + int(draws.share() * max(beyond - at - 1, 1))
        if draws.below(0.15):
            further = beyond - 1  # as near the end as there is one
        lag = draws.wait(4)
        if further < beyond and further not in picks:
            picks.add(further)
            shootings.append(positions[further])
            attributed.append(max(first, days[further] + ENFORCEMENT_BEHIND + lag))
    return SimulatedEpisode(group.number, violated, shootings, attributed, answered)


def _draw_further_actions(
    group: Group, draws: _Draws, episode: SimulatedEpisode, fates: Fates
) -> int:
    """Draw actions beside and after the answer, which answer nothing; return the next free day."""
    answered = episode.answered
    for _ in range(draws.between(0, 2)):
        if draws.below(0.5):
            fates.actions.append(SimulatedAction(group.number, answered, -1, "alongside"))
    if draws.below(0.2):
        day = draws.between(answered + 1, episode.violated + FOLLOW_ON)
        if day <= group.ends:
            fates.actions.append(SimulatedAction(group.number, day, -1, "follows"))
            return max(answered, day) + APART
    return answered + APART
