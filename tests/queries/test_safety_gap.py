"""The safety gap of the demonstration against plain loops over what each day holds."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import pyarrow.parquet as pq
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.release.store import Release
from longevity.reports.chart_catalogue import city_comparison
from longevity.reports.context import ReportContext
from longevity.settings import ROOT
from longevity.stats.safety_gap import Gap, Reason
from tests.conftest import TODAY
from tests.oracles import safety_gap_oracle


def read_residents() -> dict[str, dict[str, int]]:
    """Return the residents of each city's areas that have any, as the facts give them."""
    residents: dict[str, dict[str, int]] = defaultdict(dict)
    path = ROOT / "data" / "reference" / "neighbourhoods.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["population"]:
                residents[row["city"]][row["neighbourhood"]] = int(row["population"])
    return residents


def count_shot(release: Release) -> Counter[tuple[str, str, int]]:
    """Return the people shot by city, area and year, from the days of the release."""
    shot: Counter[tuple[str, str, int]] = Counter()
    for row in pq.read_table(release.member("built/daily.parquet")).to_pylist():
        if row["neighbourhood"] is not None:
            shot[row["city"], row["neighbourhood"], row["day"].year] += row["victims"]
    return shot


def test_the_demonstration_as_plain_loops_find_it(warehouse, published, release):
    found, _ = city_comparison.measure_safety_gaps(
        ReportContext(published, PUBLIC, warehouse, TODAY)
    )
    residents, shot = read_residents(), count_shot(release)
    assert set(found) == set(published.cities) == set(residents)
    for city, gap in found.items():
        people = residents[city]
        own = {(area, year): shot[city, area, year] for area in people for year in gap.years}
        naive = {year: safety_gap_oracle.find_naive(people, own, year) for year in gap.years}
        assert list(gap.years) == list(range(2008, 2026))  # 2026 is not over
        for year, each in gap.years.items():
            expected = naive[year]
            if expected is None:
                assert each is Reason.FEW_YEARS
                assert year < 2011
                continue
            assert isinstance(each, Gap)
            areas = tuple(map(set, each.fifths.areas))
            assert areas == (expected.most_areas, expected.least_areas)
            ratio, scale = each.ratio, expected.least[1] / expected.most[1]
            if expected.least[0]:
                assert ratio.ratio == pytest.approx(expected.most[0] / expected.least[0] * scale)
        assert gap.newest is not None
        assert gap.earlier is not None
        for period, years in ((gap.newest, (2023, 2024, 2025)), (gap.earlier, (2016, 2017, 2018))):
            for fifth, name in ((period.fifths.most, "most"), (period.fifths.least, "least")):
                pairs = [getattr(naive[year], name) for year in years]
                assert fifth.victims == sum(victims for victims, _ in pairs)
