"""Rates with intervals: printed tables and plain loops."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from longevity.stats import rates
from longevity.stats.dispersion import Dispersion

# Exact limits for a Poisson count, 95%, as Garwood (1936) tabulates them.
GARWOOD = {
    0: (0.0, 3.69),
    1: (0.0253, 5.57),
    5: (1.62, 11.67),
    10: (4.80, 18.39),
    50: (37.11, 65.92),
}
YEAR = 365.25
CLUSTERED = Dispersion(2.0, 4)


def areas(*rows: tuple[int | None, int | None], city: str = "east") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["victims", "population"]).astype("Int64")
    names = [f"Area {at}" for at in range(len(frame))]
    return frame.assign(city=city, name=names, neighbourhood=names)


@pytest.mark.parametrize("count", GARWOOD)
def test_the_interval_of_a_printed_table(count):
    # 100,000 residents over a year: the rate is the count.
    row = rates.add_rate_intervals(areas((count, 100_000)), "victims", YEAR).iloc[0]
    assert row["rate"] == pytest.approx(count)
    assert (row["rate_low"], row["rate_high"]) == pytest.approx(GARWOOD[count], abs=6e-3)


def poisson_at_most(count: int, mean: float) -> float:
    return sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count + 1))


def test_no_residents_no_rate_and_no_count_no_rate():
    found = rates.add_rate_intervals(areas((3, 0), (3, None), (None, 500), (0, 500)), "victims", 365)
    assert found["rate"].isna().tolist() == [True, True, True, False]
    assert found.loc[3, ["rate", "rate_low"]].tolist() == [0.0, 0.0]
    none = rates.add_rate_intervals(areas((3, 0)), "victims", 365)
    assert none[["rate", "rate_low", "rate_high"]].isna().all(axis=None)


def test_clusters_widen_the_interval_of_a_rate():
    frame = areas((0, 5_000), (3, 5_000), (80, 5_000))
    exact = rates.add_rate_intervals(frame, "victims", 365)
    wide = rates.add_rate_intervals(frame, "victims", 365, CLUSTERED)
    assert (wide["rate_low"] <= exact["rate_low"]).all()
    assert (wide["rate_high"] > exact["rate_high"]).all()
    assert wide["rate"].equals(exact["rate"])
    same = rates.add_rate_intervals(frame, "victims", 365, Dispersion(1.05, 4))
    pd.testing.assert_frame_equal(same, exact)
