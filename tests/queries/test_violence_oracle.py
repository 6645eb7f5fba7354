"""People shot in any window of any place, against plain loops over random incidents."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import date, timedelta

import pytest

from longevity.auth.viewers import PUBLIC
from longevity.warehouse.warehouse import Warehouse
from tests.factories import tiny_release
from tests.factories.tiny_release import AREAS, MEASURES, Incident, total

THROUGH = {"east": date(2024, 5, 17), "west": date(2024, 5, 14)}
REASONS = ("no_coordinates", "city_precision", "outside", "no_boundaries")


def draw_incidents(dice: random.Random) -> list[Incident]:
    made = []
    for _ in range(dice.randint(150, 400)):
        city = dice.choice(["east", "west"])
        area = dice.choice([None, *AREAS[city]])
        day = date(2022, 1, 1) + timedelta(days=dice.randint(0, 876))
        hour, why = dice.choice([None, *range(24)]), None if area else dice.choice(REASONS)
        counts = dice.choice([(1, 0, 0), (0, 1, 0), (0, 3, 0), (2, 1, 0), (0, 0, 1), (1, 1, 2)])
        made.append(Incident(city, day, hour, area, why, *counts))
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_window_of_any_place(tmp_path, seed):
    dice = random.Random(seed)
    made = draw_incidents(dice)
    starts = {city: min(i.day for i in made if i.city == city).replace(day=1) for city in AREAS}
    days = [date(2021, 11, 1) + timedelta(days=dice.randint(0, 960)) for _ in range(60)]
    windows = [*{(day, day + timedelta(days=dice.choice([1, 7, 28, 100, 365]))) for day in days}]
    release = tiny_release.write(tmp_path / "release", made, AREAS, THROUGH)
    asked = {"city": {city: [None] for city in AREAS}, "neighbourhood": AREAS}
    with closing(Warehouse(release, tiny_release.settings(tmp_path))) as warehouse:
        for unit, places in asked.items():
            frame = warehouse.run("counts", {"windows": windows, "unit": unit}, PUBLIC).frame
            found = [
                (
                    *(row.city, row.neighbourhood if unit == "neighbourhood" else None),
                    *(row.date_from.date(), row.date_until.date()),
                    *(int(getattr(row, measure)) for measure in MEASURES),
                )
                for row in frame.itertuples()
            ]
            expected = set()
            for first, until in windows:
                for city, areas in places.items():
                    if until <= starts[city] or first > THROUGH[city]:
                        continue  # nothing of it is covered
                    here = [
                        i
                        for i in made
                        if i.city == city and first <= i.day < until and i.day <= THROUGH[city]
                    ]
                    for area in areas:
                        counted = total(i for i in here if area in (None, i.area))
                        expected.add((city, area, first, until, *counted.values()))
            assert len(found) == len(expected)
            assert set(found) == expected
