"""What the newest weeks held when first published: counted, carried, compared, and told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.release import first_published
from longevity.release.store import Release, Store
from longevity.settings import Settings
from longevity.text.reporting_delay import describe_growth_in_releases
from longevity.warehouse.warehouse import Warehouse
from tests.factories import tiny_release
from tests.factories.ascii_table import assert_table
from tests.factories.tiny_release import AREAS


def report(through: str, city: str, ending: str, incidents: int) -> first_published.Report:
    return {"through": through, "city": city, "week_ending": ending, "incidents": incidents}


@pytest.mark.parametrize("seed", range(3))
def test_weeks_are_counted_as_plain_loops_count_them(tmp_path: Path, seed: int) -> None:
    settings = tiny_release.settings(tmp_path)
    dice = random.Random(seed)
    days = [
        (dice.choice(["east", "west"]), date(2024, 1, 1) + timedelta(days=dice.randint(0, 120)))
        for _ in range(150)
    ]
    daily = tmp_path / "daily.parquet"
    pq.write_table(
        pa.table(
            {
                "city": [city for city, _ in days],
                "day": pa.array([day for _, day in days], pa.date32()),
                "incidents": [1] * len(days),
            }
        ),
        daily,
    )
    ends = {"east": date(2024, 4, 17), "west": date(2024, 4, 20)}
    found = first_published.count_newest_weeks(duckdb.connect(), daily, ends, settings)
    assert len(found) == 2 * first_published.WEEKS
    for one in found:
        ending = date.fromisoformat(one["week_ending"])
        assert ending.isoweekday() == settings.cities[one["city"]].week_ends_iso
        assert ending <= ends[one["city"]]
        assert one["incidents"] == sum(
            city == one["city"] and 0 <= (ending - day).days < 7 for city, day in days
        )


def test_of_two_releases_through_one_day_the_first_report_stands() -> None:
    before = [report("2024-01-07", "east", "2024-01-07", 3)]
    now = [report("2024-01-07", "east", "2024-01-07", 5), report("2024-01-14", "east", "x", 1)]
    assert [one["incidents"] for one in first_published.merge_reports(before, now)] == [3, 1]


def test_only_so_many_releases_are_carried() -> None:
    days = [(date(2020, 1, 5) + timedelta(weeks=at)).isoformat() for at in range(70)]
    kept: list[first_published.Report] = []
    for day in days:
        kept = first_published.merge_reports(kept, [report(day, "east", day, 1)])
    assert [one["through"] for one in kept] == days[-first_published.KEPT :]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    incidents = """
        city | day        | area | nonfatal
        east | 2024-01-02 | Hill | 1
        east | 2024-02-27 | Hill | 2
        east | 2024-03-03 | Hill | 1
        east | 2024-03-08 | Hill | 1
    """
    weeks = [
        report("2024-03-05", "east", "2024-03-03", 1),
        report("2024-03-05", "east", "2024-02-25", 0),
        report("2024-06-25", "east", "2024-06-23", 4),
    ]
    release = tiny_release.write(
        tmp_path / "release",
        tiny_release.incidents(incidents),
        AREAS,
        {"east": date(2024, 6, 30), "west": date(2024, 6, 30)},
        said={"reported_weeks": weeks},
    )
    opened = Warehouse(release, tiny_release.settings(tmp_path / "config"))
    yield opened
    opened.close()


def test_a_week_as_first_published_stands_beside_the_week_of_today(warehouse: Warehouse) -> None:
    # The report of five days ago has had no time to grow.
    assert_table(
        warehouse.run("weeks_as_first_published", {}, PUBLIC).frame,
        """
        city | through    | week_ending | age_weeks | incidents_then | incidents_now
        east | 2024-03-05 | 2024-02-25  | 1         | 0              | 0
        east | 2024-03-05 | 2024-03-03  | 0         | 1              | 2
        """,
    )


@pytest.mark.parametrize(("releases", "said"), [(7, ""), (8, "In 8 releases the newest week held")])
def test_releases_are_told_of_once_there_are_eight(releases: int, said: str) -> None:
    frame = pd.DataFrame(
        {
            "through": pd.date_range("2024-01-07", periods=releases, freq="7D"),
            "age_weeks": 0,
            "incidents_then": 3,
            "incidents_now": 4,
        }
    )
    older = frame.assign(age_weeks=1, incidents_then=100, incidents_now=100)
    sentence = describe_growth_in_releases(pd.concat([frame, older]))
    assert sentence.startswith(said)
    assert bool(sentence) == bool(said)
    if said:
        assert sentence.endswith("24 shootings; the same weeks hold 32 today.")


def test_weeks_are_carried_from_release_to_release_as_they_were_first_told(
    published: Settings, release: Release
) -> None:
    weeks = release.manifest["reported_weeks"]
    days = sorted({one["through"] for one in weeks})
    assert len(days) == 2
    older = Store(published.home).open(release.manifest["previous"])
    assert older.manifest["reported_weeks"] == [w for w in weeks if w["through"] == days[0]]
