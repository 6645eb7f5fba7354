"""An attacker on published tables of victims' attributes, and a year to attack.

The attacker keeps every table of every week, knows the number of victims of each city
and year in each week (it is public) and how the tables hang together, and solves integer
programs for the least and the most each withheld cell can be. Nothing here is shared
with the code that freezes.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import Bounds, LinearConstraint, milp

from longevity.facts.age_bands import AGE_BANDS
from longevity.ingest.contract import GMI, RACES, SEXES
from longevity.privacy import public_tables
from longevity.release.table_withdrawals import TableHistory
from tests.factories import extracts, reach_release, tiny_release

PROTECTED = 5  # the stated interval: no withheld cell may be known to fewer ways than this + 1
VALUES = {"age_band": AGE_BANDS, "sex": SEXES, "race_ethnicity": RACES, "gmi": GMI}
OWN = {**VALUES, "age_band": ("0-17", "18-30", "31-64", "65-79", "80+", "unknown")}
Cell = tuple[str, str]  # table, value
Period = tuple[str, int]  # city, year
Tables = dict[Cell, int | None]  # None: withheld
Expression = dict[Cell, float]


@dataclass
class Filed:
    """A victim or an invitation: when entered, and what was said of it from which day on."""

    city: str
    day: date
    entered: date
    said: list[tuple[date, dict[str, Any]]]
    session: int = 0  # to which somebody was invited

    def on(self, day: date) -> dict[str, Any]:
        return [words for since, words in self.said if since <= day][-1]

    def is_known(self, day: date) -> bool:
        return max(self.day, self.entered) <= day


def people(
    seed: int, first: int = 2022, last: int = 2024, a_year: int = 100, values: Mapping[str, tuple[str, ...]] = VALUES
) -> list[Filed]:
    """Victims of two cities; one in five entered late, one in ten said otherwise later."""
    dice = random.Random(seed)
    made = []
    for city in ("east", "west"):
        for _ in range(a_year * (last - first + 1)):
            day = date(first, 1, 1) + timedelta(days=dice.randrange(365 * (last - first + 1)))
            late = dice.randrange(20, 700) if dice.random() < 0.2 else dice.randrange(3)
            said = [(date.min, _described(dice, values))]
            if dice.random() < 0.1:
                later = day + timedelta(days=dice.randrange(700))
                said.append((later, _described(dice, values)))
            made.append(Filed(city, day, day + timedelta(days=late), said))
    return made


def _described(dice: random.Random, values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    weights = {
        "age_band": (3, 7, 30, 20, 14, 16, 6, 3, 2) if values is VALUES else (9, 45, 36, 4, 1, 5),
        "sex": (9, 86, 1, 4),
        "race_ethnicity": (58, 24, 10, 1, 1, 2, 4),
        "gmi": (55, 8, 33, 4),
    }
    return {name: dice.choices(values[name], weights[name])[0] for name in values}


def younger(band: str) -> bool | None:
    """Whether a band lies below 30; None where it may."""
    if band == "unknown":
        return None
    years = [int(year) for year in band.rstrip("+").split("-")]
    if years[0] >= 30:
        return False
    return True if len(years) == 2 and years[1] < 30 else None


def tables_of(known: Iterable[Mapping[str, str]], values: Mapping[str, tuple[str, ...]] = VALUES) -> dict[Cell, int]:
    """The true cells of some victims, by a plain loop."""
    cells = {(name, value): 0 for name, words in values.items() for value in words}
    cells |= {("young", "are"): 0, ("young", "may"): 0}
    for words in known:
        for name in values:
            cells[name, words[name]] += 1
        age = younger(words["age_band"])
        each = (
            (age is True, age is None),
            (words["sex"] == "male", words["sex"] == "unknown"),
            (words["race_ethnicity"] == "black", words["race_ethnicity"] == "unknown"),
        )
        if all(sure for sure, _ in each):
            cells["young", "are"] += 1
        elif all(sure or unsure for sure, unsure in each):
            cells["young", "may"] += 1
    return cells


class Program:
    """What an attacker knows of some withheld cells, and the bounds that follow."""

    def __init__(self, tables: Tables, most: float) -> None:
        self.tables = dict(tables)
        self.unknown = [cell for cell, count in tables.items() if count is None]
        self.at = {cell: number for number, cell in enumerate(self.unknown)}
        self.least = np.zeros(len(self.unknown))
        self.most = np.full(len(self.unknown), float(most))
        self.rows: list[dict[int, float]] = []
        self.ends: list[tuple[float, float]] = []

    def know(self, terms: Expression, least: float, most: float) -> None:
        """That a sum of cells, each with a sign, lies from `least` to `most`."""
        given = sum(sign * (self.tables[c] or 0) for c, sign in terms.items() if c not in self.at)
        signs = {self.at[cell]: sign for cell, sign in terms.items() if cell in self.at}
        if signs:
            self.rows.append(signs)
            self.ends.append((least - given, most - given))

    def at_least_one(self, cells: Iterable[Cell]) -> None:
        """That those of the cells which are withheld are no zeros."""
        for cell in cells:
            if cell in self.at:
                self.least[self.at[cell]] = 1.0

    def add(self, cell: Cell, least: float, most: float) -> None:
        """One more whole number that is not known, from `least` to `most`."""
        self.tables[cell] = None
        self.at[cell] = len(self.at)
        self.least, self.most = np.append(self.least, least), np.append(self.most, most)

    def ways(self) -> dict[Cell, tuple[float, float]]:
        """The least and the most each withheld cell can be: whole numbers, each the best."""
        found = {}
        tied = self._tied()
        for cell in self.unknown:
            goal = np.zeros(len(self.at))
            goal[self.at[cell]] = 1.0
            ends = []
            for sign in (1.0, -1.0):
                solved = milp(
                    sign * goal,
                    constraints=tied,
                    integrality=np.ones(len(self.at)),
                    bounds=Bounds(self.least, self.most),
                )
                assert solved.status == 0, (cell, self.tables, solved.message)
                ends.append(round(sign * solved.fun))
            found[cell] = (ends[0], ends[1])
        return found

    def _tied(self) -> list[LinearConstraint]:
        if not self.rows:
            return []
        matrix = np.zeros((len(self.rows), len(self.at)))
        for at, signs in enumerate(self.rows):
            matrix[at, list(signs)] = list(signs.values())
        low, high = np.array(self.ends).T
        return [LinearConstraint(matrix, low, high)]


def ways(tables: Tables, victims: int) -> dict[Cell, tuple[float, float]]:
    """The least and the most each withheld cell can be, over all that hangs together."""
    return known(tables, victims).ways()


def known(tables: Tables, victims: int) -> Program:
    """How the tables of one city and year hang together."""
    program = Program(tables, victims)
    shown = {name: [v for n, v in tables if n == name] for name in VALUES}
    for name, values in shown.items():
        program.know({(name, value): 1.0 for value in values}, victims, victims)
    sure, maybe = ("young", "are"), ("young", "may")
    wider: list[Expression] = [
        {("age_band", value): 1.0 for value in shown["age_band"] if younger(value)},
        {("sex", "male"): 1.0},
        {("race_ethnicity", "black"): 1.0},
    ]
    unsure: list[Expression] = [
        {("age_band", value): 1.0 for value in shown["age_band"] if younger(value) is None},
        {("sex", "unknown"): 1.0},
        {("race_ethnicity", "unknown"): 1.0},
    ]
    # Of bands that are a city's own, rare ones are among the unknown: known to be young or not.
    rare = {("age_band", "unknown"): 1.0} if set(shown["age_band"]) - set(AGE_BANDS) else {}
    wider[0] |= rare
    for one, not_known in zip(wider, unsure, strict=True):
        program.know({**one, sure: -1.0}, 0, np.inf)
        program.know({**one, **not_known, sure: -1.0, maybe: -1.0}, 0, np.inf)
    every = {cell: 1.0 for one in wider for cell in one}
    program.know({**every, sure: -1.0}, -np.inf, 2 * victims)
    all_unsure = {cell: 1.0 for reach in unsure for cell in reach}
    program.know({**every, **all_unsure, sure: -1.0, maybe: -1.0}, -np.inf, 2 * victims)
    program.know({sure: 1.0, maybe: 1.0}, 0, victims)
    for name, values in shown.items():
        # Where only some cells of a table are withheld, none of those is a zero.
        if any(tables[name, value] is not None for value in values):
            program.at_least_one((name, value) for value in values)
    return program


def reads_one(before: Tables, after: Tables) -> bool:
    """Whether the difference says of one person who was entered what they are."""
    for name in {name for name, _ in before} - {"young"}:
        changes = [
            (after[cell] or 0) - (before[cell] or 0)
            for cell in before
            if cell[0] == name and before[cell] is not None and after[cell] is not None
        ]
        if Counter(changes)[1] == 1 and set(changes) <= {0, 1}:
            return True
    return False


@dataclass
class Found:
    """What a year of attacking found; `ways` and `reads_one` are how the tables are attacked."""

    ways: Callable[[Tables, int], dict[Cell, tuple[float, float]]] = ways
    reads_one: Callable[[Tables, Tables], bool] = reads_one
    least: int = PROTECTED  # how far apart the ends must be
    shown: int = 0
    withheld: int = 0
    narrowest: float = np.inf
    broken: int = 0
    exact: int = 0
    late_read: int = 0
    seen: dict[Period, Tables] = field(default_factory=dict)
    tried: set[Any] = field(default_factory=set)

    def attack(self, week: Mapping[Period, tuple[Tables, int]]) -> None:
        """One week's tables with the number of victims they are of."""
        for period, (tables, victims) in week.items():
            before = self.seen.get(period)
            if before is not None and before != tables:
                self.late_read += self.reads_one(before, tables)
            self.seen[period] = tables
            key = (period, tuple(tables.items()), victims)
            if key in self.tried:
                continue
            self.tried.add(key)
            bounds = self.ways(tables, victims)
            self.shown += len(tables) - len(bounds)
            self.withheld += len(bounds)
            for least, most in bounds.values():
                self.narrowest = min(self.narrowest, most - least)
                self.broken += most - least < min(self.least, victims)
                self.exact += most == least


def live(
    victims: list[Filed], week: date, values: Mapping[str, tuple[str, ...]] = VALUES
) -> dict[Period, tuple[dict[Cell, int], int]]:
    """The true tables of every city and year as they are on a day."""
    known: dict[Period, list[Mapping[str, str]]] = {}
    for victim in victims:
        if victim.is_known(week):
            known.setdefault((victim.city, victim.day.year), []).append(victim.on(week))
    return {period: (tables_of(words, values), len(words)) for period, words in known.items()}


def thresholded(cells: Mapping[Cell, int]) -> Tables:
    """Plain threshold suppression: 1 to 5 withheld, and nothing else."""
    return {cell: None if 1 <= count <= PROTECTED else count for cell, count in cells.items()}


class Releases:
    """Weekly releases of the same rows; each freezes what is due and copies the rest."""

    def __init__(self, filed: list[Filed], folder: Path) -> None:
        self.filed = filed
        self.folder = folder
        self.settings = tiny_release.settings(folder / "config")
        self.before = TableHistory()
        self.victims_when_cut: dict[Period, int] = {}

    def freeze(self, day: date, rows: reach_release.Rows) -> list[dict[str, Any]]:
        """The rows of the public tables of this day's release, which the next one goes on from."""
        through = dict.fromkeys(rows, dict.fromkeys(("east", "west"), day))
        starts = dict.fromkeys(("east", "west"), date(2022, 1, 1))
        release = reach_release.write(self.folder / f"{day}", rows, through, starts)
        out = self.folder / f"{day}.parquet"
        public_tables.freeze(release, self.settings, self.before, out)
        self.before = TableHistory(out)
        return pq.read_table(out).to_pylist()


class Published(Releases):
    def week(self, day: date) -> dict[Period, tuple[Tables, int]]:
        """What the public tables of this day's release show, and of how many victims."""
        found: dict[Period, Tables] = {}
        for row in self.freeze(day, self._rows(day)):
            period = (row["city"], row["year"])
            name, value = row["table_name"], row["value"]
            if name == "young_black_men":
                name, value = "young", value.replace("young_black_men", "are").split("_be")[0]
            assert (row["counted"] is None) == (row["state"] in ("withheld", "missing"))
            if value != "victims":
                # That no table has a value tells those who read them all that nobody is of it.
                count = 0 if row["state"] == "missing" else row["counted"]
                found.setdefault(period, {})[name, value] = count
        for city, year in found:
            now = sum(v.is_known(day) for v in self.filed if (v.city, v.day.year) == (city, year))
            self.victims_when_cut.setdefault((city, year), now)
        return {period: (cells, self.victims_when_cut[period]) for period, cells in found.items()}

    def _rows(self, day: date) -> reach_release.Rows:
        made: reach_release.Rows = {"incidents": [], "victims": []}
        for at, victim in enumerate(self.filed):
            if victim.is_known(day):
                words = dict(victim.on(day))
                about = {"gmi": words.pop("gmi"), "incident_id": f"i{at}"}
                about["occurred_at"] = datetime.combine(victim.day, time(20))
                made["incidents"].append(extracts.row("incidents", at, victim.city, **about))
                made["victims"].append(extracts.row("victims", at, victim.city, incident_id=f"i{at}", **words))
        return made
