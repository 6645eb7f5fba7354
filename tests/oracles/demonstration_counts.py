"""What a demonstration holds, counted by naive loops over its rows; no code shared with it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]


def read(folder: Path, extract: str) -> list[Row]:
    return pq.read_table(folder / f"{extract}.parquet").to_pylist()


def truths(folder: Path) -> Any:
    return json.loads((folder / "planted.json").read_text(encoding="utf-8"))


def naive_victims(folder: Path) -> Iterator[tuple[str, date, Row]]:
    """City, day and row of each victim that counts, by the contract, one after the other."""
    incidents = {row["incident_id"]: row for row in read(folder, "incidents")}
    for row in read(folder, "victims"):
        incident = incidents[row["incident_id"]]
        if incident["circumstance"] in ("criminal", "unknown"):
            yield row["city"], incident["occurred_at"].date(), row


def naive_days(folder: Path, first: date, last: date) -> dict[str, Counter[str]]:
    """Victims, fatal, nonfatal, homicides and incidents by city, from the first day to the last, both counted."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shot_in: set[tuple[str, str]] = set()
    for city, day, row in naive_victims(folder):
        if not first <= day <= last:
            continue
        if row["weapon"] == "firearm":
            counts[city].update(["victims", row["outcome"]])
            shot_in.add((city, row["incident_id"]))
        if row["outcome"] == "fatal":
            counts[city]["homicides"] += 1
    for city, _ in shot_in:
        counts[city]["incidents"] += 1
    return counts


def assert_homicides(folder: Path, planted: Any) -> None:
    """As many each year as planned; of the newest two years records may be still to come."""
    until = date.fromisoformat(planted["until"])
    victims = naive_victims(folder)
    counted = Counter((city, day.year) for city, day, row in victims if row["outcome"] == "fatal")
    for city, truths_of_city in planted["cities"].items():
        for year, planned in truths_of_city["homicides"].items():
            homicides, is_complete = counted[city, int(year)], int(year) < until.year - 1
            assert homicides == planned if is_complete else homicides <= planned, (city, year)
