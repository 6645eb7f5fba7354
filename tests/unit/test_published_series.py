"""Real published series through the same code as our own counts."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest

from longevity.settings import ROOT
from longevity.stats import baselines, windows
from longevity.stats.baselines import Baseline
from longevity.stats.comparison import Outcome

REFERENCE = ROOT / "data" / "reference"


@pytest.fixture(scope="module")
def months() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "monthly_murders.csv")


def by_hand(month: int) -> dict[tuple[str, int], int]:
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


@pytest.mark.parametrize("month", [1, 6, 12])
def test_blank_months_stay_blank(months: pd.DataFrame, month: int) -> None:
    found = windows.months_to_date(months, "murders", month)
    got = {(row.city, row.year): row.murders for row in found.itertuples()}
    expected = by_hand(month)
    assert got == expected
    assert expected
    assert len(expected) < len(months[["city", "year"]].drop_duplicates())


def test_a_city_that_did_not_report_is_not_called_safe(months: pd.DataFrame) -> None:
    half = windows.months_to_date(months, "murders", 6)
    cities = sorted(months["city"].unique())
    launches = dict.fromkeys(cities, date(2012, 11, 26))
    for told in baselines.year_to_date(half, "murders", date(2026, 6, 30), launches, {}):
        own = half[half["city"] == told.city].set_index("year")["murders"]
        for against in told.against:
            known = (
                told.current is not None and against.years and set(against.years) <= set(own.index)
            )
            if told.city in cities:
                assert (against.comparison.outcome is not Outcome.UNKNOWN) == bool(known)
            if against.baseline is Baseline.BEFORE:
                assert against.comparison.outcome is Outcome.UNKNOWN
