"""What is owed to groups after a notice, by walking the calendar; no code shared with the measure.

Each day moves what a group has to its successor on the day it passes on.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from tests.factories.promise_story import ORIGIN, Row, Story


def walk_calendar(story: Story, as_of: date, enforcement: date, window: int = 90) -> dict[str, Any]:
    """Walk the calendar to the episodes, restraint and notice as of a day."""
    calendar = _Calendar(story, window)
    day = ORIGIN
    while day <= as_of:
        calendar.pass_on(day)
        calendar.shoot(day)
        if day <= enforcement:
            calendar.act(day)
        day += timedelta(days=1)
    for episode in calendar.every:
        for asked in (30, 60, 90):
            episode[f"state_{asked}"] = _state(episode, asked, min(as_of, enforcement))
    return {"episodes": calendar.every, "restraint": calendar.restraint, "notice": calendar.notice}


class _Calendar:
    """What each group has today, a successor in the place of its predecessors."""

    def __init__(self, story: Story, window: int) -> None:
        self.story, self.window = story, window
        self.now = {row["group"]: row["group"] for row in story.groups}
        self.notice: dict[str, date] = {}
        self.mine: dict[str, list[Row]] = defaultdict(list)
        self.violated: dict[str, list[date]] = defaultdict(list)
        self.every: list[Row] = []
        self.restraint: dict[str, Any] = {"actions": 0, "broke": [], "answering": 0}

    def pass_on(self, day: date) -> None:
        for row in self.story.groups:
            if not row.get("after") or row["until"] + timedelta(days=1) != day:
                continue
            old, new = self.now[row["group"]], self.now[row["after"]]
            self.now = {code: new if held == old else held for code, held in self.now.items()}
            self.mine[new] = sorted(
                self.mine[new] + self.mine.pop(old, []), key=lambda e: (e["violated_on"], e["group_id"])
            )
            self.violated[new] += self.violated.pop(old, [])
            if old in self.notice:
                self.notice[new] = min(self.notice.pop(old), self.notice.get(new, date.max))
        for row in self.story.notices:
            if row["day"] == day:
                self.notice.setdefault(self.now[row["group"]], day)

    def shoot(self, day: date) -> None:
        for row in self.story.shootings:
            group = self.now[row["group"]]
            if row["day"] != day or self.notice.get(group, date.max) >= day:
                continue
            self.violated[group].append(day)
            running = [
                e for e in self.mine[group] if (day - e["violated_on"]).days <= self.window and not e["first_action_on"]
            ]
            for episode in running:
                episode["incidents"].add(row["incident"])
            if not running:
                opened_today = {
                    "group_id": group,
                    "notice_on": self.notice[group],
                    "violated_on": day,
                    "first_action_on": None,
                    "incidents": {row["incident"]},
                }
                self.mine[group].append(opened_today)
                self.every.append(opened_today)

    def act(self, day: date) -> None:
        today = [row for row in self.story.actions if row["day"] == day]
        for row in sorted(today, key=lambda r: (r["trigger"] is None, r["action"])):
            group = self.now[row["group"]]
            if self.notice.get(group, date.max) > day:
                continue
            self.restraint["actions"] += 1
            found = _answers(row, self.mine[group], day, self.window)
            if found:
                found["first_action_on"] = found["first_action_on"] or day
                self.restraint["answering"] += 1
            elif all((day - shot).days > self.window for shot in self.violated[group]):
                self.restraint["broke"].append(row["action"])


def _answers(row: Row, episodes: list[Row], day: date, window: int) -> Row | None:
    holding = [e for e in episodes if row["trigger"] in e["incidents"]]
    for episode in holding:
        if not episode["first_action_on"]:
            return episode
    if holding:
        return holding[0]
    waiting = [e for e in episodes if not e["first_action_on"]]
    for episode in waiting:
        if (day - episode["violated_on"]).days <= window:
            return episode
    return waiting[-1] if waiting else None


def _state(episode: Row, asked: int, known: date) -> str:
    last = episode["violated_on"] + timedelta(days=asked)
    if episode["first_action_on"]:
        return "kept" if episode["first_action_on"] <= last else "late"
    return "open" if known < last else "broken"
