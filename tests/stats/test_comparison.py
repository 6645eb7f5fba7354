"""Comparisons of two counts, a second way: binomial sums by hand, a printed table, and the model itself."""

import math
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from longevity.settings import ROOT
from longevity.stats import dispersion, interrupted_time_series, rates
from longevity.stats.comparison import Outcome, compare, judge_by
from longevity.stats.dispersion import LEAST_SLICES, SLICES, Dispersion, estimate_dispersion
from longevity.stats.interrupted_time_series import Noise
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


# How much counts swing and a level wanders: a second way, and what must not be taken for chance.
UNTIL = date(2026, 6, 14)
# Nearly four years in slices of four weeks, drawn once.
DRAWN = [
    *(7, 9, 16, 12, 11, 6, 9, 8, 10, 14, 13, 9, 7, 8, 5, 9, 12, 17, 10, 11, 8, 4, 9, 10, 15, 14),
    *(10, 6, 8, 9, 7, 13, 11, 15, 12, 7, 9, 6, 10, 8, 13, 16, 9, 10),
]


def by_loops(counts):
    """φ (also below 1) and its degrees of freedom, from the residuals of one slice at a time."""
    n, a_year = len(counts), 365.25 / 28
    level = []
    for at in range(n):
        middle = min(max(at, 7), n - 8)
        year = sum(counts[middle - 6 : middle + 7])
        # Of the slices seven away so much as makes the year whole.
        year += (a_year - 13) / 2 * (counts[middle - 7] + counts[middle + 7])
        level.append(year / a_year)

    def differences(values):
        return [sum(values[at + 3 : at + 6]) - sum(values[at : at + 3]) for at in range(len(values) - 5)]

    angles = [2 * math.pi * at / a_year for at in range(n)]
    season = np.column_stack(
        [
            differences([m * turn(angle) for m, angle in zip(level, angles, strict=True)])
            for turn in (math.cos, math.sin)
        ]
    )

    def remain(values):
        between = np.array(differences(values))
        return between - season @ np.linalg.lstsq(season, between, rcond=None)[0]

    alone = [remain([float(other == at) for other in range(n)]) for at in range(n)]
    expected = sum(m * float(slice_ @ slice_) for m, slice_ in zip(level, alone, strict=True))
    squared = sum(level[a] * level[b] * float(alone[a] @ alone[b]) ** 2 for a in range(n) for b in range(n))
    seen = remain([float(count) for count in counts])
    # A quarter more than is seen of what is over 1.
    return 1 + 1.25 * (float(seen @ seen) / expected - 1), expected**2 / squared


@pytest.mark.parametrize("counts", [DRAWN, DRAWN[-LEAST_SLICES:], [3 * n for n in DRAWN[10:]]])
def test_against_plain_loops(counts):
    found, (phi, degrees) = estimate_dispersion([counts]), by_loops(counts)
    assert found == Dispersion(pytest.approx(max(1.0, phi)), pytest.approx(degrees))


@pytest.mark.parametrize("years_up", [0.25, 1, 2])
def test_a_wave_without_any_swing_is_no_chance(years_up):
    # 40 a slice, up to 60 and down to 30 over years; nothing else moves but the season.
    at = np.arange(SLICES) * 28 / 365.25
    level = np.interp(at, [0, 2, 2 + years_up, 4, 6], [40, 40, 60, 60, 30])
    counts = (level * (1 - 0.3 * np.cos(2 * np.pi * at))).round().astype(int).tolist()
    found = estimate_dispersion([counts])
    # Between years the same counts vary many times as much as independent events.
    years = [sum(counts[first : first + 13]) for first in range(0, 78, 13)]
    assert np.var(years, ddof=1) / np.mean(years) > 5
    assert found.phi < 1.5


def test_steadier_than_chance_is_not_believed():
    assert estimate_dispersion([[10] * SLICES]).phi == 1.0


def test_too_short_or_empty_a_history_is_none():
    assert estimate_dispersion([DRAWN[: LEAST_SLICES - 1]]) is None
    assert estimate_dispersion([[0] * SLICES]) is None
    assert estimate_dispersion([]) is None
    assert estimate_dispersion([[0] * SLICES, DRAWN]) == estimate_dispersion([DRAWN])


def test_several_series_each_about_its_own_level():
    other = [60, *DRAWN[::-1][1:]]
    one, two, both = (estimate_dispersion(series) for series in ([DRAWN], [other], [DRAWN, other]))
    assert both.degrees > max(one.degrees, two.degrees)
    assert min(one.phi, two.phi) < both.phi < max(one.phi, two.phi)
    # Twice the same says the same, as if it had been seen twice.
    twice = estimate_dispersion([other, other])
    assert twice.phi == pytest.approx(two.phi)
    assert twice.degrees == pytest.approx(2 * two.degrees)


def test_what_is_not_known_is_no_nought_and_ends_the_history():
    assert dispersion.take_until_unknown([3, 0, 2, None, 5]) == [2, 0, 3]  # the oldest first
    assert dispersion.take_until_unknown([None, 5]) == []


def test_a_sum_reaches_back_as_far_as_every_part():
    assert dispersion.sum_series([[1, 2, 3], [10, 20]]) == [12, 23]
    assert dispersion.sum_series([[1, 2, 3], []]) == []
    assert dispersion.sum_series([]) == []


def test_few_degrees_make_an_interval_wider():
    few, many = Dispersion(2.0, 4.5), Dispersion(2.0, 1e9)
    assert few.compute_critical_value(0.95) == pytest.approx(stats.t.isf(0.025, 4.5))
    assert many.compute_critical_value(0.95) == pytest.approx(1.959964, abs=1e-5)
    assert Dispersion(1.11, 4).is_clustered
    assert not Dispersion(1.1, 4).is_clustered


def test_slices_of_a_query_come_oldest_first_up_to_a_gap():
    rows = [("east", back, 10 + back) for back in (2, 0, 1, 4)] + [("west", 0, None)]
    frame = pd.DataFrame(rows, columns=["city", "back", "incidents"])
    assert dispersion.read_slices_by_city(frame, "incidents") == {"east": [12, 11, 10], "west": []}


BEFORE, AFTER = 60, 60
SINCE = np.arange(-BEFORE, AFTER) + 0.5
DESIGN = np.column_stack([np.ones(SINCE.size), SINCE > 0]).astype(float)
NO_OFFSET = np.zeros(SINCE.size)


def drawn(seed, step, mean=30.0):
    """Counts whose level walks by `step` a month."""
    dice = np.random.default_rng([seed, 9])
    level = np.exp(np.cumsum(dice.normal(0, step, SINCE.size)))
    return dice.poisson(mean * level).astype(float)


def find_noise(counts):
    """What the counts show beyond a level before and one after."""
    mean = np.where(SINCE < 0, counts[:BEFORE].mean(), counts[BEFORE:].mean())
    return interrupted_time_series.estimate_noise(counts, mean, DESIGN, SINCE)


def test_more_is_found_of_a_level_that_wanders_more():
    found = {step: np.median([find_noise(drawn(seed, step)).move for seed in range(15)]) for step in (0.0, 0.04, 0.15)}
    assert found[0.0] < 0.03 < found[0.04] < 0.06 < found[0.15] < 0.2


def test_counts_that_come_together_are_no_walk():
    dice = np.random.default_rng(3)
    noises = [find_noise(dice.poisson(dice.gamma(30 / 2, 2.0, SINCE.size))) for _ in range(10)]
    assert np.median([noise.scale for noise in noises]) == pytest.approx(3.0, rel=0.25)
    assert np.median([noise.move for noise in noises]) < interrupted_time_series.USUAL


def covariance(mean, noise):
    """The variance of the step, of one mean throughout."""
    means = np.full(SINCE.size, mean)
    return float(interrupted_time_series.estimate_errors(DESIGN, means, SINCE, noise)[0][1, 1])


def test_the_errors_of_a_walk_are_those_of_a_filter_by_hand():
    """Month by month: what is known of the level at the launch, and how far it is carried on."""
    step, scale, mean = 0.05, 1.2, 10.0
    known = math.inf
    for _ in range(BEFORE):  # the level of a month, then a walk to the middle of the next
        known = 1 / (1 / (known + step**2) + mean / scale)
    known += step**2 / 2  # half a month, to the launch itself
    months = [(at + 0.5) for at in range(AFTER)]
    walked = step**2 * sum(min(a, b) for a in months for b in months) / AFTER**2
    by_hand = known + walked + scale / (mean * AFTER)
    assert covariance(mean, Noise(step, scale)) == pytest.approx(by_hand, rel=1e-9)


def test_what_is_carried_on_is_the_level_just_before_the_step():
    # Ten years ago 90 a month, then 30: months long past say little of a level that wanders.
    counts = np.where(SINCE < -24, 90.0, 30.0)
    fit = interrupted_time_series.fit_counts(counts, DESIGN, NO_OFFSET, SINCE, Noise(0.1, 1.0))
    assert fit is not None
    assert np.exp(fit[0]) == pytest.approx(30, rel=0.02)


def test_what_is_believed_beforehand_is_what_homicides_of_forty_years_show():
    frame = pd.read_csv(ROOT / "data" / "reference" / "state_homicides.csv")
    years, counts = frame["year"].to_numpy(), frame["homicide"].to_numpy(dtype=float)
    is_known = (years <= 2019) & (years != 2012)  # the year the program came
    years, counts = years[is_known], counts[is_known]
    mean = np.where(years > 2012, counts[years > 2012].mean(), counts[years < 2012].mean())
    design = np.column_stack([np.ones(years.size), years > 2012]).astype(float)
    noise = interrupted_time_series.estimate_noise(counts, mean, design, 12.0 * (years - 2013) + 6)
    assert noise.move == pytest.approx(0.03, abs=0.005)
