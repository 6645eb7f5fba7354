"""Published homicides: one line a source, gaps as gaps, disagreements named."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd

from longevity.findings.year_to_date import Baseline
from longevity.screens.chart_catalogue import over_time
from longevity.settings import ROOT
from longevity.stats.comparison import Outcome
from tests.factories.findings import find_years

PUBLISHED = pd.DataFrame(
    {
        "place": ["Eastham", "Eastham", "Eastham", "Eastham", "Elsewhere", "Eastham"],
        "year": [2010, 2011, 2013, 2013, 2013, 2015],
        "metric": ["homicides"] * 5 + ["gun_homicides"],
        "value": [5, 7, 9, 8, 99, 3],
        "definition": "any weapon",
        "source_url": ["https://www.a.org/1"] * 3 + ["https://b.org/2"] * 3,
        "note": None,
    }
)
OWN = over_time.select_homicides(PUBLISHED, {"Eastham": "east"})


def test_only_years_of_one_source_that_follow_each_other_are_joined():
    rows = over_time.number_runs(OWN[OWN["source"] == "a.org"])
    assert rows.groupby("run")["year"].agg(list).tolist() == [[2010, 2011], [2013]]


def test_a_year_a_source_gives_twice_has_two_points_and_no_line():
    twice = pd.concat([OWN.head(1).assign(year=2013, value=value) for value in (9, 8)])
    rows = over_time.number_runs(twice)
    assert rows.groupby("run")["value"].agg(list).tolist() == [[8], [9]]


def test_homicides_of_the_programs_cities_alone_are_taken():
    assert OWN["value"].tolist() == [5, 7, 9, 8]
    assert set(OWN["city"]) == {"east"}


# Real published series through the same code as our own counts

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
