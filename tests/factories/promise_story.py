"""Groups, notices, shootings and actions, a line each, as a release."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from longevity.warehouse.warehouse import Warehouse
from tests.factories import extracts, tiny_release
from tests.factories.tiny_release import AREAS

THROUGH = date(2021, 12, 31)
ORIGIN = date(2020, 1, 1)
Row = dict[str, Any]
EXTRACTS = (
    *("groups", "people", "memberships", "custom_notifications"),
    *("incidents", "incident_groups", "enforcement_actions"),
)


@dataclass
class Story:
    """What happened. Groups: code, city, until, after. Days are dates; empty is None."""

    groups: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)  # group, day
    shootings: list[Row] = field(default_factory=list)  # incident, group, day
    actions: list[Row] = field(default_factory=list)  # action, group, day, trigger


def on(text: str) -> date:
    """A day of 2020."""
    return date.fromisoformat(f"2020-{text}")


def tell(shot: str = "", acted: str = "", groups: str = "a", noticed: str = "a:02-01") -> Story:
    """Tell a story in a line each; days are of 2020, and without a group they are a's.

    Shootings are i1, i2, … and actions x1, x2, … in turn: `ab:03-01` is a shooting by two groups,
    `03-11/i2` an action that names i2. `a>b:03-31` is group a, whose last day was 03-31, and which
    became b.
    """

    def each(text: str) -> list[tuple[str, str]]:
        split = [token.split(":") for token in text.split()]
        return [(token[0], token[1]) if token[1:] else ("a", token[0]) for token in split]

    known = []
    for token in groups.split():
        code, _, passed_on = token.partition(">")
        after, _, until = passed_on.partition(":")
        ends = {"until": on(until) if until else None, "after": after or None}
        known.append({"group": code, "city": "east", **ends})
    shootings = [
        {"incident": f"i{n}", "group": group, "day": on(day)}
        for n, (codes, day) in enumerate(each(shot), 1)
        for group in codes
    ]
    actions = [
        {"action": f"x{n}", "group": group, "day": on(day[:5]), "trigger": day[6:] or None}
        for n, (group, day) in enumerate(each(acted), 1)
    ]
    notices = [{"group": group, "day": on(day)} for group, day in each(noticed)]
    return Story(known, notices, shootings, actions)


def rows(story: Story) -> dict[str, list[Row]]:
    """The story as rows of the extracts; notice is given by a direct custom notification."""
    city = {row["group"]: row["city"] for row in story.groups}
    listed = {row["group"]: row.get("listed", ORIGIN) for row in story.groups}
    made: dict[str, list[Row]] = {name: [] for name in EXTRACTS}

    def add(extract: str, of: str | None, **words: Any) -> None:
        made[extract].append(extracts.row(extract, len(made[extract]), city.get(of or "", "east"), **words))

    for row in story.groups:
        ends = {"active_until": row.get("until"), "succeeded_by": row.get("after")}
        add("groups", row["group"], group_id=row["group"], audited_on=ORIGIN, **ends)
    for group in city:
        add("people", group, person_id=f"p-{group}", listed_on=listed[group])
        add("memberships", group, person_id=f"p-{group}", group_id=group, from_on=ORIGIN)
    for row in story.notices:
        who = {"person_id": f"p-{row['group']}", "group_id": row["group"]}
        add("custom_notifications", row["group"], attempted_on=row["day"], contact="direct", **who)
    for row in story.shootings:
        at, group = row["incident"], row["group"]
        if at not in {known["incident_id"] for known in made["incidents"]}:
            add("incidents", group, incident_id=at, occurred_at=datetime.combine(row["day"], time()))
        about = {"role": row.get("role") or "suspect", "status": row.get("status") or "confirmed"}
        add("incident_groups", group, incident_id=at, group_id=group, **about)
    for row in story.actions:
        about = {"action_id": row["action"], "group_id": row["group"], "acted_on": row["day"]}
        about |= {"person_id": row.get("person"), "trigger_incident_id": row.get("trigger")}
        about |= {"scope": row.get("scope") or "group", "disposition": row.get("disposition")}
        add("enforcement_actions", row["group"], **about)
    return made


@contextmanager
def open_story(
    folder: Path,
    story: Story,
    enforcement: date = THROUGH,
    without: Collection[str] = (),
    begins: Mapping[str, date] | None = None,
    who_shot: date = THROUGH,
    **more: list[Row],
) -> Iterator[Warehouse]:
    """Open a warehouse over the story, complete to THROUGH, enforcement and who shot to days of their own.

    Nobody supplied the extracts `without`; those in `begins` are complete from a day on.
    """
    ends = dict.fromkeys(AREAS, THROUGH)
    supplied = {**rows(story), **more}
    last = {"enforcement_actions": enforcement, "incident_groups": who_shot}
    days = {**dict.fromkeys([*supplied, "victims"], THROUGH), **last}
    stated = {name: {"day": day.isoformat(), "derived": False} for name, day in days.items() if name not in without}
    through = {name: dict.fromkeys(AREAS, day) for name, day in stated.items()}
    starts = {name: dict.fromkeys(AREAS, day.isoformat()) for name, day in (begins or {}).items()}
    said = {"data_through": through, "data_from": starts}
    release = tiny_release.write(folder / "release", [], AREAS, ends, said=said, **supplied)
    warehouse = Warehouse(release, tiny_release.settings(folder / "config"))
    try:
        yield warehouse
    finally:
        warehouse.close()
