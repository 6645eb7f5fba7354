"""Extracts of one city and year, with men taken for women or as they should be."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from tests.factories import extracts

CITIES = ("new_haven", "hartford", "bridgeport")
SWAPPED = {"male": "female", "female": "male"}


def write_extracts(folder: Path, through: date = date(2025, 4, 30), swapped: bool = False, late: int = 0) -> Path:
    """Write 40 men, 18 women, 8 others and 7 unknown shot in one city in 2024, a few in 2025.

    `late`: women of 2024 more, as entered since.
    """
    sexes = ["male"] * 40 + ["female"] * 18 + ["other"] * 8 + ["unknown"] * 7
    sexes += ["female"] * late
    incidents, victims = [], []
    for number, sex in enumerate(sexes):
        incident = extracts.row("incidents", number, "hartford")
        day = 2 + number % 26 if number else 1
        incident["occurred_at"] = datetime(2024, 1 + number % 12, day, 13 + number % 10, number % 60)
        incidents.append(incident)
        words = {
            "incident_id": incident["incident_id"],
            "victim_id": f"v-{number}",
            "sex": SWAPPED.get(sex, sex) if swapped else sex,
        }
        victims.append(extracts.row("victims", number, "hartford", **words))
    # A source that goes on until the day it says.
    for month in range(1, 5):
        incident = extracts.row("incidents", 900 + month, "hartford")
        incident["occurred_at"] = datetime(2025, month, 28, 20 + month % 3, 11)
        incidents.append(incident)
        words = {"incident_id": incident["incident_id"], "victim_id": f"v-2025-{month}"}
        victims.append(extracts.row("victims", 900 + month, "hartford", **words))
    return extracts.write(folder, "real", through, CITIES, incidents=incidents, victims=victims)
