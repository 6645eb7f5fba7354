"""The lattice against an attacker who keeps every release; the full year is in the audit."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from longevity.warehouse import lattice_cells
from tests.lattice_attack import (
    PROTECTED,
    VALUES,
    Found,
    Published,
    live,
    people,
    tables_of,
    thresholded,
    ways,
)

WEEKS = [date(2024, 3, 25) + timedelta(days=days) for days in (0, 7, 60, 200, 374, 381)]


def test_nothing_of_the_lattice_is_broken_in_releases_with_late_records(tmp_path: Path) -> None:
    victims = people(seed=3)
    published, found = Published(victims, tmp_path), Found()
    for week in WEEKS:
        found.attack(published.week(week))
    assert set(found.seen) == {(c, y) for c in ("east", "west") for y in (2022, 2023, 2024)}
    assert min(found.shown, found.withheld) > 0
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED


def test_the_same_attacker_breaks_plain_thresholds_on_live_data() -> None:
    victims, found = people(seed=3), Found()
    for week in WEEKS:
        told = live(victims, week)
        found.attack({p: (thresholded(cells), number) for p, (cells, number) in told.items()})
    assert found.broken > 0
    assert found.narrowest == 0
    assert found.late_read > 0


@pytest.mark.parametrize("seed", range(12))
def test_no_city_and_year_of_any_size_gives_a_cell_back(seed: int) -> None:
    dice = random.Random(seed)
    told = [one.said[0][1] for one in people(seed, 2022, 2022, dice.choice([3, 8, 20, 60, 150]))]
    true = tables_of(told)
    shown = {}
    for name, values in VALUES.items():
        cells = lattice_cells.one_way(values, [true[name, v] for v in values], PROTECTED)
        shown |= {(name, value): count for value, count, _ in cells}
    young = lattice_cells.young_black_men(pd.DataFrame(told).assign(victims=1), PROTECTED)
    shown |= {("young", "are"): young[0][1], ("young", "may"): young[1][1]}
    assert all(count in (None, true[cell]) for cell, count in shown.items())
    for cell, (least, most) in ways(shown, len(told)).items():
        assert most - least >= min(PROTECTED, len(told)), (cell, least, most)


@pytest.mark.parametrize("seed", range(60))
def test_the_way_to_services_gives_no_small_step_back(seed: int) -> None:
    dice = np.random.default_rng(seed)
    counts = {"invited": int(dice.integers(0, 90))}
    for whole, parts in lattice_cells.STEPS:
        shares = dice.dirichlet(np.ones(len(parts)) * dice.choice([0.3, 1, 5]))
        counts |= dict(zip(parts, map(int, dice.multinomial(counts[whole], shares)), strict=True))
    cells = lattice_cells.funnel(counts, True, PROTECTED, one_session=False)
    hidden = [name for name, count, _ in cells if count is None]
    assert not [n for n in counts if 1 <= counts[n] <= PROTECTED and n not in hidden]
    equations = []
    for whole, parts in lattice_cells.STEPS:
        terms = {whole: -1.0} | dict.fromkeys(parts, 1.0)
        given = sum(sign * counts[name] for name, sign in terms.items() if name not in hidden)
        equations.append(([terms.get(name, 0.0) for name in hidden], -given))
    for at, name in enumerate(hidden):
        if not 1 <= counts[name] <= PROTECTED:
            continue
        goal = np.eye(len(hidden))[at]
        left, right = zip(*equations, strict=True)
        least = linprog(goal, A_eq=left, b_eq=right).fun
        most = linprog(-goal, A_eq=left, b_eq=right)
        assert most.status == 3 or -most.fun - least >= PROTECTED - 1e-6, (name, counts)
