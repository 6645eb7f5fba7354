"""A city without lines: its areas are those that its rows name, and the names place its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from longevity.release import incident_places
from longevity.scratch import open_scratch
from longevity.settings import Settings
from tests.factories import extracts

NAMED = ["Hill"] * 6 + ["HILL"] * 2 + ["Mill"] * 2 + ["mill"] * 3 + ["12 Elm St"] * 4


@pytest.fixture
def placed(settings: Settings, tmp_path: Path) -> Counter[tuple[str | None, str | None]]:
    """How many rows of Hartford, each with a point, are in which area, or why in none."""
    bare = replace(settings, reference=tmp_path / "none")
    rows = [
        extracts.row("incidents", at, "hartford", neighbourhood=name)
        | {"longitude": -72.68 + at / 10_000, "latitude": 41.76, "location_precision": "address"}
        for at, name in enumerate([*NAMED, None])
    ]
    incidents = tmp_path / "incidents.parquet"
    pq.write_table(extracts.table("incidents", rows), incidents)
    with open_scratch(tmp_path / "spill") as connection:
        boundaries = incident_places.find_all_boundaries(connection, incidents, bare)
        assert boundaries["hartford"].areas["neighbourhood"].tolist() == ["Hill", "mill"]
        incident_places.place_incidents(connection, incidents, boundaries, bare, {})
        return Counter(connection.execute("SELECT neighbourhood, reason FROM placed").fetchall())


def test_a_name_of_five_rows_is_an_area_however_spelled_and_of_fewer_none(placed):
    assert placed["Hill", None] == 8
    assert placed["mill", None] == 5
    # It may be an address.
    assert placed[None, "no_boundaries"] == 5
    assert placed.total() == len(NAMED) + 1
