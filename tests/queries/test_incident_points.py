"""Points: the newest of each city, how many there are, and none in an older release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE
from longevity.errors import AccessError
from longevity.warehouse.warehouse import Warehouse
from tests.factories import tiny_release
from tests.factories.ascii_table import assert_table
from tests.factories.tiny_release import AREAS

ENDS = {"east": date(2024, 3, 10), "west": date(2024, 3, 10)}
INCIDENTS = """
    city | day        | area    | reason         | fatal | nonfatal | otherwise
    east | 2023-02-28 | Harbour |                | 1     | 2        | 0
    east | 2024-02-29 | Harbour |                | 0     | 1        | 0
    east | 2024-03-01 | Hill    |                | 0     | 0        | 1
    east | 2024-03-02 |         | no_coordinates | 1     | 0        | 0
    east | 2024-03-09 | Hill    |                | 2     | 0        | 0
    west | 2024-02-03 | Mill    |                | 2     | 0        | 1
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    rows = tiny_release.incidents(INCIDENTS)
    release = tiny_release.write(tmp_path / "release", rows, AREAS, ENDS)
    opened = Warehouse(release, tiny_release.settings(tmp_path / "config"))
    yield opened
    opened.close()


def test_the_newest_of_each_city_and_how_many_there_are(warehouse):
    asked = {"date_from": "2023-02-28", "date_until": "2024-03-10", "most": 2}
    assert_table(
        warehouse.run("incident_points", asked, STATE).frame,
        """
        city | number | occurred_on | neighbourhood | victims | fatal | nonfatal | points_of_city
        east | 1      | 2024-03-09  | Hill          | 2       | 2     | 0        | 3
        east | 2      | 2024-02-29  | Harbour       | 1       | 0     | 1        | 3
        west | 1      | 2024-02-03  | Mill          | 2       | 2     | 0        | 1
        """,
    )
    ended = {**asked, "date_until": "2024-03-09"}
    assert warehouse.run("incident_points", ended, STATE).frame["number"].tolist() == [1, 2, 1]
    assert (warehouse.run("incident_points", ended, STATE).frame["occurred_on"].max().day) == 29


def test_they_are_for_the_state_and_each_city_about_its_own(warehouse):
    east = viewers.parse_viewer("city:east", warehouse.settings)
    answer = warehouse.run("incident_points", {}, east)
    assert set(answer.frame["city"]) == {"east"}
    assert answer.provenance.not_for_release
    with pytest.raises(AccessError, match="its own city only"):
        warehouse.run("incident_points", {"city": "west"}, east)
    with pytest.raises(AccessError, match="a place finer than a neighbourhood"):
        warehouse.run("incident_points", {}, PUBLIC)
