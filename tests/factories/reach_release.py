"""A release made by hand from the program's rows, and a random one."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from longevity.facts.age_bands import AGE_BANDS
from longevity.ingest.contract import BY_NAME, Column, Extract, Kind
from tests.factories import ascii_table, extracts, tiny_release
from tests.factories.tiny_release import AREAS, TinyRelease

Rows = dict[str, list[dict[str, Any]]]


class World(NamedTuple):
    """Rows of each extract, and by extract and city the last day they are complete for."""

    rows: Rows
    through: dict[str, dict[str, date]]


LAST = date(2024, 6, 30)


def rows(**tables: str) -> Rows:
    """Rows of extracts from ASCII tables; columns not there are filled in as valid."""

    def make(name: str, at: int, line: dict[str, str]) -> dict[str, Any]:
        city = line.pop("city", "east")
        return extracts.row(name, at, city, **{column: _read(name, column, cell) for column, cell in line.items()})

    return {
        name: [make(name, at, line) for at, line in enumerate(ascii_table.rows(text), start=1)]
        for name, text in tables.items()
    }


READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.DAY: date.fromisoformat,
    Kind.MOMENT: datetime.fromisoformat,
    Kind.BOOLEAN: lambda cell: cell == "yes",
    Kind.INTEGER: int,
    Kind.DECIMAL: float,
}


def _read(extract: str, column: str, cell: str) -> Any:
    return READERS.get(BY_NAME[extract].column(column).kind, str)(cell) if cell else None


def write(
    folder: Path,
    given: Rows,
    through: Mapping[str, Mapping[str, date]],
    starts: Mapping[str, date] | None = None,
    begins: Mapping[str, Mapping[str, date]] | None = None,
    derived: Sequence[str] = (),
) -> TinyRelease:
    """A release holding these rows; `through` maps extract to city to its last day.

    `starts`: the day a city's incidents are said to be complete from; `begins` that of others;
    `derived`: the extracts whose last day was not stated.
    """
    said = {
        name: {city: {"day": day.isoformat(), "derived": name in derived} for city, day in days.items()}
        for name, days in through.items()
    }
    begun = {
        name: {city: day.isoformat() for city, day in days.items()}
        for name, days in {"incidents": starts or {}, **(begins or {})}.items()
    }
    known = {"data_through": said, "data_from": begun}
    release = tiny_release.write(folder, [], AREAS, {}, said=known, **given)
    tiny_release.write_built(folder, "located", _locate(given))
    one_wounded = {"longitude": -72.5, "latitude": 41.5, "precision": "block", "victims": 1, "fatal": 0, "nonfatal": 1}
    points = [
        {"city": row["city"], "neighbourhood": AREAS[row["city"]][0], "occurred_on": row["occurred_at"].date()}
        | one_wounded
        for row in given.get("incidents", [])
    ]
    tiny_release.write_built(folder, "points", points)
    return release


def _locate(given: Rows) -> list[dict[str, Any]]:
    """The incidents as they are located: nowhere, each with its people shot."""
    shot = Counter((v["city"], v["incident_id"]) for v in given.get("victims", []) if v["weapon"] == "firearm")
    return [
        row
        | {
            "day": row["occurred_at"].date(),
            "neighbourhood": None,
            "counted": row["circumstance"] in ("criminal", "unknown"),
            "victims": shot[row["city"], row["incident_id"]],
        }
        for row in given.get("incidents", [])
    ]


CODES = {"person_id": 9, "group_id": 5, "call_in_id": 7, "incident_id": 25}
SIZES = {"call_ins": 7, "incidents": 25, "people": 9}
ALSO = {"succeeded_by": "group_id", "trigger_incident_id": "incident_id"}
FIRST = date(2022, 11, 1)


def draw_world(seed: int) -> World:
    """Draw random rows: every choice, missing days, circles of successors. A code says its city."""
    dice = random.Random(seed)
    made: Rows = {name: [] for name in BY_NAME}
    after: dict[str, str | None] = {}  # a group has one successor whatever the audit
    for name, extract in BY_NAME.items():
        seen = set()
        for city, at in itertools.product(AREAS, range(SIZES.get(name, 40))):
            row = extracts.row(name, at, city)
            for column in extract.columns:
                value = _drawn(dice, extract, column, at, row[column.name])
                is_code = column.kind is Kind.CODE and value is not None
                row[column.name] = f"{city}:{value}" if is_code else value
            for earlier, later in extract.in_order:
                if None not in (row[earlier], row[later]) and not isinstance(row[earlier], datetime):
                    row[earlier], row[later] = sorted((row[earlier], row[later]))
            if name == "budget":
                row["fiscal_year"], row["source"] = dice.randint(2022, 2026), dice.choice("abc")
            if name == "groups":
                itself = row["group_id"]
                successor = after.setdefault(itself, row["succeeded_by"])
                row["succeeded_by"] = after[itself] = None if successor == itself else successor
            key = (city, *(row[column] for column in extract.key))
            if key not in seen:
                seen.add(key)
                made[name].append(row)
    last = FIRST + timedelta(days=600)
    through = {name: {city: last - timedelta(days=dice.randint(0, 9)) for city in AREAS} for name in BY_NAME}
    return World(made, through)


def _drawn(dice: random.Random, extract: Extract, column: Column, at: int, usual: Any) -> Any:
    """One value; the same code may be in both cities, where it is two things."""
    code = ALSO.get(column.name, column.name)
    if extract.name in SIZES and column.name in extract.key:
        return f"{code}-{at}"
    if column.choices:
        return dice.choice(column.choices)
    if column.kind is Kind.BAND:
        return dice.choice(AGE_BANDS)
    missing = 0.7 if column.name == "succeeded_by" else 0.25
    optional = not column.required and column.name not in extract.key
    if optional and dice.random() < missing:
        return None
    if code in CODES:
        return f"{code}-{dice.randrange(CODES[code])}"
    day = FIRST + timedelta(days=dice.randint(0, 620))
    return {
        Kind.DAY: day,
        Kind.MOMENT: datetime(day.year, day.month, day.day, 21),
        Kind.INTEGER: dice.randint(0, 4),
        Kind.DECIMAL: float(dice.randint(0, 90)),
        Kind.BOOLEAN: dice.random() < 0.7,
    }.get(column.kind, usual)
