"""A file with a publisher's age bands and no race, from import to the answers of screens."""

from __future__ import annotations

import pytest

from longevity import settings as configuration
from longevity.app.publish import publish_release as publish
from longevity.auth.viewers import PUBLIC, STATE
from longevity.checks.check import check_extracts
from longevity.release.store import Store
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import quiet
from tests.drivers.importer import TODAY, Bench
from tests.factories import configs
from tests.factories.violence_release import WEST

MAPPING = """
[source]
data_through = 2026-06-30
data_from = 2025-01-01
[incidents.columns]
incident_id = "case"
city = "city"
occurred_at = "date"
[victims]
holds = ["fatal", "nonfatal"]
[victims.columns]
outcome = { constant = "nonfatal" }
weapon = { constant = "firearm" }
sex = "sex"
age_band = "age"
"""
EAST = ("under 18", "18–30", "18–30", "31 to 64", "65 and over", "Unknown")


@pytest.mark.filterwarnings("ignore")
def test_bands_come_through_as_they_were_given(tmp_path):
    path = configs.write(tmp_path, "[demonstration]", WEST.strip())
    settings = configuration.load_settings(path, home=tmp_path / "home", environment={})
    lines = ["case,city,date,sex,age"]
    for at in range(60):
        year, month = (2025, 1 + at % 12) if at < 40 else (2026, 1 + at % 6)
        day = f"{year}-{month:02}-{11 + at // 12}"
        lines.append(f"e{at},east,{day},male,{EAST[at % 6]}")
        lines.append(f"w{at},west,{day},female,{('<18', '18+')[at % 2]}")
    bench = Bench(tmp_path, settings)
    assert bench.run("\n".join(lines) + "\n", MAPPING).quarantined == 0
    assert not [
        one for one in check_extracts(bench.out, settings, TODAY) if one.severity == "error"
    ]
    publish(bench.out, settings, TODAY, None, quiet)
    store = Store(settings.home)
    warehouse = Warehouse(store.open(str(store.read_current_id())), settings)
    period = {"date_from": "2025-01-01", "date_until": "2026-01-01"}
    live = warehouse.run("victims_by_attribute", period, STATE).frame
    frozen = warehouse.run("public_victims", {"year": 2025}, PUBLIC).frame
    warehouse.close()
    # Forty a city in 2025: a case number that leaves 4 or 5 when divided by six has six of them.
    east = {"0-17": 7, "18-30": 14, "31-64": 7, "65+": 6, "unknown": 6}
    west = {"0-17": 20, "18+": 20, "unknown": 0}
    for frame in (live, frozen):
        for city, expected in (("east", east), ("west", west)):
            own = frame[(frame["city"] == city) & (frame["attribute"] == "age_band")]
            assert dict(zip(own["value"], own["victims"], strict=True)) == expected
            race = frame[(frame["city"] == city) & (frame["attribute"] == "race_ethnicity")]
            assert list(race["value"]) == ["not_supplied"]
            assert race["victims"].isna().all()
