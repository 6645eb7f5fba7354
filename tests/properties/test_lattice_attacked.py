"""The lattice against an attacker who keeps every release; the full year is in the audit."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from longevity.intake.contract import AGE_BANDS
from longevity.warehouse import lattice_cells
from tests import funnel_attack
from tests.lattice_attack import (
    OWN,
    PROTECTED,
    VALUES,
    Found,
    Program,
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
        each = pd.DataFrame(told).assign(victims=1)
        cells = lattice_cells.of_attribute(each, name, values, PROTECTED)
        shown |= {(name, value): count for value, count, _ in cells}
    young = lattice_cells.young_black_men(pd.DataFrame(told).assign(victims=1), PROTECTED)
    shown |= {("young", "are"): young[0][1], ("young", "may"): young[1][1]}
    assert all(count in (None, true[cell]) for cell, count in shown.items())
    for cell, (least, most) in ways(shown, len(told)).items():
        assert most - least >= min(PROTECTED, len(told)), (cell, least, most)


def test_a_city_with_bands_of_its_own_gives_no_more_away(tmp_path: Path) -> None:
    victims = people(seed=3, values=OWN)
    published, found = Published(victims, tmp_path), Found()
    for week in WEEKS:
        found.attack(published.week(week))
    bands = {
        value for tables in found.seen.values() for name, value in tables if name == "age_band"
    }
    assert {"18-30", "31-64"} <= bands
    assert min(found.shown, found.withheld) > 0
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED


@pytest.mark.parametrize("years", [1, 2, 3])
def test_the_list_of_a_citys_bands_gives_no_cell_back(years: int) -> None:
    """To someone who knows that there is nobody but these, and why a band is in the list."""
    shown = withheld = 0
    for seed in range(30):
        a_year = random.Random(seed).choice([8, 12, 20, 40, 60, 150])
        each = [
            [one.said[0][1]["age_band"] for one in people(seed + 100 * at, 2022, 2022, a_year, OWN)]
            for at in range(years)
        ]
        ever = Counter(band for year in each for band in year[:a_year])
        listed = lattice_cells.bands(ever, PROTECTED)
        told: dict[tuple[str, str], int | None] = {}
        for at, year in enumerate(each):
            frame = pd.DataFrame({"age_band": year[:a_year], "victims": 1})
            cells = lattice_cells.of_attribute(frame, "age_band", listed, PROTECTED)
            told |= {(str(at), value): count for value, count, _ in cells}
        if listed == AGE_BANDS or len(told) < years * len(listed) or len(listed) == 1:
            continue  # where a year has no list there is none to use
        attacker = Program(told, a_year)
        for at in range(years):
            attacker.know({(str(at), band): 1.0 for band in listed}, a_year, a_year)
            if any(told[str(at), band] is not None for band in listed):
                attacker.at_least_one((str(at), band) for band in listed)
        for band in listed[:-1]:
            attacker.know({(str(at), band): 1.0 for at in range(years)}, PROTECTED + 1, np.inf)
        bounds = attacker.ways()
        assert all(most - least >= min(PROTECTED, a_year) for least, most in bounds.values())
        shown += len(told) - len(bounds)
        withheld += len(bounds)
    assert min(shown, withheld) > 0


def test_nothing_of_the_funnel_is_broken_in_releases_with_late_records(tmp_path: Path) -> None:
    call_ins = funnel_attack.asked(seed=4, a_session=12)
    published, found, plain = funnel_attack.Published(call_ins, tmp_path), _funnel(), _funnel()
    for week in WEEKS:
        found.attack(published.week(week))
        plain.attack(funnel_attack.thresholded(funnel_attack.live(call_ins, week)))
    assert {year for tables in found.seen.values() for year, _ in tables} == {
        *("2022", "2023", "2024")
    }
    assert min(found.shown, found.withheld) > 0
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED
    # The same attacker reads a person entered late out of plain thresholds on live data.
    assert min(plain.broken, plain.late_read) > 0


def _funnel() -> Found:
    return Found(funnel_attack.ways, funnel_attack.steps_read)


@pytest.mark.parametrize("seed", range(40))
def test_no_years_of_call_ins_of_any_size_give_a_step_back(seed: int) -> None:
    dice = np.random.default_rng(seed)
    most = int(dice.choice([8, 20, 90]))
    shown: dict[tuple[str, str], int | None] = {}
    true: dict[tuple[str, str], int] = {}
    began = []
    for year in ("2022", "2023"):
        counts = {"invited": int(dice.integers(0, most))}
        for whole, *parts in funnel_attack.WHOLE_AND_PARTS:
            share = dice.beta(*dice.choice([0.3, 1, 5], 2))
            first = int(dice.binomial(counts[whole], share))
            counts |= dict(zip(parts, (first, counts[whole] - first), strict=True))
        cells = lattice_cells.funnel(counts, True, PROTECTED, one_session=False)
        shown |= {(year, name): count for name, count, _ in cells}
        true |= {(year, name): count for name, count in counts.items()}
        began += [(count, state) for name, count, state in cells if name == "intake_30"]
    now = true["2022", "intake_30"] + true["2023", "intake_30"]
    active = true["2023", "active_90"] = int(dice.integers(0, now + 1))
    shown["2023", "active_90"] = lattice_cells.still_active(began, now, active, PROTECTED)[0]
    assert all(count in (None, true[cell]) for cell, count in shown.items())
    assert not [cell for cell, count in shown.items() if count and count <= PROTECTED]
    for cell, (least, most) in funnel_attack.ways(shown, funnel_attack.MOST).items():
        assert most - least >= PROTECTED, (cell, least, most, true)
