"""A release made by hand from a table of incidents, without publish.

The table has city, day, hour, area, reason, fatal, nonfatal, otherwise (killed by
another weapon), recorded (days until it was entered). Everything the built members
hold is counted here by plain loops, so that a query and its expectation share no code.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from longevity import settings as configuration
from longevity.release.manifest import member_of
from longevity.settings import Settings
from tests.factories import ascii_table, configs, extracts

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
MEASURES = ("incidents", "victims", "fatal", "nonfatal", "homicides", "fatal_incidents", "nonfatal_incidents")

Row = dict[str, Any]


def settings(folder: Path) -> Settings:
    """A made-up state with two cities, East before West, and no published facts."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "longevity.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return configs.fix_key(configuration.load_settings(path, home=folder / "home", environment={}))


@dataclass(frozen=True)
class Incident:
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
            "fatal_incidents": 1 if self.fatal else 0,
            "nonfatal_incidents": 1 if shot and not self.fatal else 0,
        }

    @property
    def place(self) -> Row:
        return {"city": self.city, "neighbourhood": self.area, "reason": self.reason}


def total(incidents: Iterable[Incident]) -> dict[str, int]:
    """The measures of some incidents, by a plain loop."""
    summed = dict.fromkeys(MEASURES, 0)
    for incident in incidents:
        for measure, count in incident.measures.items():
            summed[measure] += count
    return summed


def incidents(text: str) -> list[Incident]:
    """Incidents from an ASCII table; columns that are not there are empty."""
    texts = ("city", "area", "reason")
    made = []
    for row in ascii_table.rows(text):
        given = {name: cell if name in texts else int(cell) for name, cell in row.items() if cell and name != "day"}
        made.append(Incident(day=date.fromisoformat(row["day"]), **given))
    return made


@dataclass(frozen=True)
class TinyRelease:
    """What the warehouse asks of a release."""

    id: str
    path: Path
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def synthetic(self) -> bool:
        return self.manifest["kind"] == "synthetic"

    def member(self, name: str) -> Path:
        return self.path / name

    def has(self, name: str) -> bool:
        return self.member(name).exists()


def write(
    folder: Path,
    happened: Iterable[Incident],
    areas: Mapping[str, Iterable[str]],
    through: Mapping[str, date],
    kind: str = "real",
    said: Mapping[str, Any] | None = None,
    **rows: list[Row],
) -> TinyRelease:
    """Write a release: `areas` by city, data-through by city, extracts as rows.

    `said` adds to the manifest. Extracts not given are absent, but for incidents
    and victims, which are empty.
    """
    (folder / "built").mkdir(parents=True)
    (folder / "built" / "boundaries.geojson").write_text('{"features": []}', encoding="utf-8")
    for table, lines in _build(list(happened), areas, through).items():
        write_built(folder, table, lines)
    supplied = {"incidents": [], "victims": [], **rows}
    for name, lines in supplied.items():
        path = folder / member_of(name)
        path.parent.mkdir(exist_ok=True)
        pq.write_table(extracts.table(name, lines), path)
    days = {city: {"day": day.isoformat(), "derived": False} for city, day in through.items()}
    lists = ("checks", "accepted_errors", "ledger", "withdrawn")
    manifest = {
        "release_id": "tiny",
        "kind": kind,
        "published_on": "2026-11-23",
        "program": "A program",
        "data_through": dict.fromkeys(supplied, days),
        "rows": {name: len(lines) for name, lines in supplied.items()},
        "data_from": {},
        "quarantined": {},
        "previous": None,
        **{name: [] for name in lists},
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
PLACE, COUNTS = "city:text neighbourhood:text reason:text", " ".join(f"{name}:count" for name in MEASURES)
BOTH = "incidents:count victims:count"
# What publish builds, with the kinds that it builds.
BUILT = {
    "located": "incident_id:text city:text day:day hour:small neighbourhood:text reason:text located_by:text "
    "longitude:number latitude:number gmi:text circumstance:text counted:yes "
    f"{COUNTS}",
    "points": "city:text neighbourhood:text occurred_on:day longitude:number latitude:number precision:text "
    "victims:count fatal:count nonfatal:count",
    "daily": f"{PLACE} day:day {COUNTS}",
    "hourly": f"{PLACE} year:small weekday:small hour:small {BOTH}",
    "uncounted": f"city:text year:small circumstance:text {BOTH}",
    "recorded": f"city:text day:day recorded_on:day {BOTH}",
    "areas": "city:text neighbourhood:text population:count area_km2:number",
}


def write_built(folder: Path, table: str, rows: list[Row]) -> None:
    """Write the rows of a built table; columns that are not there are missing."""
    columns = [column.split(":") for column in BUILT[table].split()]
    schema = pa.schema([(name, KINDS[kind]) for name, kind in columns])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "built" / f"{table}.parquet")


def _build(
    made: list[Incident], areas: Mapping[str, Iterable[str]], through: Mapping[str, date]
) -> dict[str, list[Row]]:
    known = {"gmi": "unknown", "circumstance": "criminal", "counted": True}
    located = [
        incident.place | {"incident_id": f"incident-{at}", "day": incident.day, "hour": incident.hour}
        | {"located_by": "point" if incident.area else None} | known | incident.measures
        for at, incident in enumerate(made)
    ]  # fmt: skip
    points = [
        row | {"occurred_on": row["day"], "longitude": -72 + at / 100, "latitude": 41 + at / 100, "precision": "block"}
        for at, row in enumerate(located)
        if row["neighbourhood"] and row["victims"]
    ]
    # Counts end where those of their city are complete.
    counted = [incident for incident in made if incident.city in through and incident.day <= through[incident.city]]
    shot = [incident for incident in counted if incident.measures["victims"]]
    return {
        "located": located,
        "points": points,
        "daily": _add_up(counted, lambda one: one.place | {"day": one.day}),
        "hourly": _add_up(
            shot, lambda one: one.place | {"year": one.day.year, "weekday": one.day.isoweekday(), "hour": one.hour}
        ),
        "recorded": _add_up((incident for incident in made if incident.measures["incidents"]), _when_entered),
        "uncounted": [
            {"city": city, "year": 2024, "circumstance": "accident", "incidents": 2, "victims": 3}
            for city in sorted({incident.city for incident in made})
        ],
        "areas": [row for city, names in areas.items() for row in _list_areas(city, list(names))],
    }


def _add_up(happened: Iterable[Incident], describe: Callable[[Incident], Row]) -> list[Row]:
    """The measures of incidents that are described alike, added up by a plain loop."""
    found: dict[tuple[Any, ...], Counter[str]] = {}
    for incident in happened:
        found.setdefault(tuple(describe(incident).items()), Counter()).update(incident.measures)
    return [dict(key) | counts for key, counts in found.items()]


def _when_entered(one: Incident) -> Row:
    entered = None if one.recorded is None else one.day + timedelta(days=one.recorded)
    return {"city": one.city, "day": one.day, "recorded_on": entered}


def _list_areas(city: str, names: list[str]) -> list[Row]:
    """The last area of each city has no residents, as some real ones have none."""
    lonely = names[-1] if len(names) > 1 else None
    return [
        {"city": city, "neighbourhood": name, "population": None if name == lonely else 1000, "area_km2": 1.5}
        for name in names
    ]
