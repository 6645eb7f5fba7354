"""A city's file as its police would send it, and what may happen to it on the way.

`DAMAGES` makes each damage of the sound rows: a file and its mapping, to be imported, checked and
published. Somebody was shot in the file's last week.
"""

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from longevity import settings as configuration
from longevity.geography import reference_neighbourhoods

CITY = "new_haven"
CLAIM = "no one was shot in New Haven last week"
GONE_FAR = 60
# Degrees east that are 1.6 km there, and so many that they are in another part of the state.
EAST, FAR_EAST = 0.0191, 0.8
# Shootings by hour from midnight, as many as in a hundred; the fewest early in the morning.
BY_HOUR = [6, 5.5, 5, 4, 2.5, 1.5, 1, 1, 1, 1.2, 1.5, 2, 2.3, 2.6, 3, 3.5, 4, 4.3, 4.7, 5, 5.5]
BY_HOUR += [6, 6.5, 6.5]
STATED = "[source]\ndata_through = 2026-11-22\n"
COLUMNS = """
[incidents]
address = "address"
[incidents.columns]
incident_id = "case"
city = { constant = "new_haven" }
occurred_at = "at"
longitude = "lon"
latitude = "lat"
location_precision = { constant = "block" }
neighbourhood = "area"
[victims.columns]
outcome = "outcome"
sex = "sex"
weapon = "weapon"
age_band = { from = "age", ages = true }
"""
Row = dict[str, str]


class Damaged(NamedTuple):
    """A file and its mapping."""

    content: bytes
    mapping: str = STATED + COLUMNS


def make_sound() -> list[Row]:
    """Victims of almost four years, about 200 a year, each within 100 metres of an area's middle.

    The last week holds one, wounded.
    """
    draw = random.Random(33)
    areas = reference_neighbourhoods.list_neighbourhoods(configuration.load_settings(environment={}), CITY)
    rows, day = [], datetime(2023, 1, 2)
    while day < datetime(2026, 11, 15):
        area = draw.choice(areas)
        at = day + timedelta(hours=draw.choices(range(24), BY_HOUR)[0], minutes=draw.randrange(60))
        rows.append(
            {
                "case": f"case-{len(rows)}",
                "at": f"{at:%Y-%m-%d %H:%M}",
                "lon": f"{area.longitude + draw.uniform(-0.001, 0.001):.5f}",
                "lat": f"{area.latitude + draw.uniform(-0.001, 0.001):.5f}",
                "address": f"{draw.randrange(1, 900)} Elm St",
                "area": area.name,
                "outcome": "fatal" if draw.random() < 0.2 and day < datetime(2026, 11, 9) else "nonfatal",
                "sex": "male" if draw.random() < 0.8 else "female",
                "weapon": "firearm",
                "age": "23",
            }
        )
        day += timedelta(days=round(draw.expovariate(1 / 1.4)))
    return [*rows, rows[0] | {"case": "last", "at": "2026-11-18 21:10", "outcome": "nonfatal"}]


def write_text(rows: list[Row]) -> bytes:
    """Write rows as a CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _change(rows: list[Row], column: str, change: Callable[[str], str], count: int | None = None) -> list[Row]:
    """Other cells in a column of all rows, or of so many of them evenly through the years."""
    step = 1 if count is None else len(rows) // count
    changed = {row["case"] for row in rows[::step][:count]}
    return [row | {column: change(row[column])} if row["case"] in changed else row for row in rows]


def _take_before(rows: list[Row], day: str) -> list[Row]:
    return [row for row in rows if row["at"] < day]


def _cut(rows: list[Row]) -> bytes:
    whole = write_text(rows)
    return whole[: len(whole) * 8 // 10]


def _mistype(rows: list[Row]) -> list[Row]:
    """A file of September, in which one day of 2025 was typed as one of this November."""
    old = _take_before(rows, "2026-10-01")
    return [*old[:-200], old[-200] | {"at": "2026-11-20 10:00"}, *old[-199:]]


def _begin_early(rows: list[Row]) -> list[Row]:
    return [rows[0] | {"case": "first", "at": "2022-09-01 21:10"}, *rows]


def _shift_east(degrees: float) -> Callable[[str], str]:
    return lambda longitude: f"{float(longitude) + degrees:.5f}"


OTHER_SEX = {"male": "female", "female": "male"}
DAMAGES: dict[str, Callable[[list[Row]], Damaged]] = {
    "none": lambda rows: Damaged(write_text(rows)),
    "cut at 80% of its bytes": lambda rows: Damaged(_cut(rows)),
    "the same, no day stated": lambda rows: Damaged(_cut(rows), COLUMNS),
    "pasted twice": lambda rows: Damaged(write_text([*rows, *rows])),
    "pasted twice, with new keys": lambda rows: Damaged(
        write_text([*rows, *_change(rows, "case", lambda case: f"again-{case}")])
    ),
    "one mistyped date": lambda rows: Damaged(write_text(_mistype(rows)), COLUMNS),
    "the same, a day stated": lambda rows: Damaged(write_text(_mistype(rows))),
    "an age in no row": lambda rows: Damaged(write_text(_change(rows, "age", lambda _: ""))),
    "the column of ages renamed": lambda rows: Damaged(write_text(rows).replace(b",age", b",years", 1)),
    "fatal only": lambda rows: Damaged(write_text([row for row in rows if row["outcome"] == "fatal"])),
    "weapon unknown": lambda rows: Damaged(write_text(_change(rows, "weapon", lambda _: "unknown"))),
    "newest row weeks old": lambda rows: Damaged(write_text(_take_before(rows, "2026-10-20"))),
    # The key of an event of long ago on the one row of last week.
    "key on two days": lambda rows: Damaged(write_text([*rows[:-1], rows[-1] | {"case": rows[500]["case"]}])),
    "local times marked UTC": lambda rows: Damaged(write_text(_change(rows, "at", lambda at: f"{at}:00+00"))),
    "points 1.6 km east": lambda rows: Damaged(write_text(_change(rows, "lon", _shift_east(EAST)))),
    "some points far away": lambda rows: Damaged(write_text(_change(rows, "lon", _shift_east(FAR_EAST), GONE_FAR))),
    "sexes swapped": lambda rows: Damaged(write_text(_change(rows, "sex", lambda sex: OTHER_SEX[sex]))),
    "a quiet beginning": lambda rows: Damaged(write_text(_begin_early(rows))),
    "a quiet beginning, data_from stated": lambda rows: Damaged(
        write_text(_begin_early(rows)), f"{STATED}data_from = 2022-09-01\n{COLUMNS}"
    ),
}


def write(folder: Path, damage: str) -> None:
    """Write the file and its mapping with this damage."""
    content, mapping = DAMAGES[damage](make_sound())
    (folder / "file.csv").write_bytes(content)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")


def list_commands(folder: Path) -> list[list[str]]:
    """List what is typed to import, check, publish and hold the claim against them."""
    file, mapping, out = (str(folder / name) for name in ("file.csv", "mapping.toml", "out"))
    return [
        ["import", file, "--mapping", mapping, "--out", out],
        ["check", out],
        ["publish", "--no-pictures", out],
        ["claim", CLAIM],
    ]
