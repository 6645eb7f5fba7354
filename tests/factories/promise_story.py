"""Groups, notices, shootings and actions from ASCII tables, as a release; an oracle beside it.

The oracle goes through the calendar one day after the other and moves what a group has
to its successor on the day it passes on. It shares no code with the measure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from longevity.warehouse.warehouse import Warehouse
from tests import ascii_table, extracts, tiny_release
from tests.tiny_release import AREAS

THROUGH = date(2021, 12, 31)
ORIGIN = date(2020, 1, 1)
Row = dict[str, Any]


@dataclass
class Story:
    """What happened. Groups: code, city, until, after. Days are dates; empty is None."""

    groups: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)  # group, day
    shootings: list[Row] = field(default_factory=list)  # incident, group, day
    actions: list[Row] = field(default_factory=list)  # action, group, day, trigger


def told(groups: str, notices: str, shootings: str = "", actions: str = "") -> Story:
    """A story from four ASCII tables."""
    return Story(*(_read(text) for text in (groups, notices, shootings, actions)))


def _read(text: str) -> list[Row]:
    if not text.strip():
        return []
    return [
        {
            name: (date.fromisoformat(cell) if name in ("day", "until") and cell else cell or None)
            for name, cell in row.items()
        }
        for row in ascii_table.rows(text)
    ]


def rows(story: Story) -> dict[str, list[Row]]:
    """The story as rows of the extracts; notice is given by a direct custom notification."""
    city = {row["group"]: row["city"] for row in story.groups}

    def made(extract: str, number: int, group: str | None, **said: Any) -> Row:
        return extracts.row(extract, number, city.get(group or "", "east"), **said)

    happened: dict[str, Row] = {}
    for row in story.shootings:
        happened.setdefault(row["incident"], row)
    out: dict[str, list[Row]] = {
        "groups": [
            made(
                *("groups", n, g["group"]),
                group_id=g["group"],
                active_until=g.get("until"),
                succeeded_by=g.get("after"),
                audited_on=ORIGIN,
            )
            for n, g in enumerate(story.groups)
        ],
        "people": [
            made("people", n, g["group"], person_id=f"p-{g['group']}")
            for n, g in enumerate(story.groups)
        ],
        "memberships": [
            made(
                *("memberships", n, g["group"]),
                person_id=f"p-{g['group']}",
                group_id=g["group"],
                from_on=ORIGIN,
            )
            for n, g in enumerate(story.groups)
        ],
        "custom_notifications": [
            made(
                *("custom_notifications", n, row["group"]),
                person_id=f"p-{row['group']}",
                group_id=row["group"],
                attempted_on=row["day"],
                contact="direct",
            )
            for n, row in enumerate(story.notices)
        ],
        "incidents": [
            made(
                *("incidents", n, row["group"]),
                incident_id=incident,
                occurred_at=datetime.combine(row["day"], datetime.min.time()),
            )
            for n, (incident, row) in enumerate(happened.items())
        ],
        "incident_groups": [
            made(
                *("incident_groups", n, row["group"]),
                incident_id=row["incident"],
                group_id=row["group"],
                role=row.get("role") or "suspect",
                status=row.get("status") or "confirmed",
            )
            for n, row in enumerate(story.shootings)
        ],
        "enforcement_actions": [
            made(
                *("enforcement_actions", n, row["group"]),
                action_id=row["action"],
                group_id=row["group"],
                person_id=row.get("person"),
                acted_on=row["day"],
                trigger_incident_id=row.get("trigger"),
                scope=row.get("scope") or "group",
                disposition=row.get("disposition"),
            )
            for n, row in enumerate(story.actions)
        ],
    }
    return out


@contextmanager
def opened(
    folder: Path, story: Story, enforcement: date = THROUGH, **more: list[Row]
) -> Iterator[Warehouse]:
    """A warehouse over the story, complete to THROUGH, enforcement to a day of its own."""
    ends = dict.fromkeys(AREAS, THROUGH)
    supplied = {**rows(story), **more}
    days = {city: {"day": THROUGH.isoformat(), "derived": False} for city in AREAS}
    behind = {city: {"day": enforcement.isoformat(), "derived": False} for city in AREAS}
    through = {**dict.fromkeys([*supplied, "victims"], days), "enforcement_actions": behind}
    release = tiny_release.write(
        folder / "release", [], AREAS, ends, said={"data_through": through}, **supplied
    )
    warehouse = Warehouse(release, tiny_release.settings(folder / "config"))
    try:
        yield warehouse
    finally:
        warehouse.close()


def oracle(story: Story, as_of: date, enforcement: date, window: int = 90) -> dict[str, Any]:
    """Episodes, restraint and notice as of a day, by walking the calendar."""
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
    return {
        "episodes": calendar.every,
        "restraint": calendar.restraint,
        "notice": calendar.notice,
    }


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
                self.mine[new] + self.mine.pop(old, []),
                key=lambda e: (e["violated_on"], e["group_id"]),
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
                e
                for e in self.mine[group]
                if (day - e["violated_on"]).days <= self.window and not e["first_action_on"]
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
