"""Real published series through the same code as our own counts."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd

from longevity.findings.year_to_date import Baseline
from longevity.settings import ROOT
from longevity.stats.comparison import Outcome
from tests.factories.findings import find_years

REFERENCE = ROOT / "data" / "reference"


def count_to(month: int) -> dict[tuple[str, int], int]:
    """Sums of the file's lines, a year dropped at its first blank month."""
    seen: dict[tuple[str, int], list[str]] = {}
    with (REFERENCE / "monthly_murders.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if int(line["month"]) <= month:
                seen.setdefault((line["city"], int(line["year"])), []).append(line["murders"])
    return {
        key: sum(int(float(cell)) for cell in cells)
        for key, cells in seen.items()
        if len(cells) == month and all(cell.strip() for cell in cells)
    }


def test_a_city_that_did_not_report_is_not_called_safe():
    half = pd.DataFrame(
        [(city, year, count) for (city, year), count in count_to(6).items()],
        columns=["city", "year", "homicides"],
    )
    cities = sorted(pd.read_csv(REFERENCE / "monthly_murders.csv")["city"].unique())
    launches = dict.fromkeys(cities, date(2012, 11, 26))
    found = find_years(half, date(2026, 6, 30), launches, measure="homicides")
    for city in cities:
        own = half[half["city"] == city].set_index("year")["homicides"]
        for baseline, held in found[city].against.items():
            years = {first.year for first, _ in held.against.windows}
            known = isinstance(held.now, int) and years and years <= set(own.index)
            assert (held.tested.outcome is not Outcome.UNKNOWN) == bool(known)
            if baseline is Baseline.BEFORE:
                assert held.tested.outcome is Outcome.UNKNOWN
