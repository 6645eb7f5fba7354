"""Withhold small counts of persons so that nothing gives them back.

`disclose` is for viewers who may not read the rows behind a cell. Counts from
1 to the threshold become missing with the state `withheld`; further cells
follow until, for an attacker who knows every total, every relation declared by
the query, and that no count is negative, the interval of each small count is
at least as wide as the threshold, or there is nothing left to withhold beside
it. Zero, withheld and missing are three states, never mixed up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from numbers import Real

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from longevity.errors import ConfigError, DataError
from longevity.warehouse.catalogue import Protects

SHOWN, ZERO, WITHHELD, MISSING = "shown", "zero", "withheld", "missing"
TOTAL = "all"  # in a column of the grain: this row is a total over that column
CITY = "city"

Cell = tuple[int, str]  # row position, column
Equation = tuple[dict[int, float], float]  # coefficient by cell number, right-hand side


def exact(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with a `<column>_state` (shown, zero, missing) beside each column."""
    return _with_states(frame, columns, set())


def disclose(
    frame: pd.DataFrame, protects: Protects, grain: Sequence[str], withheld_up_to: int
) -> pd.DataFrame:
    """The frame as anyone may see it, with a `<column>_state` beside each protected column.

    A row whose grain column says `all` is a total over that column; a total
    over cities is shown only when no city of it is withheld. Raises ConfigError
    on a threshold that is not a whole number above zero, DataError on counts
    that are negative, not whole, or do not fit their declared relation.
    """
    threshold(withheld_up_to)
    for column in (*protects.columns, *grain):
        if column not in frame.columns:
            raise DataError(f"The answer has no column '{column}', which must be protected.")
    table = _Table.of(frame, protects, grain)
    withheld = _Withholding(table, withheld_up_to).run()
    return _with_states(frame, protects.columns, {table.cells[number] for number in withheld})


def threshold(withheld_up_to: int) -> int:
    """The threshold itself; ConfigError when it is not a whole number above zero."""
    if isinstance(withheld_up_to, bool) or not isinstance(withheld_up_to, int):
        raise ConfigError("'thresholds.withheld_up_to' must be a whole number.")
    if withheld_up_to < 1:
        raise ConfigError("'thresholds.withheld_up_to' must be above zero.")
    return withheld_up_to


def _with_states(frame: pd.DataFrame, columns: Sequence[str], withheld: set[Cell]) -> pd.DataFrame:
    out: dict[str, pd.Series] = {}
    for column in frame.columns:
        out[column] = frame[column]
        if column not in columns:
            continue
        values = frame[column].astype("Int64")
        missing = values.isna().to_numpy()
        counts = values.to_numpy(dtype="int64", na_value=1)
        states = np.where(missing, MISSING, np.where(counts == 0, ZERO, SHOWN)).astype(object)
        hidden = [row for row, name in withheld if name == column]
        if hidden:
            states[hidden] = WITHHELD
            values = values.copy()
            values.iloc[hidden] = pd.NA
        out[column] = values
        out[f"{column}_state"] = pd.Series(states, index=frame.index, dtype="str")
    return pd.DataFrame(out)


@dataclass
class _Table:
    """The cells of a frame, and the equations among them that anyone may know.

    Cells that count a rest (whole less part) are virtual: never printed, known
    when both printed cells are.
    """

    cells: list[Cell] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    rests: dict[int, tuple[int, int]] = field(default_factory=dict)  # rest: (part, whole)
    lines: list[list[int]] = field(default_factory=list)  # cells whose total is known
    identities: list[dict[int, float]] = field(default_factory=list)  # sum to zero
    city_totals: list[tuple[int, list[int]]] = field(default_factory=list)

    @classmethod
    def of(cls, frame: pd.DataFrame, protects: Protects, grain: Sequence[str]) -> _Table:
        table = cls()
        at: dict[Cell, int] = {}
        for column in protects.columns:
            for row, value in enumerate(_counts(frame, column)):
                if value is not None:
                    at[row, column] = table._add((row, column), value)
        table._relate(at, protects, len(frame))
        for dimension in grain:
            table._add_up(frame, at, protects, grain, dimension)
        return table

    def _add(self, cell: Cell, value: int) -> int:
        self.cells.append(cell)
        self.values.append(value)
        return len(self.cells) - 1

    def _relate(self, at: dict[Cell, int], protects: Protects, rows: int) -> None:
        for row in range(rows):
            for whole, parts in protects.sums:
                names = [whole, *parts]
                if all((row, name) in at for name in names):
                    identity = {at[row, name]: 1.0 for name in parts}
                    identity[at[row, whole]] = -1.0
                    self._check(identity, f"'{whole}' is not {' + '.join(parts)}")
                    self.identities.append(identity)
            for part, whole in protects.part_of:
                if (row, part) not in at or (row, whole) not in at:
                    continue
                first, second = at[row, part], at[row, whole]
                rest = self.values[second] - self.values[first]
                if rest < 0:
                    raise DataError(f"'{part}' is larger than '{whole}', of which it is a part.")
                number = self._add((row, f"{whole} less {part}"), rest)
                self.rests[number] = (first, second)
                self.identities.append({first: 1.0, number: 1.0, second: -1.0})

    def _check(self, identity: dict[int, float], what: str) -> None:
        if sum(self.values[cell] * sign for cell, sign in identity.items()) != 0:
            raise DataError(f"In one row {what}.")

    def _add_up(
        self,
        frame: pd.DataFrame,
        at: dict[Cell, int],
        protects: Protects,
        grain: Sequence[str],
        dimension: str,
    ) -> None:
        """The lines along one column of the grain, each with its total."""
        others = [name for name in grain if name != dimension]
        keys = frame[others].astype("object").where(frame[others].notna(), None)
        groups: dict[tuple[object, ...], list[int]] = {}
        for row, key in enumerate(keys.itertuples(index=False, name=None)):
            groups.setdefault(key, []).append(row)
        is_total = (frame[dimension].astype("object") == TOTAL).to_numpy()
        for rows in groups.values():
            for column in protects.columns:
                inner = [at[r, column] for r in rows if not is_total[r] and (r, column) in at]
                totals = [at[r, column] for r in rows if is_total[r] and (r, column) in at]
                if not inner:
                    continue
                if dimension in protects.lines:
                    self.lines.append(inner)
                elif totals:
                    self.identities.append(dict.fromkeys(inner, 1.0) | {totals[0]: -1.0})
                if dimension == CITY:
                    self.city_totals += [(total, inner) for total in totals]


def _counts(frame: pd.DataFrame, column: str) -> list[int | None]:
    counts: list[int | None] = []
    for value in frame[column]:
        if pd.isna(value):
            counts.append(None)
        elif not isinstance(value, Real) or not math.isfinite(value) or value < 0 or value % 1:
            raise DataError(f"'{column}' holds a value that is not a count.")
        else:
            counts.append(int(float(value)))
    return counts


class _Withholding:
    """Which cells to withhold, found step by step; a cell once withheld stays so."""

    def __init__(self, table: _Table, threshold: int) -> None:
        self.table = table
        self.threshold = threshold
        self.withheld: set[int] = set()
        self.equations: list[Equation] = [
            (dict.fromkeys(line, 1.0), float(sum(table.values[cell] for cell in line)))
            for line in table.lines
        ] + [(identity, 0.0) for identity in table.identities]
        self.small = {c for c, v in enumerate(table.values) if 1 <= v <= threshold}

    def run(self) -> set[int]:
        """The numbers of the printed cells to withhold."""
        self.withheld = {cell for cell in self.small if cell not in self.table.rests}
        while self._spread() or self._widen():
            pass
        return self.withheld

    def _unknown(self) -> set[int]:
        """Withheld cells, and the rests of which a printed cell is withheld."""
        hidden = {
            rest
            for rest, (part, whole) in self.table.rests.items()
            if part in self.withheld or whole in self.withheld
        }
        return self.withheld | hidden

    def _spread(self) -> bool:
        """Withhold until no equation gives a cell back on its own."""
        before = len(self.withheld)
        for rest, (part, whole) in self.table.rests.items():
            if rest in self.small and not {part, whole} & self.withheld:
                self.withheld.add(part if self.table.values[part] else whole)
        for total, inner in self.table.city_totals:
            if self.withheld.intersection(inner):
                self.withheld.add(total)
        for terms, _ in self.equations:
            unknown = self._unknown().intersection(terms)
            if len(unknown) == 1:
                self._withhold_one_of(terms)
        return len(self.withheld) > before

    def _withhold_one_of(self, cells: Iterable[int]) -> bool:
        """Withhold the smallest cell above zero, or a zero when there is none."""
        values = self.table.values
        shown = [c for c in cells if c not in self.withheld and c not in self.table.rests]
        if not shown:
            return False
        self.withheld.add(min(shown, key=lambda c: (values[c] == 0, values[c], c)))
        return True

    def _widen(self) -> bool:
        """Where an attacker's interval is too narrow, withhold one cell more."""
        unknown = self._unknown()
        for component, equations in _components(unknown, self.equations):
            for cell in sorted(component & self.small):
                low, high = self._interval(cell, component, equations)
                if high - low + 1e-6 >= self.threshold:
                    continue
                near = [terms for terms, _ in self.equations if cell in terms]
                linked = [terms for terms, _ in self.equations if component.intersection(terms)]
                for reach in (near, linked):
                    if self._withhold_one_of({each for terms in reach for each in terms}):
                        return True
        return False

    def _interval(
        self, cell: int, component: set[int], equations: list[Equation]
    ) -> tuple[float, float]:
        """The least and the most an attacker must allow for one cell."""
        order = sorted(component)
        at = {each: position for position, each in enumerate(order)}
        left = np.zeros((len(equations), len(order)))
        right = np.zeros(len(equations))
        for row, (terms, total) in enumerate(equations):
            right[row] = total
            for each, sign in terms.items():
                if each in at:
                    left[row, at[each]] = sign
                else:
                    right[row] -= sign * self.table.values[each]
        goal = np.zeros(len(order))
        goal[at[cell]] = 1.0
        low = linprog(goal, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
        high = linprog(-goal, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
        if low.status not in (0, 3) or high.status not in (0, 3):
            # Not solved is not safe: an interval of no width withholds more.
            return 0.0, 0.0
        return (low.fun if low.status == 0 else 0.0, -high.fun if high.status == 0 else np.inf)


def _components(
    unknown: set[int], equations: list[Equation]
) -> list[tuple[set[int], list[Equation]]]:
    """The unknown cells in groups that share equations, with those equations."""
    parent = {cell: cell for cell in unknown}

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    binding = [(terms, total) for terms, total in equations if unknown.intersection(terms)]
    for terms, _ in binding:
        first, *rest = unknown.intersection(terms)
        for cell in rest:
            parent[root(cell)] = root(first)
    groups: dict[int, tuple[set[int], list[Equation]]] = {}
    for cell in unknown:
        groups.setdefault(root(cell), (set(), []))[0].add(cell)
    for terms, total in binding:
        groups[root(next(iter(unknown.intersection(terms))))][1].append((terms, total))
    return list(groups.values())
