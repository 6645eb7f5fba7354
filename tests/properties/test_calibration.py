"""The shorter simulations of `make calibrate`, with their seeds fixed.

`make calibrate` says how far each figure is from the promised one; here it is only held
that none is worse by more than the simulation's own error.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

import numpy as np
import pytest

from tools.calibrate import areas, change, late, rate, safety_gap
from tools.calibrate.__main__ import SEED
from tools.calibrate.draw import NIGHTS, REPEATS, YEAR, World, per_day, steady
from tools.calibrate.table import Row, printed


def held(rows: Iterable[Row]) -> list[Row]:
    found = list(rows)
    worse = [printed(row) for row in found if row.worse]
    assert not worse, "\n".join(worse)
    return found


@pytest.mark.parametrize("world", [NIGHTS[1], REPEATS[1]], ids=lambda world: world.name)
def test_what_is_drawn_clusters_as_it_says(world: World) -> None:
    random = np.random.default_rng(1)
    days = np.array([per_day(random, world, 40, steady(3))[YEAR:] for _ in range(800)])
    years = days.reshape(len(days), 2, YEAR).sum(axis=2)
    assert years.mean() == pytest.approx(40, rel=0.03)
    assert years.var() / years.mean() == pytest.approx(world.phi, rel=0.15)


def test_a_row_is_worse_only_beyond_the_error_of_the_simulation() -> None:
    assert not Row("", "", 60, 1000, 0.05).worse
    assert Row("", "", 80, 1000, 0.05).worse
    assert not Row("", "", 5, 1000, 0.05).worse
    assert Row("", "", 920, 1000, 0.95, at_least=True).worse
    assert not Row("", "", 999, 1000, 0.95, at_least=True).worse
    assert not Row("", "", 999, 1000, None).worse


def test_a_change_of_clustered_counts() -> None:
    rows = held(change.false_alarms(120, [SEED, 1], 120, NIGHTS[1]))
    shares = {row.what: row.share for row in rows}
    # The reason for φ: without it the test fires too often.
    assert shares["a year against last year, without φ: false alarms"] > 0.08
    held(change.coverage(80, [SEED, 2], 0.6, REPEATS[1]))


def test_a_wave_is_seen() -> None:
    shares = {row.what: row.share for row in change.wave(60, [SEED, 3], 400, REPEATS[0])}
    # Read between years φ was that of the wave, and the fall was never seen.
    for name, *_ in change.IN_THE_WAVE[:-1]:
        assert shares[f"wave: {name}, with φ: seen"] > 0.9


def test_a_rate_of_clustered_counts() -> None:
    without, with_phi = held(rate.coverage(150, [SEED, 4], 40, NIGHTS[1]))
    assert without.share < 0.92 < with_phi.share


def test_neighbourhoods() -> None:
    means = np.geomspace(0.8, 14, areas.AREAS)
    held(areas.changes(20, [SEED, 5], means, NIGHTS[1]))


def test_provisional_weeks() -> None:
    held(late.bands(25, [SEED], 150, 0.3, "near repeats"))


def test_a_safety_gap_is_not_made_by_chance() -> None:
    rows = held(safety_gap.measure_coverage(60, [SEED, 6], safety_gap.LARGE, 1, NIGHTS[1]))
    before, itself = rows[-2:]
    # The reason for ranking by the years before: by the year itself chance makes a gap.
    assert before.share < 0.15
    assert itself.share > 0.8


def test_a_safety_gap_that_stayed_is_not_called_changed() -> None:
    stayed, fell = held(safety_gap.measure_changes(20, [SEED, 7], safety_gap.LARGE, NIGHTS[1]))
    assert stayed.share < 0.2
    assert fell.share > 0.6


@pytest.mark.audit
@pytest.mark.parametrize("subject", [change, rate, areas, late], ids=lambda m: m.__name__)
def test_every_row(subject: ModuleType) -> None:
    rows = list(subject.rows(400, SEED))
    print(f"\n{subject.__name__}")
    for row in rows:
        print(printed(row))
    held(rows)
