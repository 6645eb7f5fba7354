"""Extracts of one city and year, with men taken for women or as they should be."""

from datetime import date, datetime
from pathlib import Path

from tests.factories import extracts

CITIES = ("new_haven", "hartford", "bridgeport")
SWAPPED = {"male": "female", "female": "male"}


def write_extracts(
    folder: Path, through: date = date(2025, 4, 30), swapped: bool = False, late: int = 0, kind: str = "real"
) -> Path:
    """Write 40 men, 18 women, 8 others and 7 unknown shot in one city in 2024, a few in 2025.

    `late`: women of 2024 more, as entered since.
    """
    sexes = ["male"] * 40 + ["female"] * 18 + ["other"] * 8 + ["unknown"] * 7 + ["female"] * late
    shot = [
        (
            datetime(2024, 1 + n % 12, 2 + n % 26 if n else 1, 13 + n % 10, n % 60),
            SWAPPED.get(sex, sex) if swapped else sex,
        )
        for n, sex in enumerate(sexes)
    ]
    # A source that goes on until the day it says.
    shot += [
        (datetime(2025, month, 28, 20 + month % 3, 11), "unknown")
        for month in range(1, 5)
        if date(2025, month, 28) <= through
    ]
    incidents = [extracts.row("incidents", n, "hartford", occurred_at=at) for n, (at, _) in enumerate(shot)]
    victims = [
        extracts.row("victims", n, "hartford", incident_id=incident["incident_id"], sex=sex)
        for n, (incident, (_, sex)) in enumerate(zip(incidents, shot, strict=True))
    ]
    return extracts.write(folder, kind, through, CITIES, incidents=incidents, victims=victims)
