"""A source may say from which day it is complete."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from longevity import settings as configuration
from longevity.app import publish
from longevity.auth import viewers
from longevity.ingest import extracts_file
from longevity.release.store import Store
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import quiet
from tests.factories import extracts

TODAY = date(2016, 1, 5)


FROM = date(2014, 2, 12)
UNTIL = date(2014, 9, 1)
Happened = list[tuple[str, date, int, int]]  # city, day, nonfatal, fatal


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Happened]]:
    """One city complete from FROM, in the middle of a week, month and year; another from before."""
    folder = tmp_path_factory.mktemp("declared")
    settings = configuration.load_settings(home=folder / "home", environment={})
    late, early = list(settings.cities)[:2]
    dice = random.Random(1)
    happened = [
        (dice.choice([late, early]), date(2013, 11, 1) + timedelta(days=dice.randint(0, 303)), n, f)
        for n, f in dice.choices([(1, 0), (2, 1), (0, 1)], k=400)
    ]
    counts: dict[str, list[tuple[date, int, int]]] = {late: [], early: []}
    for city, day, nonfatal, fatal in happened:
        counts[city].append((day, nonfatal, fatal))
    incidents, victims = extracts.incidents_and_victims(counts)
    through = UNTIL - timedelta(days=1)
    cities = [late, early]
    out = extracts.write(
        folder / "e", "real", through, cities, incidents=incidents, victims=victims
    )
    said = extracts_file.read_extracts_file(out, settings)
    said.data_from = {"incidents": {late: FROM}}
    extracts_file.write_extracts_file(out, said)
    publish.publish_release(out, settings, TODAY, None, quiet)
    warehouse = Warehouse(Store(settings.home).current(), settings)
    yield warehouse, [one for one in happened if one[0] != late or one[1] >= FROM]
    warehouse.close()


def _summed(warehouse: Warehouse, query: str, **asked: Any) -> dict[str, int]:
    frame = warehouse.run(query, asked, viewers.PUBLIC).frame
    return {str(city): int(n) for city, n in frame.groupby("city")["victims"].sum().items()}


def _plain(happened: Happened, first: date, until: date) -> dict[str, int]:
    count: Counter[str] = Counter()
    for city, day, nonfatal, fatal in happened:
        if first <= day < until:
            count[city] += nonfatal + fatal
    return dict(count)


@pytest.mark.parametrize(
    ("first", "until"),
    [
        (date(2013, 1, 1), UNTIL),
        (date(2014, 1, 1), date(2014, 3, 1)),
        (date(2014, 2, 11), date(2014, 2, 14)),
        (date(2013, 12, 1), FROM),
        (FROM, UNTIL),
    ],
    ids=str,
)
def test_what_came_before_is_counted_nowhere(declared, first, until):
    warehouse, happened = declared
    got = _summed(warehouse, "unlocated_victims_by_city", date_from=first, date_until=until)
    wanted = _plain(happened, first, until)
    # A city with a day covered has rows, even where they are zero; one without has none.
    covered = [c for c in list(warehouse.settings.cities)[:2] if c in wanted or until > FROM]
    assert got == {city: wanted.get(city, 0) for city in covered}
    # No boundaries are near these points: everything counted is unlocated.
    window = [(first, until)]
    assert _summed(warehouse, "counts", windows=window) == got
    located = _summed(warehouse, "counts", windows=window, unit="neighbourhood")
    assert set(located.values()) <= {0}
    assert set(located) <= set(covered)


def test_what_is_left_out_for_it_is_listed(declared):
    warehouse, happened = declared
    frame = warehouse.run("uncounted_by_circumstance", {}, viewers.STATE).frame
    assert set(frame["circumstance"]) == {"before_data_from"}
    assert set(frame["city"]) == {next(iter(warehouse.settings.cities))}
    assert set(frame["year"]) == {2013, 2014}
    assert frame["incidents"].sum() == 400 - len(happened)


def test_the_source_line_names_the_city_of_which_there_is_nothing(declared):
    warehouse, _ = declared
    late, early = list(warehouse.settings.cities.values())[:2]
    period = {"windows": "2013-11-01..2013-11-30,2013-12-01..2013-12-31"}
    about = warehouse.run("counts", period, viewers.PUBLIC).provenance
    assert about.outside == (late.id,)
    assert f"of {early.name} (of {late.name} nothing in this period)" in about.source
    whole = warehouse.run("counts", {}, viewers.PUBLIC).provenance
    assert whole.outside == ()
    assert f"of {late.name} and {early.name}" in whole.source
