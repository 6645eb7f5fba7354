"""The rules of the promise, simulated day by day: which shooting opens an episode, what answers it.

The program promises groups that have *notice* (know of it): if you shoot, enforcement follows. A
shooting by such a group is a *violation* and opens an *episode*, which runs until the first
enforcement action on the group answers it, or for `window_days` (90). Further shootings meanwhile
belong to it. Groups may be succeeded by others, which inherit notice and episodes.
docs/follow-up.md has all the rules with an example. No day depends on a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

ALWAYS, FOREVER = date.min, date.max
MOST_SUCCESSIONS = 100  # a longer chain of successors must be an error in the file

# The state of an episode for a window of `window_days`, which a query chooses (30, 60 or 90):
# 'kept', answered within them; 'late', answered after them; 'unknown', as no enforcement data cover
# its beginning; 'open', the days are not over; 'broken', they are over without an answer.
PROMISE_STATE = """
    CREATE MACRO promise_state(episode, window_days) AS
    CASE
        WHEN episode.first_action_on - episode.violated_on <= window_days THEN 'kept'
        WHEN episode.first_action_on IS NOT NULL THEN 'late'
        WHEN episode.known_through IS NULL THEN 'unknown'
        WHEN episode.known_through - episode.violated_on < window_days THEN 'open'
        ELSE 'broken'
    END
"""


@dataclass(frozen=True)
class Holding:
    """A time in which `holder` has the notice, members and episodes of `group`.

    From `from_on` up to, not including, `until_on`. The holder is the group itself until a
    successor takes over: Holding("R1", "R2", 2024-05-01, FOREVER).
    """

    group: str
    holder: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Notice:
    """A group heard the promise on `notice_on`.

    Where a predecessor (`given_to`) heard it, `group` inherited the notice on `holds_from`;
    otherwise both days are the same. `how`: "call_in" or "custom_notification".
    """

    group: str
    notice_on: date
    holds_from: date
    how: str
    given_to: str


@dataclass(frozen=True)
class Shooting:
    """A confirmed shooting by a group."""

    incident: str
    group: str
    day: date


@dataclass(frozen=True)
class Action:
    """An enforcement action on a whole group.

    `trigger`: the incident that the action is recorded to answer, None for none.
    """

    action: str
    group: str
    day: date
    trigger: str | None


@dataclass
class Episode:
    """A violation, the shootings that belong to it, and the first enforcement that answered it."""

    group: str
    incident: str
    notice_on: date
    violated_on: date
    shootings: list[str]
    first_action_on: date | None = None
    first_action: str | None = None

    def runs_on(self, day: date, window: timedelta) -> bool:
        """Return whether it still runs on a day: up to its answer or its window's end, included."""
        return day <= self.violated_on + window and (
            self.first_action_on is None or day <= self.first_action_on
        )


@dataclass(frozen=True)
class ActionOutcome:
    """What an enforcement action meant for the promise.

    `holder`: the group it fell on, its successor by then; `notice_on`: when that group had notice;
    `answers`: the episode that it answers, None for none; `last_shot_on`: the group's last
    confirmed shooting up to that day, with notice or without.
    """

    action: Action
    holder: str
    notice_on: date | None
    answers: Episode | None
    last_shot_on: date | None


@dataclass
class PromiseHistory:
    """All episodes in order of their first day, all violations, and what each action meant."""

    episodes: list[Episode] = field(default_factory=list)
    violations: list[Shooting] = field(default_factory=list)
    outcomes: list[ActionOutcome] = field(default_factory=list)


class Lineage:
    """Which group is, on any day, the successor of which: the holder of what the other had."""

    def __init__(self, groups: Iterable[str], successors: Mapping[str, tuple[str, date]]) -> None:
        """`successors` maps a group to its successor and the first day of the successor."""
        self.holdings: dict[str, list[Holding]] = {
            group: _list_holdings(group, successors) for group in groups
        }

    def find_holder(self, group: str, day: date) -> str:
        """Return the successor that `group` has become by `day`; itself where it has none."""
        holdings = self.holdings.get(group, ())
        if len(holdings) == 1:  # most groups never become another
            return holdings[0].holder
        for holding in holdings:
            if holding.from_on <= day < holding.until_on:
                return holding.holder
        return group

    def find_last_holder(self, group: str) -> str:
        """Return the last successor of a group, the same for all groups that ever become one."""
        holdings = self.holdings.get(group)
        return holdings[-1].holder if holdings else group


def _list_holdings(group: str, successors: Mapping[str, tuple[str, date]]) -> list[Holding]:
    """Return who holds what `group` has, in order of time: itself first, then its successors.

    `successors`: {"R1": ("R2", 2024-05-01)}, as for `Lineage`.
    """
    holdings, holder, since = [], group, ALWAYS
    chain = {group}
    while holder in successors and len(chain) < MOST_SUCCESSIONS:
        after, on = successors[holder]
        if after in chain:
            break
        # The successor had a successor itself by then: what it inherits goes on to that one.
        on = max(on, since)
        if on > since:
            holdings.append(Holding(group, holder, from_on=since, until_on=on))
        holder, since = after, on
        chain.add(after)
    holdings.append(Holding(group, holder, from_on=since, until_on=FOREVER))
    return holdings


def pass_notices_on(notices: Iterable[Notice], lineage: Lineage) -> list[Notice]:
    """Return the notices, and one for each successor that inherits one."""
    return [
        Notice(
            holding.holder,
            notice_on=notice.notice_on,
            holds_from=max(holding.from_on, notice.notice_on),
            how=notice.how,
            given_to=notice.group,
        )
        for notice in notices
        for holding in lineage.holdings[notice.group]
        if holding.until_on > notice.notice_on
    ]


def simulate_promises(
    lineage: Lineage,
    notices: Iterable[Notice],
    shootings: Iterable[Shooting],
    actions: Iterable[Action],
    window_days: int,
) -> PromiseHistory:
    """Go through all shootings and actions in order of time, and return what came of them.

    Groups that ever become one are gone through together, as what one does concerns the others.
    """
    notices_by_group: dict[str, list[Notice]] = {}
    for notice in notices:
        notices_by_group.setdefault(notice.group, []).append(notice)
    # The events by family, with what sorts them: on one day shootings come first, then the actions
    # with a trigger, then the others.
    families: dict[str, list[tuple[date, bool, bool, str, Shooting | Action]]] = {}
    for shooting in shootings:
        event = (shooting.day, False, False, shooting.incident, shooting)
        families.setdefault(lineage.find_last_holder(shooting.group), []).append(event)
    for action in actions:
        event_of = (action.day, True, action.trigger is None, action.action, action)
        families.setdefault(lineage.find_last_holder(action.group), []).append(event_of)
    history = PromiseHistory()
    for _, events in sorted(families.items()):
        family = _Family(lineage, notices_by_group, timedelta(days=window_days))
        for *_, event_or_action in sorted(events, key=lambda event: event[:4]):
            if isinstance(event_or_action, Shooting):
                family.take_shooting(event_or_action)
            else:
                family.take_action(event_or_action)
        history.episodes += family.history.episodes
        history.violations += family.history.violations
        history.outcomes += family.history.outcomes
    history.episodes.sort(key=lambda episode: (episode.violated_on, episode.group))
    return history


class _Family:
    """A group and all its predecessors: it takes their shootings and actions in order of time."""

    def __init__(
        self, lineage: Lineage, notices: Mapping[str, Sequence[Notice]], window: timedelta
    ) -> None:
        self._lineage = lineage
        self._notices = notices
        self._window = window
        self.history = PromiseHistory()
        self._shot: list[Shooting] = []  # without notice too: who shot is not quiet

    def take_shooting(self, shooting: Shooting) -> None:
        """Take the next shooting. If the group had notice before that day, it is a violation.

        A violation belongs to the episodes that are running, or else opens one.
        """
        day, holder = shooting.day, self._lineage.find_holder(shooting.group, shooting.day)
        notice_on = self._find_notice_day(holder, day)
        shot = Shooting(shooting.incident, holder, day)
        self._shot.append(shot)
        if notice_on is None or day <= notice_on:
            return
        self.history.violations.append(shot)
        running = self._list_running(holder, day)
        for episode in running:
            episode.shootings.append(shooting.incident)
        if not running:
            self.history.episodes.append(
                Episode(
                    group=holder,
                    incident=shooting.incident,
                    notice_on=notice_on,
                    violated_on=day,
                    shootings=[shooting.incident],
                )
            )

    def take_action(self, action: Action) -> None:
        """Take the next action: it answers one episode, or none."""
        day, holder = action.day, self._lineage.find_holder(action.group, action.day)
        notice_on = self._find_notice_day(holder, day)
        answers = None if notice_on is None else self._find_episode_to_answer(action, holder)
        if answers is not None and answers.first_action_on is None:
            answers.first_action_on, answers.first_action = day, action.action
        # Shootings are in order of days: the first from the end is the newest.
        newest = reversed(self._shot)
        last = next((s.day for s in newest if self._is_held_by(s.group, holder, day)), None)
        self.history.outcomes.append(ActionOutcome(action, holder, notice_on, answers, last))

    def _find_episode_to_answer(self, action: Action, holder: str) -> Episode | None:
        """Return the episode that an action answers; None where the group has none open.

        First the one its trigger belongs to, else the oldest that runs without an answer, else the
        newest that is over without one (a late answer).
        """
        day = action.day
        if action.trigger is not None:
            triggered = [
                e
                for e in self.history.episodes
                if action.trigger in e.shootings and self._is_held_by(e.group, holder, day)
            ]
            if triggered:
                return next((e for e in triggered if e.first_action_on is None), triggered[0])
        running = [e for e in self._list_running(holder, day) if e.first_action_on is None]
        if running:
            return running[0]
        newest = reversed(self.history.episodes)
        return next(
            (
                e
                for e in newest
                if e.first_action_on is None and self._is_held_by(e.group, holder, day)
            ),
            None,
        )

    def _list_running(self, holder: str, day: date) -> list[Episode]:
        """List the episodes that are the holder's on this day and still run, oldest first."""
        episodes = []
        for episode in reversed(self.history.episodes):
            if episode.violated_on + self._window < day:
                break  # this one and all before it are over
            if episode.runs_on(day, self._window) and self._is_held_by(episode.group, holder, day):
                episodes.append(episode)
        return episodes[::-1]

    def _is_held_by(self, group: str, holder: str, day: date) -> bool:
        """Return whether on `day` a group is `holder`, or has become it."""
        return self._lineage.find_holder(group, day) == holder

    def _find_notice_day(self, holder: str, day: date) -> date | None:
        """Return the first day of notice that the group has by `day`, its own or inherited."""
        days = [n.notice_on for n in self._notices.get(holder, ()) if n.holds_from <= day]
        return min(days, default=None)
