"""Extracts of one city and year, with men taken for women or as they should be."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from tests.factories import extracts

CITIES = ("new_haven", "hartford", "bridgeport")
SWAPPED = {"male": "female", "female": "male"}
AGES = {"male": "18-30", "female": "31-64"}


def write_extracts(
    folder: Path,
    through: date = date(2025, 4, 30),
    swapped: bool = False,
    late: int = 0,
    said_otherwise: int = 0,
    codes: str = "v",
    aged: bool = False,
    others: int = 8,
) -> Path:
    """Write 40 men, 18 women, some others and 7 unknown shot in one city in 2024, a few in 2025.

    `late` women more; `said_otherwise` men who are unknown meanwhile; `aged`:
    with bands of the source's own, one for each sex.
    """
    sexes = ["male"] * 40 + ["female"] * 18 + ["other"] * others
    sexes += ["unknown"] * 7 + ["female"] * late
    sexes[:said_otherwise] = ["unknown"] * said_otherwise
    incidents, victims = [], []
    for at, sex in enumerate(sexes):
        one = extracts.row("incidents", at, "hartford")
        one["occurred_at"] = datetime(2024, 1 + at % 12, 2 + at % 26 if at else 1, 20)
        incidents.append(one)
        of, said = one["incident_id"], SWAPPED.get(sex, sex) if swapped else sex
        words = {"sex": said, **({"age_band": AGES.get(said, "unknown")} if aged else {})}
        victims.append(
            extracts.row(
                "victims", at, "hartford", incident_id=of, victim_id=f"{codes}-{at}", **words
            )
        )
    # A source that goes on until the day it says.
    for at in range(1, 5):
        one = extracts.row("incidents", 900 + at, "hartford")
        one["occurred_at"] = datetime(2025, at, 28, 20)
        incidents.append(one)
        of, victim = one["incident_id"], f"{codes}-2025-{at}"
        victims.append(
            extracts.row("victims", 900 + at, "hartford", incident_id=of, victim_id=victim)
        )
    return extracts.write(folder, "real", through, CITIES, incidents=incidents, victims=victims)
