"""How much counts swing within one level: a second way, and what must not be taken for chance."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from longevity.stats import dispersion
from longevity.stats.dispersion import LEAST_SLICES, SLICES, Dispersion, estimate_dispersion

UNTIL = date(2026, 6, 14)
# Nearly four years in slices of four weeks, drawn once.
DRAWN = [
    *(7, 9, 16, 12, 11, 6, 9, 8, 10, 14, 13, 9, 7, 8, 5, 9, 12, 17, 10, 11, 8, 4, 9, 10, 15, 14),
    *(10, 6, 8, 9, 7, 13, 11, 15, 12, 7, 9, 6, 10, 8, 13, 16, 9, 10),
]


def by_loops(counts: list[int]) -> tuple[float, float]:
    """φ (also below 1) and its degrees of freedom, from the residuals of one slice at a time."""
    n, a_year = len(counts), 365.25 / 28
    level = []
    for at in range(n):
        middle = min(max(at, 7), n - 8)
        year = sum(counts[middle - 6 : middle + 7])
        # Of the slices seven away so much as makes the year whole.
        year += (a_year - 13) / 2 * (counts[middle - 7] + counts[middle + 7])
        level.append(year / a_year)

    def differences(values: list[float]) -> list[float]:
        return [sum(values[at + 3 : at + 6]) - sum(values[at : at + 3]) for at in range(len(values) - 5)]

    angles = [2 * math.pi * at / a_year for at in range(n)]
    season = np.column_stack(
        [
            differences([m * turn(angle) for m, angle in zip(level, angles, strict=True)])
            for turn in (math.cos, math.sin)
        ]
    )

    def left(values: list[float]) -> np.ndarray:
        between = np.array(differences(values))
        return between - season @ np.linalg.lstsq(season, between, rcond=None)[0]

    alone = [left([float(other == at) for other in range(n)]) for at in range(n)]
    expected = sum(m * float(one @ one) for m, one in zip(level, alone, strict=True))
    squared = sum(level[a] * level[b] * float(alone[a] @ alone[b]) ** 2 for a in range(n) for b in range(n))
    seen = left([float(count) for count in counts])
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
    one, two, both = (
        estimate_dispersion([DRAWN]),
        estimate_dispersion([other]),
        estimate_dispersion([DRAWN, other]),
    )
    assert both.degrees > max(one.degrees, two.degrees)
    assert min(one.phi, two.phi) < both.phi < max(one.phi, two.phi)
    # Twice the same says the same, as if it had been seen twice.
    twice = estimate_dispersion([other, other])
    assert twice.phi == pytest.approx(two.phi)
    assert twice.degrees == pytest.approx(2 * two.degrees)


def test_what_is_not_known_is_no_nought_and_ends_the_history():
    begins = date(2022, 1, 1)
    asked = []

    def count(span: tuple[date, date]) -> int | None:
        asked.append(span)
        return None if span[0] < begins else 5

    found = dispersion.count_slices_before(UNTIL, count)
    whole = (UNTIL - begins).days // 28
    assert found == [5] * whole
    assert asked[0] == (UNTIL - timedelta(days=28), UNTIL)
    assert dispersion.count_slices_before(UNTIL, lambda _: None) == []


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


def test_slices_of_a_query_stand_oldest_first_up_to_a_gap():
    rows = [("east", back, 10 + back) for back in (2, 0, 1, 4)] + [("west", 0, None)]
    frame = pd.DataFrame(rows, columns=["city", "back", "incidents"])
    assert dispersion.read_slices_by_city(frame, "incidents") == {"east": [12, 11, 10], "west": []}
