"""An attacker who keeps both versions of a table that was frozen wrong and then frozen again.

The wrong version took men for women and women for men; the attacker knows it, and so reads
the first version as it should have been. Between the two some victims were entered late, and
of some another sex was said. Nothing here is shared with the code that freezes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from longevity.ingest.contract import SEXES
from longevity.privacy import suppression
from longevity.release import table_corrections
from longevity.release.store import Release
from longevity.release.table_history import TableHistory
from tests.factories import reach_release, seeded_draws, tiny_release
from tests.oracles.lattice_attack import (
    PROTECTED,
    Cell,
    Expression,
    Period,
    Person,
    Program,
    Published,
    Tables,
    known,
    live,
)

SWAP = {"male": "female", "female": "male"}
FIRST, AGAIN = date(2025, 4, 7), date(2025, 9, 1)
Read = tuple[Tables, int]  # tables, and the number of victims they are of


class Corrected(Published):
    """A release that froze men for women, and one that freezes the sexes again."""

    def __init__(self, victims: list[Person], folder: Path) -> None:
        super().__init__(victims, folder)
        self.wrong = True

    def both(self) -> dict[Period, tuple[Read, Read]]:
        """The first version, read as it should have been, and the second."""
        first = self.week(FIRST)
        assert self.before.path is not None
        self.before = again(self.folder, self.before.path, ("sex", "young_black_men"))
        self.wrong = False
        second = self.week(AGAIN)
        return {
            period: ((as_meant(tables), number), second[period])
            for period, (tables, number) in first.items()
        }

    def _rows(self, day: date) -> reach_release.Rows:
        made = super()._rows(day)
        if self.wrong:
            for row in made["victims"]:
                row["sex"] = SWAP.get(row["sex"], row["sex"])
        return made


def again(folder: Path, cut: Path, tables: Collection[str]) -> TableHistory:
    """The history of the first release in `folder`, these tables to be frozen again."""
    kept = folder / f"{FIRST}"
    release = tiny_release.TinyRelease(
        "first", kept, json.loads((kept / "manifest.json").read_text())
    )
    (kept / "built" / "lattice.parquet").write_bytes(cut.read_bytes())
    periods = {
        (row["table_name"], row["city"], row["year"]) for row in table_corrections.read_rows(cut)
    }
    meant = frozenset(period for period in periods if period[0] in tables)
    drawn = {"without_draws": []}
    return TableHistory(
        cut, refreeze=meant, releases=cast("tuple[Release, ...]", (release,)), manifest=drawn
    )


def as_meant(tables: Tables) -> Tables:
    """A first version with its sexes put right; whom it took for young Black men are women."""
    meant = {
        cell: tables["sex", SWAP.get(cell[1], cell[1])] if cell[0] == "sex" else count
        for cell, count in tables.items()
    }
    return meant | {("women", "are"): meant.pop(("young", "are"))}


def counted_live(first: Read, now: Mapping[Cell, int], number: int) -> Read:
    """A second version as a plain new count would have it: of everybody there is now."""
    people = pd.DataFrame({"sex": SEXES, "victims": [now["sex", each] for each in SEXES]})
    cells = suppression.suppress_attribute(people, "sex", SEXES, PROTECTED, seeded_draws.of(number))
    return first[0] | {("sex", value): count for value, count, _ in cells}, number


@dataclass
class Gain:
    """What two versions give away beyond what each keeps to itself."""

    same_people: bool
    shown: int = 0
    withheld: int = 0
    narrowest: float = np.inf
    broken: int = 0
    late_read: int = 0
    moved_read: int = 0

    def attack(self, first: Read, second: Read) -> None:
        """Both versions of one city and year."""
        (one, before), (two, after) = first, second
        cells = [("sex", value) for value in SEXES]
        self.shown += sum(two[cell] is not None for cell in cells)
        self.withheld += sum(two[cell] is None for cell in cells)
        told = [cell for cell in cells if one[cell] is not None and two[cell] is not None]
        changes = sorted((two[cell] or 0) - (one[cell] or 0) for cell in told)
        self.late_read += changes.count(1) == 1 and set(changes) <= {0, 1}
        self.moved_read += (
            changes[:1] == [-1] and changes[-1:] == [1] and sum(map(abs, changes)) == 2
        )
        for cell, (least, most) in self._ways(one, before, two, after).items():
            # That there was nobody follows from a zero that the first version showed by itself.
            if cell == ("women", "are") and one["sex", "female"] == 0:
                continue
            self.narrowest = min(self.narrowest, most - least)
            self.broken += most - least < min(PROTECTED, before)

    def _ways(
        self, one: Tables, before: int, two: Tables, after: int
    ) -> dict[Cell, tuple[float, float]]:
        if not self.same_people:
            return self._of_two_counts(one, before, two, after)
        # The same people: what either version tells is known of both.
        merged = dict(two) | {("women", "are"): one["women", "are"]}
        for cell in (("sex", value) for value in SEXES):
            merged[cell] = two[cell] if two[cell] is not None else one[cell]
        program = known(merged, before)
        women, men = ("women", "are"), ("young", "are")
        young: Expression = {
            ("age_band", value): 1.0 for value in ("0-14", "15-17", "18-24", "25-29")
        }
        black: Expression = {("race_ethnicity", "black"): 1.0}
        program.know({("sex", "female"): 1.0, women: -1.0}, 0, np.inf)
        for wider in (young, black):
            program.know({**wider, women: -1.0, men: -1.0}, 0, np.inf)
        some: Expression = {("sex", "other"): -1.0, ("sex", "unknown"): -1.0}
        program.know({**young, **black, **some, women: -1.0, men: -1.0}, -np.inf, before)
        return program.ways()

    def _of_two_counts(
        self, one: Tables, before: int, two: Tables, after: int
    ) -> dict[Cell, tuple[float, float]]:
        """Bounds of both tables by sex, when the second holds some more people than the first."""
        cells: Tables = {("first", value): one["sex", value] for value in SEXES}
        cells |= {("sex", value): two["sex", value] for value in SEXES}
        program = Program(cells, after)
        for name, number in (("first", before), ("sex", after)):
            program.know({(name, value): 1.0 for value in SEXES}, number, number)
            if any(cells[name, value] is not None for value in SEXES):
                program.at_least_one((name, value) for value in SEXES)
        more = [
            (two["sex", value] or 0) - (one["sex", value] or 0)
            for value in SEXES
            if one["sex", value] is not None and two["sex", value] is not None
        ]
        if min(more, default=0) >= 0 and sum(more) <= after - before:  # nobody is seen to leave
            for value in SEXES:
                program.know({("sex", value): 1.0, ("first", value): -1.0}, 0, after - before)
        try:
            return program.ways()
        except AssertionError:  # somebody left all the same: the two cannot be laid together
            return {}

    def line(self, name: str) -> str:
        """A line of the table that is printed."""
        narrowest = "–" if np.isinf(self.narrowest) else f"{self.narrowest:.0f}"
        return (
            f"{name:<28} {self.shown:>6} {self.withheld:>8} {narrowest:>9} {self.broken:>6} "
            f"{self.late_read:>9} {self.moved_read:>10}"
        )


HEADING = (
    f"{'':<28} {'shown':>6} {'withheld':>8} {'narrowest':>9} {'broken':>6} {'late read':>9} "
    f"{'moved read':>10}"
)


def compared(
    victims: list[Person], folder: Path, ours: Gain, plain: Gain
) -> dict[Period, tuple[Read, Read]]:
    """Attack both versions of the public tables, and those a plain new count would have made."""
    made = Corrected(victims, folder).both()
    now = live(victims, AGAIN)
    for period, (first, second) in made.items():
        ours.attack(first, second)
        tables, number = now[period]
        plain.attack(first, counted_live(first, tables, number))
    return made
