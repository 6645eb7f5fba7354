"""Each query on people shot against plain loops over random incidents."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.factories import tiny_release
from tests.factories.tiny_release import AREAS, MEASURES, Incident, total

THROUGH = {"east": date(2024, 5, 17), "west": date(2024, 5, 14)}
REASONS = ("no_coordinates", "city_precision", "outside", "no_boundaries")

World = tuple[Warehouse, list[Incident], Settings]


def drawn(seed: int) -> list[Incident]:
    dice = random.Random(seed)
    made = []
    for _ in range(dice.randint(150, 400)):
        city = dice.choice(["east", "west"])
        area = dice.choice([None, *AREAS[city]])
        counts = dice.choice([(1, 0, 0), (0, 1, 0), (0, 3, 0), (2, 1, 0), (0, 0, 1), (1, 1, 2)])
        made.append(
            Incident(
                city,
                date(2021, 12, 25) + timedelta(days=dice.randint(0, 876)),
                dice.choice([None, *range(24)]),
                area,
                None if area else dice.choice(REASONS),
                *counts,
            )
        )
    return made


@pytest.fixture(scope="module", params=[1, 2, 3])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("oracle")
    made = drawn(request.param)
    settings = tiny_release.settings(folder)
    release = tiny_release.write(folder / "release", made, AREAS, THROUGH)
    warehouse = Warehouse(release, settings)
    yield warehouse, made, settings
    warehouse.close()


def rows(
    world: World,
    query: str,
    keys: list[str],
    measures: tuple[str, ...] = MEASURES,
    **params: object,
) -> dict[tuple[object, ...], dict[str, int]]:
    """The answer as a mapping from its keys to its measures."""
    frame = world[0].run(query, params, PUBLIC).frame
    found: dict[tuple[object, ...], dict[str, int]] = {}
    for row in frame.to_dict("records"):
        known = [None if pd.isna(row[k]) else row[k] for k in keys]
        key = tuple(value.date() if hasattr(value, "date") else value for value in known)
        assert key not in found, "two rows of one grain"
        found[key] = {m: int(row[m]) for m in measures}
    return found


def starts(world: World, city: str) -> date:
    return min(i.day for i in world[1] if i.city == city).replace(day=1)


def within(world: World, city: str, first: date, until: date) -> list[Incident]:
    until = min(until, THROUGH[city] + timedelta(days=1))
    return [i for i in world[1] if i.city == city and first <= i.day < until]


@pytest.mark.parametrize("unit", ["city", "neighbourhood"])
def test_any_window_of_any_place(world, unit):
    dice = random.Random(len(world[1]))
    days = [date(2021, 11, 1) + timedelta(days=dice.randint(0, 960)) for _ in range(60)]
    windows = [(day, day + timedelta(days=dice.choice([1, 7, 28, 100, 365]))) for day in days]
    expected = {}
    for first, until in windows:
        for city in AREAS:
            covered = starts(world, city) < until and first <= THROUGH[city]
            for area in AREAS[city] if unit == "neighbourhood" else [None]:
                here = within(world, city, first, until)
                if covered:
                    counted = total(i for i in here if area in (None, i.area))
                    expected[city, area, first, until] = counted
    keys = ["city", "neighbourhood", "date_from", "date_until"]
    assert rows(world, "counts", keys, windows=windows, unit=unit) == expected
