"""What a demonstration holds, told by naive loops over its rows; no code shared with it."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.oracles.funnel_attack import funnel_of

Row = dict[str, Any]


def read(folder: Path, extract: str) -> list[Row]:
    return pq.read_table(folder / f"{extract}.parquet").to_pylist()


def truths(folder: Path) -> Any:
    return json.loads((folder / "planted.json").read_text(encoding="utf-8"))


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def as_day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value


def naive_victims(folder: Path) -> Iterator[tuple[str, date, Row]]:
    """City, day and row of each victim that counts, by the contract, one after the other."""
    incidents = {row["incident_id"]: row for row in read(folder, "incidents")}
    for row in read(folder, "victims"):
        incident = incidents[row["incident_id"]]
        if incident["circumstance"] in ("criminal", "unknown"):
            yield row["city"], incident["occurred_at"].date(), row


def _added_up(counted: Iterable[tuple[Any, Row]]) -> dict[Any, Counter[str]]:
    """Victims, fatal, nonfatal, homicides and incidents by key."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    shot_in: set[Any] = set()
    for key, row in counted:
        if row["weapon"] == "firearm":
            counts[key].update(["victims", row["outcome"]])
            shot_in.add((key, row["incident_id"]))
        if row["outcome"] == "fatal":
            counts[key]["homicides"] += 1
    for key, _ in shot_in:
        counts[key]["incidents"] += 1
    return counts


def naive_totals(folder: Path) -> dict[tuple[str, int], Counter[str]]:
    """By city and year."""
    counted = naive_victims(folder)
    return _added_up(((city, day.year), row) for city, day, row in counted)


def naive_days(folder: Path, first: date, last: date) -> dict[str, Counter[str]]:
    """By city, from the first day to the last, both counted."""
    counted = naive_victims(folder)
    return _added_up((city, row) for city, day, row in counted if first <= day <= last)


def assert_totals(folder: Path, planted: Any) -> None:
    counted = naive_totals(folder)
    for city, told in planted["cities"].items():
        for year in told["totals"]:
            count = counted[city, year["year"]]
            for name in ("incidents", "victims", "fatal", "nonfatal", "homicides"):
                assert count[name] == year[name], (city, year["year"], name)


def naive_notice(folder: Path, line: dict[str, str]) -> dict[str, date]:
    """The day each line of groups has notice."""
    held = {row["call_in_id"]: row["held_on"] for row in read(folder, "call_ins")}
    notice: dict[str, date] = {}
    members = defaultdict(list)
    for row in read(folder, "memberships"):
        members[row["person_id"]].append(row)

    def gives(group: str, day: date) -> None:
        notice[line[group]] = min(notice.get(line[group], date.max), day)

    for row in read(folder, "invitations"):
        day = held[row["call_in_id"]]
        if row["attended"] == "attended" and day is not None:
            for of in members[row["person_id"]]:
                if of["from_on"] <= day and (of["until_on"] is None or day <= of["until_on"]):
                    gives(of["group_id"], day)
    for row in read(folder, "custom_notifications"):
        if row["contact"] == "direct":
            gives(row["group_id"], row["attempted_on"])
    return notice


def naive_promises(folder: Path) -> tuple[list[Row], dict[str, Counter[str]], dict[str, date]]:
    """Episodes and restraint from the rows, by the rules of the design, day by day."""
    happened = {r["incident_id"]: r["occurred_at"].date() for r in read(folder, "incidents")}
    city = {row["group_id"]: row["city"] for row in read(folder, "groups")}
    after = {r["group_id"]: r["succeeded_by"] for r in read(folder, "groups") if r["succeeded_by"]}
    line = {group: after.get(group, group) for group in city}  # no chain is longer than two
    # What its successor was told after it had passed on, a group itself never was.
    ended = {r["group_id"]: r["active_until"] for r in read(folder, "groups") if r["succeeded_by"]}
    notice = naive_notice(folder, line)
    events = defaultdict(list)
    for row in read(folder, "incident_groups"):
        if row["role"] == "suspect" and row["status"] == "confirmed":
            events[line[row["group_id"]]].append((happened[row["incident_id"]], 0, row))
    for row in read(folder, "enforcement_actions"):
        if row["scope"] == "group":
            events[line[row["group_id"]]].append((row["acted_on"], 1, row))
    episodes: list[Row] = []
    restraint: dict[str, Counter[str]] = defaultdict(Counter)
    for root, mine in events.items():
        if root in notice:
            walked = naive_line(sorted(mine, key=lambda e: e[:2]), notice[root], restraint)
            episodes += [{"notice": notice[root], **episode} for episode in walked]
    return (
        episodes,
        restraint,
        {
            group: notice[line[group]]
            for group in city
            if line[group] in notice and notice[line[group]] <= (ended.get(group) or date.max)
        },
    )


def naive_line(events: list[tuple[date, int, Row]], notice: date, restraint: dict[str, Counter[str]]) -> list[Row]:
    episodes: list[Row] = []
    shot: list[date] = []
    for day, kind, row in events:
        running = [
            e for e in episodes if (day - e["violated"]).days <= 90 and (e["first"] is None or e["first"] >= day)
        ]
        if kind == 0:
            if day <= notice:
                continue
            shot.append(day)
            if running:
                running[0]["incidents"].add(row["incident_id"])
            else:
                new = {"group": row["group_id"], "city": row["city"], "violated": day}
                episodes.append({**new, "first": None, "incidents": {row["incident_id"]}})
            continue
        if day < notice:
            continue
        restraint[row["city"]]["all"] += 1
        trigger = row["trigger_incident_id"]
        of = [e for e in episodes if trigger in e["incidents"]]
        of = of or [e for e in running if e["first"] is None]
        of = of or [e for e in episodes if e["first"] is None][-1:]
        if of:
            of[0]["first"] = of[0]["first"] or day
        elif not any(timedelta(0) <= day - d <= timedelta(days=90) for d in shot):
            restraint[row["city"]]["broke"] += 1
    return episodes


def naive_state(episode: Row, asked: int, through: date) -> str:
    if episode["first"]:
        return "kept" if (episode["first"] - episode["violated"]).days <= asked else "late"
    return "open" if through < episode["violated"] + timedelta(days=asked) else "broken"


def call_ins(folder: Path) -> dict[tuple[str, int], dict[str, int]]:
    """The steps of the call-ins of each city and year, without those in custody."""
    held = {row["call_in_id"]: row for row in read(folder, "call_ins") if row["held_on"]}
    taken: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in read(folder, "services"):
        if row["intake_on"]:
            taken[row["city"], row["person_id"]].append(row)
    known: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in read(folder, "invitations"):
        if row["call_in_id"] not in held:
            continue
        day = as_day(held[row["call_in_id"]]["held_on"])
        words: Row = {name: row[name] for name in ("route", "reachable", "attended")}
        words |= {"intake": None, "contact": None}
        for service in taken[row["city"], row["person_id"]]:
            if not 0 <= (as_day(service["intake_on"]) - day).days <= 30:
                continue
            words["intake"] = 0
            done, seen = service["completed_on"], service["last_contact_on"]
            running = done is None or (as_day(done) - day).days > 90
            if running and seen is not None and (as_day(seen) - day).days >= 60:
                words["contact"] = 60
        known[row["city"], day.year].append(words)
    return {period: funnel_of(words) for period, words in known.items()}
