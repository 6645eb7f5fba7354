"""The promise, simulated day by day: which shooting opens an episode, which action answers.

The rules follow one another in time: whether an action came first decides when an
episode ends, and so whether the next shooting opens a new one. docs/follow-up.md
tells them with a worked timeline and says which test holds each. Nothing here
depends on what comes later, so what stood on an earlier day is had by leaving out
what is dated after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

ALWAYS, FOREVER = date.min, date.max
MOST_SUCCESSIONS = 100  # a longer chain is a ring in the file, not a history

# How an episode stands on a day: answered within its window, answered later, not known, not over,
# broken. A macro, as queries ask it of whole tables.
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
    """From `from_on` up to, not including, `until_on`, what `group` has is `holder`'s."""

    group: str
    holder: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Notice:
    """`group` has the notice given on `notice_on`, and has had it since `holds_from`.

    The two days differ where a predecessor's notice passed on: `given_to` is then
    the predecessor.
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
    """A group-scope enforcement action, and the incident it says it answers."""

    action: str
    group: str
    day: date
    trigger: str | None


@dataclass
class Episode:
    """A violation, the shootings that belong to it, and its first answer."""

    group: str
    incident: str
    notice_on: date
    violated_on: date
    shootings: list[str]
    first_action_on: date | None = None
    first_action: str | None = None

    def runs_on(self, day: date, window: timedelta) -> bool:
        """Return whether it runs on this day: its own last day belongs to it."""
        return day <= self.violated_on + window and (
            self.first_action_on is None or day <= self.first_action_on
        )


@dataclass(frozen=True)
class ActionOutcome:
    """What an action was for the promise.

    `holder` is the group it fell on that day; `answers` the episode, None for none;
    `last_violated_on` the last violation up to that day.
    """

    action: Action
    holder: str
    notice_on: date | None
    answers: Episode | None
    last_violated_on: date | None


@dataclass
class PromiseHistory:
    """All episodes in order of their first day, all violations, all actions."""

    episodes: list[Episode] = field(default_factory=list)
    violations: list[Shooting] = field(default_factory=list)
    outcomes: list[ActionOutcome] = field(default_factory=list)


class Lineage:
    """Which group holds what another had, on any day."""

    def __init__(self, groups: Iterable[str], successors: Mapping[str, tuple[str, date]]) -> None:
        """`successors` maps a group to its successor and the first day of the successor."""
        self.holdings: dict[str, list[Holding]] = {
            group: _list_holdings(group, successors) for group in groups
        }

    def find_holder(self, group: str, day: date) -> str:
        """Return the group that on `day` holds what `group` has; itself when nothing passed on."""
        holdings = self.holdings.get(group, ())
        if len(holdings) == 1:  # most groups never become another
            return holdings[0].holder
        for holding in holdings:
            if holding.from_on <= day < holding.until_on:
                return holding.holder
        return group

    def find_last_holder(self, group: str) -> str:
        """Return the last holder: groups that ever become one have the same."""
        holdings = self.holdings.get(group)
        return holdings[-1].holder if holdings else group


def _list_holdings(group: str, successors: Mapping[str, tuple[str, date]]) -> list[Holding]:
    holdings, holder, since = [], group, ALWAYS
    chain = {group}
    while holder in successors and len(chain) < MOST_SUCCESSIONS:
        after, on = successors[holder]
        if after in chain:
            break
        # A successor that had itself passed on before: what is inherited passes through it.
        on = max(on, since)
        if on > since:
            holdings.append(Holding(group, holder, since, on))
        holder, since = after, on
        chain.add(after)
    holdings.append(Holding(group, holder, since, FOREVER))
    return holdings


def pass_notices_on(notices: Iterable[Notice], lineage: Lineage) -> list[Notice]:
    """Return the notices given, and those that successors hold through them."""
    return [
        Notice(
            holding.holder,
            notice.notice_on,
            max(holding.from_on, notice.notice_on),
            notice.how,
            notice.group,
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
    """Return every episode with its answer, and what each group-scope action was."""
    notices_by_group: dict[str, list[Notice]] = {}
    for notice in notices:
        notices_by_group.setdefault(notice.group, []).append(notice)
    lines: dict[str, list[tuple[date, bool, bool, str, Shooting | Action]]] = {}
    for shooting in shootings:
        event = (shooting.day, False, False, shooting.incident, shooting)
        lines.setdefault(lineage.find_last_holder(shooting.group), []).append(event)
    for action in actions:
        # On one day shootings come first, then the actions that say what they answer.
        event_of = (action.day, True, action.trigger is None, action.action, action)
        lines.setdefault(lineage.find_last_holder(action.group), []).append(event_of)
    history = PromiseHistory()
    for _, events in sorted(lines.items()):
        line = _Line(lineage, notices_by_group, timedelta(days=window_days))
        for *_, event_or_action in sorted(events, key=lambda event: event[:4]):
            if isinstance(event_or_action, Shooting):
                line.take_shooting(event_or_action)
            else:
                line.take_action(event_or_action)
        history.episodes += line.history.episodes
        history.violations += line.history.violations
        history.outcomes += line.history.outcomes
    history.episodes.sort(key=lambda episode: (episode.violated_on, episode.group))
    return history


class _Line:
    """Groups that became one, if ever, on their way through time."""

    def __init__(
        self, lineage: Lineage, notices: Mapping[str, Sequence[Notice]], window: timedelta
    ) -> None:
        self._lineage = lineage
        self._notices = notices
        self._window = window
        self.history = PromiseHistory()

    def take_shooting(self, shooting: Shooting) -> None:
        """Take a shooting: it is a violation when the group has notice of an earlier day."""
        day, holder = shooting.day, self._lineage.find_holder(shooting.group, shooting.day)
        notice_on = self._find_notice_day(holder, day)
        if notice_on is None or day <= notice_on:
            return
        self.history.violations.append(Shooting(shooting.incident, holder, day))
        running = self._list_running(holder, day)
        for episode in running:
            episode.shootings.append(shooting.incident)
        if not running:
            self.history.episodes.append(
                Episode(holder, shooting.incident, notice_on, day, [shooting.incident])
            )

    def take_action(self, action: Action) -> None:
        """Take a group-scope action: it answers one episode, or none."""
        day, holder = action.day, self._lineage.find_holder(action.group, action.day)
        notice_on = self._find_notice_day(holder, day)
        answers = None if notice_on is None else self._find_episode_to_answer(action, holder)
        if answers is not None and answers.first_action_on is None:
            answers.first_action_on, answers.first_action = day, action.action
        # What happened came in order of days: the last that fits is the newest.
        newest = reversed(self.history.violations)
        last = next((v.day for v in newest if self._is_held_by(v.group, holder, day)), None)
        self.history.outcomes.append(ActionOutcome(action, holder, notice_on, answers, last))

    def _find_episode_to_answer(self, action: Action, holder: str) -> Episode | None:
        day = action.day
        if action.trigger is not None:
            holders = [
                e
                for e in self.history.episodes
                if action.trigger in e.shootings and self._is_held_by(e.group, holder, day)
            ]
            if holders:
                return next((e for e in holders if e.first_action_on is None), holders[0])
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
        """List the episodes that are this group's and run on this day, oldest first."""
        episodes = []
        for episode in reversed(self.history.episodes):
            if episode.violated_on + self._window < day:
                break  # this one and all before it are over
            if episode.runs_on(day, self._window) and self._is_held_by(episode.group, holder, day):
                episodes.append(episode)
        return episodes[::-1]

    def _is_held_by(self, group: str, holder: str, day: date) -> bool:
        return self._lineage.find_holder(group, day) == holder

    def _find_notice_day(self, holder: str, day: date) -> date | None:
        days = [n.notice_on for n in self._notices.get(holder, ()) if n.holds_from <= day]
        return min(days, default=None)
