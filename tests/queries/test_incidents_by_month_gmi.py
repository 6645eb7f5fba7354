"""Shooting incidents a month with what the reviews found, by hand and against the rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from longevity.auth.viewers import STATE
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.ascii_table import assert_table

QUERY = "incidents_by_month_gmi"

REVIEWED = """
    incident_id | occurred_at | gmi       | reviewed_on | circumstance
    first       | 2024-01-31  | confirmed | 2024-02-06  | criminal
    second      | 2024-02-29  | suspected | 2024-03-05  | unknown
    third       | 2024-02-01  | none      |             | criminal
    never       | 2024-02-02  | unknown   |             | criminal
    looked_at   | 2024-02-03  | unknown   | 2024-02-10  | criminal
    accident    | 2024-02-04  | confirmed | 2024-02-10  | accident
    unhurt      | 2024-02-05  | confirmed | 2024-02-10  | criminal
    later       | 2024-04-02  | confirmed | 2024-04-20  | criminal
"""
SHOT = "\n".join(
    ["incident_id", "first", "second", "third", "never", "looked_at", "accident", "later"]
)


@pytest.fixture
def warehouse_of_few(tmp_path: Path) -> Any:
    rows = reach_release.rows(incidents=REVIEWED, victims=SHOT)
    days = {name: {"east": date(2024, 4, 15)} for name in ("incidents", "victims")}
    release = reach_release.write(tmp_path / "release", rows, days, {"east": date(2023, 12, 20)})
    opened = Warehouse(release, tiny_release.settings(tmp_path / "config"))
    yield opened
    opened.close()


def test_each_month_by_hand(warehouse_of_few):
    # December is cut by the start, April not over. The review of April 20 is not known yet.
    assert_table(
        warehouse_of_few.run(QUERY, {}, STATE).frame,
        """
        city | month      | days | incidents | reviewed | confirmed | suspected | not_gmi | unknown | complete
        east | 2023-12-01 | 31   | 0         | 0        | 0         | 0         | 0       | 0       | no
        east | 2024-01-01 | 31   | 1         | 1        | 1         | 0         | 0       | 0       | yes
        east | 2024-02-01 | 29   | 4         | 3        | 0         | 1         | 1       | 2       | yes
        east | 2024-03-01 | 31   | 0         | 0        | 0         | 0         | 0       | 0       | yes
        east | 2024-04-01 | 30   | 1         | 0        | 0         | 0         | 0       | 1       | no
        """,  # noqa: E501  # a table is read across
    )


def test_what_a_later_review_found_is_not_known_on_the_day(warehouse_of_few):
    asked = {"as_of": "2024-02-29", "since": "2024-02-02"}
    assert_table(
        warehouse_of_few.run(QUERY, asked, STATE).frame,
        """
        month      | incidents | reviewed | confirmed | suspected | not_gmi | unknown | complete
        2024-02-01 | 3         | 1        | 0         | 0         | 0       | 3       | no
        """,
    )
