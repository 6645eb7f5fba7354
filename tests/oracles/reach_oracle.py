"""The funnel of call-ins and the groups told, by plain loops; no code shared with the queries.

Each function gives what one query must answer of a `World`, by its grain. The other measures are
counted by hand in tests/queries/test_reach_tables.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.factories.world import Row, World

ROUTES = ("probation", "parole", "voluntary", "in_custody")


def year_before(day: date) -> date:
    """The same month and day of the year before, February 29 as 28."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def window(last: date) -> date:
    return year_before(last) + timedelta(days=1)


def held(world: World, city: str, first: date, last: date) -> dict[str, date]:
    return {
        row["call_in_id"]: row["held_on"]
        for row in world.of("call_ins", city)
        if row["held_on"] is not None and first <= row["held_on"] <= last
    }


def during(row: Row, day: date) -> bool:
    return row["from_on"] <= day and (row["until_on"] is None or day <= row["until_on"])


class Kin:
    """Which group holds what another had, and who is in which group, on a day."""

    def __init__(self, world: World, city: str) -> None:
        self.became: dict[str, tuple[str, date]] = {}
        self.mine: dict[str, list[Row]] = defaultdict(list)
        for row in world.of("memberships", city):
            self.mine[row["person_id"]].append(row)
        audits: dict[str, list[Row]] = defaultdict(list)
        for row in world.of("groups", city):
            audits[row["group_id"]].append(row)
        for group, rows in audits.items():
            said = [r for r in rows if r["succeeded_by"] in audits and r["succeeded_by"] != group]
            if said:
                after = max(said, key=lambda r: r["audited_on"] or date.min)["succeeded_by"]
                ends = [r["active_until"] + timedelta(days=1) for r in said if r["active_until"]]
                begins = [r["active_from"] for r in audits[after] if r["active_from"]]
                seen = [r["audited_on"] for r in said if r["audited_on"]]
                self.became[group] = (after, _passed_on(ends, begins, seen))

    def holder(self, group: str, day: date) -> str:
        seen = {group}
        while group in self.became:
            after, on = self.became[group]
            if on > day or after in seen:
                break
            group = after
            seen.add(group)
        return group

    def groups_of(self, person: str, day: date) -> set[str]:
        found = set()
        for row in self.mine[person]:
            group, last = row["group_id"], row["until_on"]
            here = self.holder(group, day)
            if here == group:
                lasts = during(row, day)
            else:
                # It goes on in the successor when it lasted to the group's last day, unless
                # the successor lists the person itself.
                to_the_end = last is None or last + timedelta(days=1) == self.became[group][1]
                lasts = row["from_on"] <= day and (to_the_end or day <= last)
                lasts = lasts and all(other["group_id"] != here for other in self.mine[person])
            if lasts:
                found.add(here)
        return found


def _passed_on(ends: list[date], begins: list[date], seen: list[date]) -> date:
    if ends:
        return max(ends)
    return min(begins or seen or [date.min])


def call_in_funnel(world: World, as_of: date) -> dict[Any, Row]:
    found = {}
    for city, last in world.told(as_of, "call_ins", "invitations"):
        sessions = held(world, city, window(last), last)
        serves = world.through.get("services", {}).get(city)
        for route in ROUTES:
            count: Counter[str] = Counter()
            for i in world.of("invitations", city):
                if i["route"] != route or i["call_in_id"] not in sessions:
                    continue
                day = sessions[i["call_in_id"]]
                count["invited"] += 1
                count["reachable_unknown"] += i["reachable"] is None
                if not i["reachable"]:
                    count["attended_besides"] += i["attended"] == "attended"
                    continue
                count["reachable"] += 1
                count["attended_unknown" if i["attended"] == "unknown" else i["attended"]] += 1
                if i["attended"] != "attended":
                    continue
                if serves is None:
                    continue
                mine = [
                    s
                    for s in world.of("services", city)
                    if s["person_id"] == i["person_id"]
                    and s["intake_on"] is not None
                    and 0 <= (s["intake_on"] - day).days <= 30
                ]
                age = (min(last, serves) - day).days
                if age >= 30:
                    count["attended_aged_30"] += 1
                    count["intake_30"] += bool(mine)
                if age < 90:
                    continue
                count["attended_aged_90"] += 1
                count["intake_aged_90"] += bool(mine)
                ninetieth = day + timedelta(days=90)
                done = [s["completed_on"] is not None and s["completed_on"] <= ninetieth for s in mine]
                contacts = [s["last_contact_on"] for s in mine]
                if any(
                    not over and contact and contact >= ninetieth - timedelta(days=30)
                    for over, contact in zip(done, contacts, strict=True)
                ):
                    count["active_90"] += 1
                elif any(done):
                    count["completed_90"] += 1
                elif any(contact is None for contact in contacts):
                    count["active_unknown_90"] += 1
            names = ["invited", "reachable", "reachable_unknown", "attended", "absent", "excused"]
            names += ["attended_unknown", "attended_besides"]
            later = ["attended_aged_30", "intake_30", "attended_aged_90", "intake_aged_90"]
            later += ["active_90", "completed_90", "active_unknown_90"]
            found[city, route] = {n: count[n] for n in names} | {n: None if serves is None else count[n] for n in later}
    return found


@dataclass
class Standing:
    group: str
    audit: date | None
    members: int | None
    came: list[tuple[date, str]]
    told_directly: list[date]


def standing(world: World, city: str, kin: Kin, last: date) -> list[Standing]:
    """The active groups of a city on a day."""
    audits: dict[str, list[Row]] = defaultdict(list)
    for row in world.of("groups", city):
        if row["audited_on"] is None or row["audited_on"] <= last:
            audits[row["group_id"]].append(row)
    sessions = held(world, city, date.min, last)
    came: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for i in world.of("invitations", city):
        if i["attended"] == "attended" and i["call_in_id"] in sessions:
            day = sessions[i["call_in_id"]]
            for group in kin.groups_of(i["person_id"], day):
                came[kin.holder(group, last)].append((day, i["person_id"]))
    direct: dict[str, list[date]] = defaultdict(list)
    for n in world.of("custom_notifications", city):
        if n["contact"] == "direct" and n["attempted_on"] <= last:
            for group in spoken_to(kin, n):
                direct[kin.holder(group, last)].append(n["attempted_on"])
    found = []
    for group, rows in audits.items():
        row = max(rows, key=lambda r: r["audited_on"] or date.min)
        begun = row["active_from"] is None or row["active_from"] <= last
        ended = row["active_until"] is not None and row["active_until"] < last
        if begun and not ended and kin.holder(group, last) == group:
            found.append(Standing(group, row["audited_on"], row["members"], came[group], direct[group]))
    return found


def spoken_to(kin: Kin, notification: Row) -> set[str]:
    """The group on the notification, else each the person was in on that day."""
    if notification["group_id"]:
        return {notification["group_id"]}
    return kin.groups_of(notification["person_id"], notification["attempted_on"])


COVERED_BY = ("call_ins", "invitations", "groups", "memberships")


def shot_on(world: World, city: str, kin: Kin, group: str, last: date, status: str) -> date | None:
    happened = {
        r["incident_id"]: r["occurred_at"].date()
        for r in world.of("incidents", city)
        if r["circumstance"] in ("criminal", "unknown")
    }
    days = [
        happened[r["incident_id"]]
        for r in world.of("incident_groups", city)
        if r["role"] == "suspect"
        and r["status"] == status
        and r["incident_id"] in happened
        and kin.holder(r["group_id"], last) == group
    ]
    return max((day for day in days if day <= last), default=None)


def group_coverage_grid(world: World, as_of: date) -> dict[Any, Row]:
    found = {}
    for city, last in world.told(as_of, *COVERED_BY):
        kin = Kin(world, city)
        for g in standing(world, city, kin, last):
            days = [day for day, _ in g.came]
            recent = {person for day, person in g.came if day >= window(last)}
            found[city, g.group] = {
                "audited_on": g.audit,
                "members": g.members,
                "notice_on": min([*days, *g.told_directly], default=None),
                "last_attended_on": max(days, default=None),
                "attendees": len(recent),
                "last_shooting_on": shot_on(world, city, kin, g.group, last, "confirmed"),
            }
    return found


def next_call_in(world: World, as_of: date) -> dict[Any, Row]:
    found = {}
    for city, last in world.told(as_of, *COVERED_BY, "people"):
        sessions = held(world, city, date.min, last)
        kin = Kin(world, city)
        for g in standing(world, city, kin, last):
            told = [*(day for day, _ in g.came), *g.told_directly]
            if told and max(told) >= window(last):
                continue
            reach: Counter[str] = Counter()
            for person in world.of("people", city):
                listed = person["listed_on"] <= last and (person["delisted_on"] is None or person["delisted_on"] > last)
                mine = g.group in kin.groups_of(person["person_id"], last)
                if listed and mine:
                    reach[_reach(world, city, person["person_id"], sessions, last)] += 1
            found[city, g.group] = {
                "reason": "over_12_months" if told else "no_notice",
                "notice_on": min(told, default=None),
                "last_told_on": max(told, default=None),
                "last_shooting_on": shot_on(world, city, kin, g.group, last, "confirmed"),
                "last_suspected_on": shot_on(world, city, kin, g.group, last, "suspected"),
                "listed": sum(reach.values()),
                "reachable": reach["reachable"],
                "reach_unknown": reach["unknown"],
                "not_reached": reach["not_reached"],
                "in_custody": reach["in_custody"],
            }
    return found


def _reach(world: World, city: str, person: str, sessions: dict[str, date], last: date) -> str:
    for spell in world.of("supervision_spells", city):
        if (
            spell["person_id"] == person
            and spell["kind"] == "in_custody"
            and (spell["from_on"] <= last and (spell["until_on"] is None or spell["until_on"] > last))
        ):
            return "in_custody"
    asked = [
        (sessions[i["call_in_id"]], i["call_in_id"], i["reachable"])
        for i in world.of("invitations", city)
        if i["person_id"] == person and i["call_in_id"] in sessions
    ]
    newest = max(asked, key=lambda each: each[:2])[2] if asked else None
    return {True: "reachable", False: "not_reached", None: "unknown"}[newest]


MEASURES = (call_in_funnel, group_coverage_grid, next_call_in)
