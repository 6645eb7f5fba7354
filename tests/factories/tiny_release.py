"""A release made by hand from a table of incidents, without publish.

The table has city, day, hour, area, reason, fatal, nonfatal, otherwise (killed by
another weapon), recorded (days until it was entered). Everything the built members
hold is counted here by plain loops, so that a query and its expectation share no code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity import settings as configuration
from longevity.release.manifest import member_of
from longevity.settings import Settings
from tests.factories import ascii_table, extracts, seeded_draws

CONFIG = """
[program]
name = "A program"
state = "Elsewhere"
time_zone = "America/New_York"
projected_crs = "EPSG:26956"
state_reference_key = "Elsewhere"
together_reference_key = "Both cities"
reference = "facts"

[cities.east]
name = "East"
week_ends_on = "sunday"
launched_on = 2020-01-01

[cities.west]
name = "West"
week_ends_on = "saturday"
launched_on = 2021-01-01
"""
AREAS = {"east": ["Harbour", "Hill"], "west": ["Meadow", "Mill"]}
MEASURES = ("incidents", "victims", "fatal", "nonfatal", "homicides")

# `ask(table, query, ends, **parameters)`: the public's frame over a table of incidents.
Ask = Callable[..., pd.DataFrame]


def settings(folder: Path) -> Settings:
    """A made-up state with two cities, East before West, and no published facts."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "longevity.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return seeded_draws.fix_key(configuration.load_settings(path, home=folder / "home", environment={}))


@dataclass(frozen=True)
class Incident:
    """One counted incident."""

    city: str
    day: date
    hour: int | None = None
    area: str | None = None
    reason: str | None = None
    fatal: int = 0
    nonfatal: int = 0
    otherwise: int = 0
    recorded: int | None = None

    @property
    def measures(self) -> dict[str, int]:
        """What this incident adds to each count."""
        shot = self.fatal + self.nonfatal
        return {
            "incidents": 1 if shot else 0,
            "victims": shot,
            "fatal": self.fatal,
            "nonfatal": self.nonfatal,
            "homicides": self.fatal + self.otherwise,
        }


def total(incidents: Iterable[Incident]) -> dict[str, int]:
    """The measures of some incidents, by a plain loop."""
    summed = dict.fromkeys(MEASURES, 0)
    for incident in incidents:
        for measure, count in incident.measures.items():
            summed[measure] += count
    return summed


def incidents(text: str) -> list[Incident]:
    """Incidents from an ASCII table; columns that are not there are empty."""
    made = []
    for row in ascii_table.rows(text):
        given = {name: cell for name, cell in row.items() if cell}
        made.append(
            Incident(
                city=given["city"],
                day=date.fromisoformat(given["day"]),
                hour=int(given["hour"]) if "hour" in given else None,
                area=given.get("area"),
                reason=given.get("reason"),
                fatal=int(given.get("fatal", 0)),
                nonfatal=int(given.get("nonfatal", 0)),
                otherwise=int(given.get("otherwise", 0)),
                recorded=int(given["recorded"]) if "recorded" in given else None,
            )
        )
    return made


@dataclass(frozen=True)
class TinyRelease:
    """What the warehouse asks of a release."""

    id: str
    path: Path
    manifest: dict[str, Any] = field(default_factory=dict)

    def member(self, name: str) -> Path:
        """The path of one member."""
        return self.path / name

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return self.member(name).exists()


def write(
    folder: Path,
    happened: Iterable[Incident],
    areas: Mapping[str, Iterable[str]],
    through: Mapping[str, date],
    kind: str = "real",
    said: Mapping[str, Any] | None = None,
    **rows: list[dict[str, Any]],
) -> TinyRelease:
    """Write a release: `areas` by city, data-through by city, extracts as rows.

    `said` adds to the manifest. Extracts not given are absent, but for incidents
    and victims, which are empty.
    """
    made = list(happened)
    built = folder / "built"
    built.mkdir(parents=True)
    (built / "boundaries.geojson").write_text('{"features": []}', encoding="utf-8")
    _located(built, made)
    write_points(
        built,
        [
            (one.city, one.area, one.day, -72 + at / 100, 41 + at / 100, "block", *hurt(one))
            for at, one in enumerate(made)
            if one.area and one.measures["victims"]
        ],
    )
    _aggregates(built, made, through)
    _recorded(built, made)
    _areas(built, areas)
    supplied = {"incidents": [], "victims": [], **rows}
    for name, lines in supplied.items():
        path = folder / member_of(name)
        path.parent.mkdir(exist_ok=True)
        pq.write_table(extracts.table(name, lines), path)
    days = {city: {"day": day.isoformat(), "derived": False} for city, day in through.items()}
    manifest = {
        "release_id": "tiny",
        "kind": kind,
        "published_on": "2026-11-23",
        "program": "A program",
        "data_through": dict.fromkeys(supplied, days),
        "rows": {name: len(lines) for name, lines in supplied.items()},
        "data_from": {},
        "quarantined": {},
        "checks": [],
        "accepted_errors": [],
        "ledger": [],
        "withdrawn": [],
        "previous": None,
        **(said or {}),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return TinyRelease("tiny", folder, manifest)


KINDS = {
    "text": pa.string(),
    "day": pa.date32(),
    "small": pa.int32(),
    "count": pa.int64(),
    "number": pa.float64(),
    "yes": pa.bool_(),
}
COUNTS = " ".join(f"{name}:count" for name in MEASURES)
PLACE = "city:text neighbourhood:text reason:text"


def _write(path: Path, columns: str, rows: list[tuple[Any, ...]]) -> None:
    """Write rows with these columns, each `name:kind`."""
    names = [column.split(":") for column in columns.split()]
    schema = pa.schema([(name, KINDS[kind]) for name, kind in names])
    arrays = [pa.array([row[at] for row in rows], one.type) for at, one in enumerate(schema)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path)


def _located(built: Path, made: list[Incident]) -> None:
    rows = [
        (
            *(f"incident-{at}", one.city, one.day, one.hour, one.area, one.reason),
            *("point" if one.area else None, None, None, "unknown", "criminal", True),
            *(one.measures[name] for name in MEASURES[1:]),
        )
        for at, one in enumerate(made)
    ]
    columns = (
        "incident_id:text city:text day:day hour:small neighbourhood:text reason:text "
        "located_by:text longitude:number latitude:number gmi:text circumstance:text counted:yes "
        "victims:count fatal:count nonfatal:count homicides:count"
    )
    _write(built / "located.parquet", columns, rows)


def hurt(one: Incident) -> tuple[int, int, int]:
    """Victims, fatal, nonfatal of one incident."""
    return one.fatal + one.nonfatal, one.fatal, one.nonfatal


def write_points(built: Path, rows: list[tuple[Any, ...]]) -> None:
    """Write the points: city, neighbourhood, day, longitude, latitude, precision, then `hurt`."""
    columns = (
        "city:text neighbourhood:text occurred_on:day longitude:number latitude:number "
        "precision:text victims:count fatal:count nonfatal:count"
    )
    _write(built / "points.parquet", columns, rows)


def _aggregates(built: Path, made: list[Incident], through: Mapping[str, date]) -> None:
    daily: dict[tuple[Any, ...], Counter[str]] = {}
    hourly: dict[tuple[Any, ...], Counter[str]] = {}
    for one in made:
        # Counts end where those of their city are complete.
        if one.city not in through or one.day > through[one.city]:
            continue
        key = (one.city, one.area, one.reason)
        daily.setdefault((*key, one.day), Counter()).update(one.measures)
        if one.measures["victims"]:
            when = (one.day.year, one.day.isoweekday(), one.hour)
            hourly.setdefault((*key, *when), Counter()).update(one.measures)
    _write(
        built / "daily.parquet",
        f"{PLACE} day:day {COUNTS}",
        [(*key, *(counts[m] for m in MEASURES)) for key, counts in daily.items()],
    )
    _write(
        built / "hourly.parquet",
        f"{PLACE} year:small weekday:small hour:small incidents:count victims:count",
        [(*key, counts["incidents"], counts["victims"]) for key, counts in hourly.items()],
    )
    _write(
        built / "uncounted.parquet",
        "city:text year:small circumstance:text incidents:count victims:count",
        [(city, 2024, "accident", 2, 3) for city in sorted({one.city for one in made})],
    )


def _recorded(built: Path, made: list[Incident]) -> None:
    counted: dict[tuple[Any, ...], Counter[str]] = {}
    for one in made:
        if one.measures["incidents"]:
            entered = None if one.recorded is None else one.day + timedelta(days=one.recorded)
            counted.setdefault((one.city, one.day, entered), Counter()).update(one.measures)
    _write(
        built / "recorded.parquet",
        "city:text day:day recorded_on:day incidents:count victims:count",
        [(*key, counts["incidents"], counts["victims"]) for key, counts in counted.items()],
    )


def _areas(built: Path, areas: Mapping[str, Iterable[str]]) -> None:
    # The last area of each city has no residents, as some real ones have none.
    rows = []
    for city, names in areas.items():
        listed = list(names)
        for name in listed:
            people = None if name == listed[-1] and len(listed) > 1 else 1000
            rows.append((city, name, people, 1.5))
    columns = "city:text neighbourhood:text population:count area_km2:number"
    _write(built / "areas.parquet", columns, rows)
