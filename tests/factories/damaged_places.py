"""A city's file as its police would send it, and damages of its places, times and sexes.

`DAMAGES` holds each by name: the file and its mapping, to be imported, checked and published.
"""

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from longevity.geography import reference_neighbourhoods
from longevity.settings import Settings

CITY = "new_haven"
GONE_FAR = 60
# Degrees east that are 1.6 km there, and so many that they are in another part of the state.
EAST, FAR_EAST = 0.0191, 0.8
# Shootings by hour from midnight, as many as in a hundred; the fewest early in the morning.
BY_HOUR = [6, 5.5, 5, 4, 2.5, 1.5, 1, 1, 1, 1.2, 1.5, 2, 2.3, 2.6, 3, 3.5, 4, 4.3, 4.7, 5, 5.5]
BY_HOUR += [6, 6.5, 6.5]
MAPPING = """
[source]
data_through = 2026-11-22
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
weapon = { constant = "firearm" }
"""
Row = dict[str, str]


class Damaged(NamedTuple):
    """A file and its mapping."""

    content: str
    mapping: str = MAPPING


def write_sound(settings: Settings) -> list[Row]:
    """Make about 750 victims of almost four years, each within 100 metres of an area's middle."""
    draw = random.Random(33)
    areas = reference_neighbourhoods.list_neighbourhoods(settings, CITY)
    rows, day = [], datetime(2023, 1, 2)
    while day < datetime(2026, 11, 22):
        area = draw.choice(areas)
        hour = draw.choices(range(24), BY_HOUR)[0]
        rows.append(
            {
                "case": f"case-{len(rows)}",
                "at": f"{day + timedelta(hours=hour, minutes=draw.randrange(60)):%Y-%m-%d %H:%M}",
                "lon": f"{area.longitude + draw.uniform(-0.001, 0.001):.5f}",
                "lat": f"{area.latitude + draw.uniform(-0.001, 0.001):.5f}",
                "address": f"{draw.randrange(1, 900)} Elm St",
                "area": area.name,
                "outcome": "fatal" if draw.random() < 0.2 else "nonfatal",
                "sex": "male" if draw.random() < 0.8 else "female",
            }
        )
        day += timedelta(days=round(draw.expovariate(1 / 1.2)))
    return rows


def write_text(rows: list[Row]) -> str:
    """Write rows as a CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def list_cases(rows: list[Row], many: int) -> set[str]:
    """Return the codes of so many rows, evenly through the years."""
    return {row["case"] for row in rows[:: len(rows) // many][:many]}


def _shift_east(rows: list[Row], degrees: float, moved: set[str]) -> list[Row]:
    return [row | {"lon": f"{float(row['lon']) + degrees:.5f}"} if row["case"] in moved else row for row in rows]


def _swap_sexes(rows: list[Row]) -> list[Row]:
    other = {"male": "female", "female": "male"}
    return [row | {"sex": other[row["sex"]]} for row in rows]


def _begin_early(rows: list[Row]) -> list[Row]:
    return [rows[0] | {"case": "first", "at": "2022-09-01 21:10"}, *rows]


_WITH_DATA_FROM = MAPPING.replace("[source]", "[source]\ndata_from = 2022-09-01")
DAMAGES: dict[str, Callable[[list[Row]], Damaged]] = {
    "none": lambda rows: Damaged(write_text(rows)),
    "local times marked UTC": lambda rows: Damaged(write_text([row | {"at": f"{row['at']}:00+00"} for row in rows])),
    "points 1.6 km east": lambda rows: Damaged(write_text(_shift_east(rows, EAST, list_cases(rows, len(rows))))),
    "some points far away": lambda rows: Damaged(write_text(_shift_east(rows, FAR_EAST, list_cases(rows, GONE_FAR)))),
    "sexes swapped": lambda rows: Damaged(write_text(_swap_sexes(rows))),
    "a quiet beginning": lambda rows: Damaged(write_text(_begin_early(rows))),
    "a quiet beginning, data_from stated": lambda rows: Damaged(write_text(_begin_early(rows)), _WITH_DATA_FROM),
}
