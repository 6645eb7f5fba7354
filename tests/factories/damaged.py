"""Files that lack something, for what must be found, refused, or named next to what is said."""

from datetime import date, timedelta
from pathlib import Path

from tests.factories import extracts

HOLE = (date(2023, 3, 1), date(2023, 5, 31))  # the first day without a row, and the last
THROUGH = date(2026, 11, 15)


def write_with_a_hole(folder: Path, city: str, other: str) -> None:
    """Write two cities in which somebody is shot every third day, and each fifth is killed; `city`
    lacks three months of 2023.
    """
    days = [(n, THROUGH - timedelta(days=3 * n)) for n in range(590)]
    there = [(day, int(n % 5 > 0), int(n % 5 == 0)) for n, day in days]
    here = [(day, *shot) for day, *shot in there if not HOLE[0] <= day <= HOLE[1]]
    incidents, victims = extracts.incidents_and_victims({city: here, other: there})
    extracts.write(folder, "real", THROUGH, (city, other), incidents=incidents, victims=victims)
