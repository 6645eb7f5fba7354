"""Comparisons of two counts, a second way: binomial sums by hand, published pairs, and the model itself."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from longevity.stats import rates
from longevity.stats.comparison import Outcome, compare, judge_by
from longevity.stats.dispersion import Dispersion
from tests.factories.ascii_table import rows


def below(current, happened, share):
    """P(X ≤ current) of the binomial, as a sum of whole fractions."""
    return sum(
        (math.comb(happened, k) * share**k * (1 - share) ** (happened - k) for k in range(current + 1)), Fraction(0)
    )


@pytest.mark.parametrize(("current", "previous", "before"), [(5, 12, 1), (9, 14, 3), (0, 7, 1), (4, 0, 2), (3, 60, 5)])
def test_against_sums_of_fractions(current, previous, before):
    found = compare(current, previous, 1, before)
    happened, share = current + previous, Fraction(1, 1 + before)
    tails = [below(current, happened, share), 1 - below(current - 1, happened, share)]
    assert found.p_value == pytest.approx(float(min(Fraction(1), 2 * min(tails))), rel=1e-9)
    # A bound is the ratio at which what was seen is just as unlikely as 1 in 40.
    for bound, tail in ((found.low, 1), (found.high, 0)):
        if not bound:
            continue
        at = Fraction(bound) / before / (1 + Fraction(bound) / before)
        seen = 1 - below(current - 1, happened, at) if tail else below(current, happened, at)
        assert float(seen) == pytest.approx(0.025, rel=1e-6)
    assert found.ratio == (pytest.approx(current / previous * before) if previous else None)


EDGES = """
now | before | time | time before | outcome | ratio | low | high
0   | 0      | 1    | 1           | none    | -     | 0.0 | -
0   | 3      | 1    | 1           | unclear | 0.0   | 0.0 | 2.4
0   | 6      | 1    | 1           | down    | 0.0   | 0.0 | 0.8
3   | 0      | 1    | 1           | unclear | -     | 0.4 | -
6   | 0      | 1    | 1           | up      | -     | 1.2 | -
5   | 5      | 0    | 1           | unknown | -     | -   | -
5   | 5      | 1    | 0           | unknown | -     | -   | -
5   | -      | 1    | 1           | unknown | -     | -   | -
-   | 5      | 1    | 1           | unknown | -     | -   | -
"""


@pytest.mark.parametrize("edge", rows(EDGES), ids=lambda e: f"{e['now']} on {e['before']}")
def test_zero_nothing_and_missing_are_kept_apart(edge):
    def count(cell: str) -> int | None:
        return None if cell == "-" else int(cell)

    def bound(value: float | None) -> str:
        return "-" if value is None else f"{value:.1f}"

    found = compare(count(edge["now"]), count(edge["before"]), int(edge["time"]), int(edge["time before"]))
    assert found.outcome.value == edge["outcome"]
    assert [bound(v) for v in (found.ratio, found.low, found.high)] == [edge["ratio"], edge["low"], edge["high"]]


def test_endless_and_unspeakable_exposures_give_no_figure():
    for wrong in (math.inf, math.nan, -1.0):
        assert compare(3, 4, wrong, 1).outcome is Outcome.UNKNOWN
        assert compare(3, 4, 1, wrong).outcome is Outcome.UNKNOWN


def test_the_widened_interval_is_that_of_the_quasi_poisson_model():
    # With many events the score interval and the model's own are the same thing.
    current, previous, dispersion = 5200, 15000, Dispersion(3.0, 4)
    # Each period in two parts, for the library asks for more rows than parameters.
    model = sm.GLM(
        [current / 2 + 40, current / 2 - 40, previous / 2 + 70, previous / 2 - 70],
        np.array([[1, 1], [1, 1], [1, 0], [1, 0]]),
        family=sm.families.Poisson(),
        offset=np.log([0.5, 0.5, 1.5, 1.5]),
    ).fit(scale=dispersion.phi)
    middle, error = model.params[1], model.bse[1]
    student = 2.776445105  # Student's t with 4 degrees of freedom, from a printed table
    found = compare(current, previous, 1, 3, dispersion)
    assert found.ratio == pytest.approx(math.exp(middle))
    assert found.low == pytest.approx(math.exp(middle - student * error), rel=2e-3)
    assert found.high == pytest.approx(math.exp(middle + student * error), rel=2e-3)


def test_a_dispersion_up_to_1_1_leaves_the_exact_interval():
    assert compare(11, 23, dispersion=Dispersion(1.1, 4)).high == compare(11, 23).high
    assert compare(11, 23, dispersion=Dispersion(1.2, 4)).high > compare(11, 23).high


def test_few_events_never_narrow_what_clusters_widen():
    for current in range(12):
        for previous in range(12):
            exact = compare(current, previous)
            wide = compare(current, previous, dispersion=Dispersion(1.11, 400))
            assert wide.low <= exact.low
            assert wide.high is None or wide.high >= exact.high
            assert wide.p_value >= exact.p_value


def test_a_change_of_clustered_counts_needs_more():
    assert compare(92, 133).outcome is Outcome.DOWN
    assert compare(92, 133, dispersion=Dispersion(2.0, 4)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(
    ("incidents", "people", "outcome"),
    [
        ((60, 20), (70, 30), Outcome.UP),
        ((60, 20), (70, 70), Outcome.UNCLEAR),
        ((60, 20), (70, 90), Outcome.UNCLEAR),
        ((20, 60), (30, 70), Outcome.DOWN),
        ((20, 60), (70, 70), Outcome.UNCLEAR),
        ((20, 60), (90, 70), Outcome.UNCLEAR),
    ],
)
def test_nothing_is_clear_where_the_count_and_what_it_is_tested_on_point_apart(incidents, people, outcome):
    assert judge_by(compare(*incidents), compare(*people)).outcome is outcome


# Exact limits for a Poisson count, 95%, as Garwood (1936) tabulates them.
GARWOOD = {0: (0.0, 3.69), 1: (0.0253, 5.57), 5: (1.62, 11.67), 10: (4.80, 18.39), 50: (37.11, 65.92)}
YEAR = 365.25
CLUSTERED = Dispersion(2.0, 4)


def areas(*rows, city="east"):
    frame = pd.DataFrame(rows, columns=["victims", "population"]).astype("Int64")
    names = [f"Area {at}" for at in range(len(frame))]
    return frame.assign(city=city, name=names, neighbourhood=names)


@pytest.mark.parametrize("count", GARWOOD)
def test_the_interval_of_a_printed_table(count):
    # 100,000 residents over a year: the rate is the count.
    row = rates.add_rate_intervals(areas((count, 100_000)), "victims", YEAR).iloc[0]
    assert row["rate"] == pytest.approx(count)
    assert (row["rate_low"], row["rate_high"]) == pytest.approx(GARWOOD[count], abs=6e-3)


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


# p by the exact conditional test; the ratio's bounds by Clopper and Pearson.
GOLDENS = """
what                                | current | previous | p     | low  | high
Hartford nonfatal to 2026-02-28     | 12      | 5        | 0.143 | 0.79 | 8.70
Hartford nonfatal to 2026-06-13     | 28      | 25       | 0.784 | 0.63 | 2.00
Hartford nonfatal to 2026-06-20     | 31      | 32       | 1.000 | 0.57 | 1.64
Hartford nonfatal to 2026-06-27     | 36      | 33       | 0.810 | 0.66 | 1.81
Hartford nonfatal to 2026-07-18     | 44      | 36       | 0.434 | 0.77 | 1.95
Hartford murders 2025 on 2024       | 11      | 23       | 0.058 | 0.21 | 1.02
Bridgeport murders 2025 on 2024     | 5       | 12       | 0.143 | 0.11 | 1.27
New Haven homicides 2012 on 2011    | 17      | 34       | 0.024 | 0.26 | 0.92
New Haven nonfatal 2012 on 2011     | 92      | 133      | 0.008 | 0.52 | 0.91
New Haven homicides 2020 on 2019    | 20      | 11       | 0.150 | 0.83 | 4.20
New Haven nonfatal 2020 on 2019     | 121     | 78       | 0.003 | 1.16 | 2.09
New Haven nonfatal to 2019-06-23    | 34      | 23       | 0.185 | 0.85 | 2.63
New Haven homicides to 2019-06-23   | 5       | 7        | 0.774 | 0.18 | 2.61
"""


@pytest.mark.parametrize("golden", rows(GOLDENS), ids=lambda row: row["what"])
@pytest.mark.parametrize("dispersion", [None, Dispersion(1.0, 4)], ids=["assumed", "measured"])
def test_to_the_printed_digits(golden, dispersion):
    found = compare(int(golden["current"]), int(golden["previous"]), dispersion=dispersion)
    printed = (f"{found.p_value:.3f}", f"{found.low:.2f}", f"{found.high:.2f}")
    assert printed == (golden["p"], golden["low"], golden["high"])
