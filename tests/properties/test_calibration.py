"""The shorter simulations of `make calibrate`, with their seeds fixed.

`make calibrate` says how far each figure is from the promised one; here it is only held
that none is worse by more than the simulation's own error.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

import numpy as np
import pytest

from tests.calibrate import areas, change, late, rate
from tests.calibrate.__main__ import SEED, subjects
from tests.calibrate.draw import near_repeat, negative_binomial
from tests.calibrate.table import Row, printed


def held(rows: Iterable[Row]) -> list[Row]:
    found = list(rows)
    worse = [printed(row) for row in found if row.worse]
    assert not worse, "\n".join(worse)
    return found


def test_what_is_drawn_clusters_as_it_says() -> None:
    random = np.random.default_rng(1)
    for phi in (1.0, 2.0):
        drawn = negative_binomial(random, 40, phi, 20_000)
        assert drawn.mean() == pytest.approx(40, rel=0.01)
        assert drawn.var() / drawn.mean() == pytest.approx(phi, rel=0.05)
    repeats = near_repeat(random, 40, 0.3, 2, 1500)
    assert repeats.mean() == pytest.approx(40, rel=0.03)
    assert repeats.var() / repeats.mean() == pytest.approx(1 / 0.7**2, rel=0.15)


def test_a_row_is_worse_only_beyond_the_error_of_the_simulation() -> None:
    assert not Row("", "", 60, 1000, 0.05).worse
    assert Row("", "", 80, 1000, 0.05).worse
    assert not Row("", "", 5, 1000, 0.05).worse
    assert Row("", "", 920, 1000, 0.95, at_least=True).worse
    assert not Row("", "", 999, 1000, 0.95, at_least=True).worse
    assert not Row("", "", 999, 1000, None).worse


def test_a_change_of_clustered_counts() -> None:
    counts = negative_binomial(np.random.default_rng(SEED), 40, 2.0, (150, 6))
    rows = held(change.false_alarms(counts, "φ 2", 2.0))
    shares = {row.what: row.share for row in rows}
    # The reason for φ: without it the test fires too often.
    assert shares["change test against last year, without φ: false alarms"] > 0.08
    counts[:, 5] = negative_binomial(np.random.default_rng(SEED + 1), 24, 2.0, 150)
    held(change.coverage(counts, "φ 2, ratio 0.6", 0.6))


def test_a_rate_of_clustered_counts() -> None:
    counts = near_repeat(np.random.default_rng(SEED), 40, 0.3, 6, 200)
    without, with_phi = held(rate.coverage(counts, 40, "near repeats", 2.0))
    assert without.share < 0.9 < with_phi.share


def test_neighbourhoods_and_maps() -> None:
    means = np.geomspace(0.8, 14, areas.AREAS)
    counts = negative_binomial(np.random.default_rng(SEED), means, 2.0, (20, 6, areas.AREAS))
    held(areas.changes(counts, "φ 2", 2.0))
    held(areas.maps(20, SEED, 2.0, True))


def test_provisional_weeks() -> None:
    held(late.bands(25, [SEED], 150, 0.3, "near repeats"))


def test_each_module_of_the_package_is_a_subject() -> None:
    assert {"change", "rate", "areas", "late"} <= set(subjects())
    lines = list(subjects()["change"](1, SEED))
    assert lines[0] == "| what | data | found | promised | runs |"
    assert len(lines) > 60


@pytest.mark.audit
@pytest.mark.parametrize("subject", [change, rate, areas, late], ids=lambda m: m.__name__)
def test_every_row(subject: ModuleType) -> None:
    rows = list(subject.rows(400, SEED))
    print(f"\n{subject.__name__}")
    for row in rows:
        print(printed(row))
    held(rows)
