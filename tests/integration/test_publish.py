"""Publish: what is built from extracts, and how it comes to be served."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from longevity.release.publish import publish
from longevity.release.store import Store
from longevity.settings import Settings
from tests import extracts
from tests.conftest import TODAY, UNTIL

CITIES = ("new_haven", "hartford", "bridgeport")


def small(directory: Path, kind: str = "real") -> Path:
    incidents, victims = extracts.incidents_and_victims(
        {
            "new_haven": [(date(2020, 6, 1), 1, 1), (date(2020, 7, 1), 2, 0)],
            "hartford": [(date(2020, 6, 1), 1, 0)],
            "bridgeport": [(date(2021, 1, 1), 0, 1)],
        },
        {"new_haven": (-72.9465, 41.3265)},
    )
    return extracts.write(directory, kind, UNTIL, CITIES, incidents=incidents, victims=victims)


def test_a_published_release_is_served_with_its_counts(tmp_path: Path, settings: Settings) -> None:
    report = publish(small(tmp_path / "in"), settings, TODAY)
    release = Store(settings.home).current()
    daily = pq.read_table(release.member("built/daily.parquet")).to_pylist()
    assert release.id == report.release_id
    assert sum(row["victims"] for row in daily) == 6
