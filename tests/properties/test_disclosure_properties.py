"""Disclosure against an attacker who solves linear programs.

The attacker sees the published frame, knows every total along the declared
lines, every declared relation, and that no count is negative; for each withheld
cell they bound what it can be. Their equations are built here from the true
frame by column names and share no code with the module.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from longevity.warehouse.catalogue import Protects
from longevity.warehouse.disclosure import disclose

THRESHOLD = 5
COUNTS = st.one_of(st.just(0), st.integers(0, 8), st.integers(0, 60))


class Attacker:
    """Equations over the unknown cells of a frame, and the range of each."""

    def __init__(self, truth: pd.DataFrame, hidden: dict[str, Sequence[bool]]) -> None:
        self.truth = truth
        self.unknown = [(row, c) for c, flags in hidden.items() for row, f in enumerate(flags) if f]
        self.at = {cell: position for position, cell in enumerate(self.unknown)}
        self.extra = 0
        self.left: list[dict[int, float]] = []
        self.right: list[float] = []

    def know(self, terms: dict[tuple[int, str], float], total: float, slack: bool = False) -> None:
        """An equation; with `slack`, what is left over is not negative either."""
        row: dict[int, float] = {}
        for cell, sign in terms.items():
            if cell in self.at:
                row[self.at[cell]] = row.get(self.at[cell], 0.0) + sign
            else:
                total -= sign * float(self.truth[cell[1]].iloc[cell[0]])
        if slack:
            row[len(self.unknown) + self.extra] = 1.0
            self.extra += 1
        if row:
            self.left.append(row)
            self.right.append(total)

    def range(self, terms: dict[tuple[int, str], float]) -> tuple[float, float]:
        """The least and the most a sum of cells can be."""
        size = len(self.unknown) + self.extra
        goal = np.zeros(size)
        known = 0.0
        for cell, sign in terms.items():
            if cell in self.at:
                goal[self.at[cell]] = sign
            else:
                known += sign * float(self.truth[cell[1]].iloc[cell[0]])
        matrix = np.zeros((len(self.left), size))
        for number, row in enumerate(self.left):
            for position, sign in row.items():
                matrix[number, position] = sign
        ends = []
        for direction in (1.0, -1.0):
            solved = linprog(
                direction * goal, A_eq=matrix, b_eq=np.array(self.right), bounds=(0, None)
            )
            assert solved.status in (0, 3)
            ends.append(direction * solved.fun if solved.status == 0 else direction * -np.inf)
        return ends[0] + known, ends[1] + known


def attack(
    truth: pd.DataFrame, hidden: dict[str, Sequence[bool]], lines: Sequence[str], protects: Protects
) -> Attacker:
    attacker = Attacker(truth, hidden)
    grain = [column for column in truth.columns if column not in hidden]
    for dimension in lines:
        others = [column for column in grain if column != dimension]
        groups = truth.groupby(others).indices.values() if others else [np.arange(len(truth))]
        for rows, column in itertools.product(groups, hidden):
            total = float(truth[column].iloc[rows].sum())
            attacker.know({(int(row), column): 1.0 for row in rows}, total)
    for row in range(len(truth)):
        for part, whole in protects.part_of:
            attacker.know({(row, part): 1.0, (row, whole): -1.0}, 0.0, slack=True)
        for whole, parts in protects.sums:
            attacker.know({(row, p): 1.0 for p in parts} | {(row, whole): -1.0}, 0.0)
    return attacker


def assert_safe(truth: pd.DataFrame, protects: Protects, grain: list[str]) -> None:
    """No small count is known to less than the threshold, or than all withheld would give."""
    out = disclose(truth, protects, grain, THRESHOLD)
    columns = protects.columns
    hidden = {c: (out[f"{c}_state"] == "withheld").tolist() for c in columns}
    for column in columns:
        shown = out[column].notna()
        assert (out[column][shown] == truth[column][shown]).all()
        assert not out[column][shown].between(1, THRESHOLD).any()
    attacker = attack(truth, hidden, protects.lines, protects)
    nothing = attack(truth, {c: [True] * len(truth) for c in columns}, protects.lines, protects)
    small = [
        {(row, c): 1.0}
        for c in columns
        for row in range(len(truth))
        if 1 <= truth[c].iloc[row] <= THRESHOLD
    ] + [
        {(row, whole): 1.0, (row, part): -1.0}
        for part, whole in protects.part_of
        for row in range(len(truth))
        if 1 <= truth[whole].iloc[row] - truth[part].iloc[row] <= THRESHOLD
    ]
    for cell in small:
        low, high = attacker.range(cell)
        if high - low >= THRESHOLD - 1e-6:
            continue
        least, most = nothing.range(cell)
        assert high - low >= most - least - 1e-6, (cell, low, high, least, most)


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_one_line(counts: list[int]) -> None:
    truth = pd.DataFrame({"band": [str(at) for at in range(len(counts))], "n": counts})
    assert_safe(truth, Protects(("n",), lines=("band",)), ["band"])


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 4), st.integers(2, 5), st.data())
def test_two_ways(rows: int, columns: int, data: st.DataObject) -> None:
    grid = list(itertools.product(range(rows), range(columns)))
    counts = data.draw(st.lists(COUNTS, min_size=len(grid), max_size=len(grid)))
    truth = pd.DataFrame(
        {"city": [f"c{r}" for r, _ in grid], "band": [f"b{c}" for _, c in grid], "n": counts}
    )
    assert_safe(truth, Protects(("n",), lines=("city", "band")), ["city", "band"])


@settings(max_examples=25, deadline=None)
@given(st.lists(COUNTS, min_size=12, max_size=12))
def test_three_ways(counts: list[int]) -> None:
    grid = list(itertools.product("ab", "xyz", "12"))
    truth = pd.DataFrame(grid, columns=["city", "band", "year"]).assign(n=counts)
    assert_safe(truth, Protects(("n",), lines=("city", "band", "year")), ["city", "band", "year"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=5))
def test_a_part_of_a_whole_along_a_line(counts: list[tuple[int, int]]) -> None:
    truth = pd.DataFrame(
        {
            "route": [str(at) for at in range(len(counts))],
            "came": [came for came, _ in counts],
            "asked": [came + stayed for came, stayed in counts],
        }
    )
    protects = Protects(("came", "asked"), part_of=(("came", "asked"),), lines=("route",))
    assert_safe(truth, protects, ["route"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=4))
def test_parts_that_make_a_sum_along_a_line(counts: list[tuple[int, int]]) -> None:
    truth = pd.DataFrame(
        {
            "city": [str(at) for at in range(len(counts))],
            "all": [a + b for a, b in counts],
            "a": [a for a, _ in counts],
            "b": [b for _, b in counts],
        }
    )
    protects = Protects(("all", "a", "b"), sums=(("all", ("a", "b")),), lines=("city",))
    assert_safe(truth, protects, ["city"])


@settings(max_examples=40, deadline=None)
@given(st.lists(COUNTS, min_size=6, max_size=6))
def test_printed_totals_give_nothing_back(counts: list[int]) -> None:
    """Totals over cities and over bands are in the frame; nobody knows them otherwise."""
    grid = list(itertools.product("ab", "xyz"))
    inner = pd.DataFrame(grid, columns=["city", "band"]).assign(n=counts)
    over_cities = inner.groupby("band", as_index=False)["n"].sum().assign(city="all")
    over_bands = inner.groupby("city", as_index=False)["n"].sum().assign(band="all")
    truth = pd.concat([inner, over_cities, over_bands], ignore_index=True)[["city", "band", "n"]]
    out = disclose(truth, Protects(("n",)), ["city", "band"], THRESHOLD)
    hidden = (out["n_state"] == "withheld").tolist()
    attacker = Attacker(truth, {"n": hidden})
    for total in range(len(truth)):
        city, band = truth["city"][total], truth["band"][total]
        if "all" in (city, band):
            cells = [
                row
                for row in range(len(truth))
                if (truth["city"][row] == city if band == "all" else truth["band"][row] == band)
                and "all" not in (truth["city"][row], truth["band"][row])
            ]
            if city == "all" and any(hidden[row] for row in cells):
                assert hidden[total], "a total over cities stands though a city is withheld"
            attacker.know({(row, "n"): 1.0 for row in cells} | {(total, "n"): -1.0}, 0.0)
    for row in range(len(truth)):
        if 1 <= truth["n"][row] <= THRESHOLD:
            low, high = attacker.range({(row, "n"): 1.0})
            assert high - low >= THRESHOLD - 1e-6 or all(hidden)
