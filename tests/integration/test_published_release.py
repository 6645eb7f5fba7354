"""From extracts through publish to an answer, counted again from the extracts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from longevity.app.publish import publish_release as publish
from longevity.auth.viewers import PUBLIC, STATE
from longevity.release.store import Store
from longevity.warehouse import connection
from longevity.warehouse.warehouse import Warehouse
from tests.factories import extracts, tiny_release

THROUGH = date(2024, 3, 10)
COUNTED = ("criminal", "unknown")


@dataclass(frozen=True)
class Published:
    """A published release, and the rows it was made from."""

    warehouse: Warehouse
    incidents: list[dict[str, Any]]
    victims: list[dict[str, Any]]


def drawn() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    dice = random.Random(11)
    incidents, victims = [], []
    for number in range(250):
        city = dice.choice(["east", "west"])
        day = date(2022, 1, 1) + timedelta(days=dice.randint(0, 799))
        incidents.append(
            extracts.row(
                "incidents",
                number,
                city,
                occurred_at=datetime(day.year, day.month, day.day, dice.randint(0, 23)),
                occurred_precision=dice.choice(["minute", "day"]),
                location_precision=dice.choice(["block", "city"]),
                circumstance=dice.choice(["criminal", "criminal", "unknown", "accident"]),
            )
        )
        for _ in range(dice.choice([0, 1, 1, 1, 3])):
            outcome = dice.choice(["fatal", "nonfatal"])
            victims.append(
                extracts.row(
                    "victims",
                    len(victims),
                    city,
                    incident_id=incidents[-1]["incident_id"],
                    outcome=outcome,
                    weapon=dice.choice(["firearm", "firearm", "knife"])
                    if outcome == "fatal"
                    else "firearm",
                )
            )
    return incidents, victims


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder: Path = tmp_path_factory.mktemp("published")
    settings = tiny_release.settings(folder)
    incidents, victims = drawn()
    source = extracts.write(
        folder / "source",
        through=THROUGH,
        cities=list(settings.cities),
        incidents=incidents,
        victims=victims,
    )
    publish(source, settings, THROUGH + timedelta(days=1))
    warehouse = Warehouse(Store(settings.home).current(), settings)
    yield Published(warehouse, incidents, victims)
    warehouse.close()


def counted(published: Published, city: str, year: int) -> dict[str, int]:
    """The measures of one city and year, by a loop over the extracts' rows."""
    counts = dict.fromkeys(tiny_release.MEASURES, 0)
    for incident in published.incidents:
        if incident["city"] != city or incident["occurred_at"].year != year:
            continue
        if incident["circumstance"] not in COUNTED:
            continue
        hurt = [v for v in published.victims if v["incident_id"] == incident["incident_id"]]
        shot = [v for v in hurt if v["weapon"] == "firearm"]
        counts["incidents"] += bool(shot)
        counts["victims"] += len(shot)
        counts["fatal"] += sum(v["outcome"] == "fatal" for v in shot)
        counts["nonfatal"] += sum(v["outcome"] == "nonfatal" for v in shot)
        counts["homicides"] += sum(v["outcome"] == "fatal" for v in hurt)
    return counts


def test_years_are_what_a_loop_over_the_extracts_counts(published: Published) -> None:
    frame = published.warehouse.run("victims_by_year", {}, PUBLIC).frame
    assert len(frame) == 6
    for row in frame.to_dict("records"):
        expected = counted(published, row["city"], row["year"])
        assert {m: row[m] for m in tiny_release.MEASURES} == expected


def test_located_and_unlocated_are_all(published: Published) -> None:
    parts = [
        published.warehouse.run(name, {}, PUBLIC).frame[list(tiny_release.MEASURES)].sum()
        for name in ("victims_by_neighbourhood", "unlocated_victims_by_city", "victims_by_day")
    ]
    assert (parts[0] + parts[1]).to_dict() == parts[2].to_dict()
    assert parts[2]["victims"] > 100


def test_each_counted_incident_has_its_hour_or_none(published: Published) -> None:
    frame = published.warehouse.run("incidents_by_hour_and_weekday", {}, PUBLIC).frame
    known = frame[frame["hour"].notna()]["victims"].sum()
    expected = sum(
        incident["occurred_precision"] == "minute"
        for victim in published.victims
        for incident in published.incidents
        if incident["incident_id"] == victim["incident_id"]
        and incident["circumstance"] in COUNTED
        and victim["weapon"] == "firearm"
    )
    assert known == expected
    assert frame["victims"].sum() > expected


def test_data_through_and_rows_are_the_manifests(published: Published) -> None:
    frame = published.warehouse.run("data_through_by_extract", {}, PUBLIC).frame
    supplied = frame[frame["supplied"]]
    assert set(supplied["extract"]) == {"incidents", "victims"}
    assert {day.date() for day in supplied["data_through"]} == {THROUGH}
    rows = published.warehouse.run("rows_by_extract", {}, STATE).frame
    assert rows.groupby("extract")["rows"].sum().to_dict() == {
        "incidents": len(published.incidents),
        "victims": len(published.victims),
    }


def test_what_publish_keeps_opens_in_every_scope(published: Published) -> None:
    release, settings = published.warehouse.release, published.warehouse.settings
    for scope, cities in (("east", {"east"}), ("state", {"east", "west"})):
        opened = connection.open_with_tables(release, settings, scope)
        rows = opened.execute("SELECT DISTINCT city FROM located").fetchall()
        opened.close()
        assert {city for (city,) in rows} == cities
