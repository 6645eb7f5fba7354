"""An attacker on the published call-in funnel, and years of call-ins to attack.

The attacker keeps every release and knows how the steps of a year hang together, and
solves integer programs over all the years of a city at once for the least and the most
each withheld cell can be. Nothing here is shared with the code that freezes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from longevity.privacy import public_tables
from longevity.release.table_withdrawals import TableHistory
from tests.factories import extracts, reach_release, tiny_release
from tests.oracles.lattice_attack import PROTECTED, Cell, Expression, Period, Program, Tables

WHOLE_AND_PARTS = (
    ("invited", "reachable", "not_reached"),
    ("reachable", "attended", "not_come"),
    ("attended", "intake_30", "no_intake_30"),
)
STEPS = ("invited", *(part for _, *parts in WHOLE_AND_PARTS for part in parts))
MOST = 1000  # nobody invites more in a year
ALL_YEARS = 0  # a city's years are attacked together: its period is (city, ALL_YEARS)


@dataclass
class Asked:
    """One invitation to a session: when entered, and what was said of it from which day on."""

    city: str
    session: int
    held: date
    entered: date
    said: list[tuple[date, dict[str, Any]]]

    def on(self, day: date) -> dict[str, Any]:
        """What is on file on a day."""
        return [words for since, words in self.said if since <= day][-1]


def asked(seed: int, first: int = 2022, last: int = 2024, a_session: int = 25) -> list[Asked]:
    """Call-ins of two cities; one in eight entered late, one in five said otherwise later."""
    dice = random.Random(seed)
    made = []
    for city in ("east", "west"):
        days = range(365 * (last - first + 1))
        for session in range(4 * (last - first + 1)):
            held = date(first, 1, 1) + timedelta(days=dice.choice(days))
            for _ in range(dice.randint(a_session // 2, a_session)):
                late = dice.randrange(20, 700) if dice.random() < 0.12 else dice.randrange(3)
                said = [(date.min, _described(dice))]
                if dice.random() < 0.2:
                    said.append((held + timedelta(days=dice.randrange(700)), _described(dice)))
                made.append(Asked(city, session, held, held + timedelta(days=late), said))
    return made


def _described(dice: random.Random) -> dict[str, Any]:
    return {
        "route": dice.choices(("parole", "probation", "in_custody"), (6, 3, 1))[0],
        "reachable": dice.choices((True, False, None), (80, 15, 5))[0],
        "attended": dice.choices(("attended", "absent", "excused", "unknown"), (60, 20, 8, 12))[0],
        "intake": dice.choices((None, 10, 45), (6, 5, 1))[0],
        "contact": dice.choices((None, 30, 75), (1, 3, 6))[0],
    }


def funnel_of(known: list[tuple[int, dict[str, Any]]]) -> dict[str, int]:
    """The true steps of some invitations (with their session), by a plain loop."""
    steps = dict.fromkeys((*STEPS, "active_90"), 0)
    for _, words in known:
        if words["route"] == "in_custody":
            continue
        steps["invited"] += 1
        if words["reachable"] is not True:
            steps["not_reached"] += 1
            continue
        steps["reachable"] += 1
        if words["attended"] != "attended":
            steps["not_come"] += 1
            continue
        steps["attended"] += 1
        if words["intake"] is None or words["intake"] > 30:
            steps["no_intake_30"] += 1
            continue
        steps["intake_30"] += 1
        steps["active_90"] += words["contact"] is not None and words["contact"] >= 60
    return steps


def live(invitations: list[Asked], day: date) -> dict[tuple[str, int], dict[str, int]]:
    """The true steps of every city and year as they stand on a day."""
    known: dict[tuple[str, int], list[tuple[int, dict[str, Any]]]] = {}
    for one in invitations:
        if max(one.held, one.entered) <= day:
            known.setdefault((one.city, one.held.year), []).append((one.session, one.on(day)))
    return {period: funnel_of(each) for period, each in known.items()}


def thresholded(steps: Mapping[tuple[str, int], Mapping[str, int]]) -> dict[Period, Any]:
    """Plain threshold suppression of live years, those of a city together."""
    cities: dict[Period, tuple[Tables, int]] = {}
    for (city, year), counts in steps.items():
        tables, _ = cities.setdefault((city, ALL_YEARS), ({}, MOST))
        for name in STEPS:
            small = 1 <= counts[name] <= PROTECTED
            tables[str(year), name] = None if small else counts[name]
    return cities


def ways(tables: Tables, most: int) -> dict[Cell, tuple[float, float]]:
    """The least and the most each withheld cell of one city can be, over all its years."""
    return known(tables, most).ways()


def known(tables: Tables, most: int) -> Program:
    """How the steps of all years of one city hang together."""
    years = sorted({year for year, name in tables if name == "invited"})
    program = Program(tables, most)
    for year in years:
        for whole, *parts in WHOLE_AND_PARTS:
            terms: Expression = {(year, part): 1.0 for part in parts}
            program.know({**terms, (year, whole): -1.0}, 0, 0)
            # Where one part of a step is told, the withheld one is no zero.
            if any(tables[year, part] is not None for part in parts):
                program.at_least_one((year, part) for part in parts)
        if (year, "active_90") in tables:
            began: Expression = {(y, "intake_30"): -1.0 for y in (year, str(int(year) - 1))}
            program.know({**began, (year, "active_90"): 1.0}, -most, 0)
    return program


def steps_read(before: Tables, after: Tables) -> bool:
    """Whether the difference says of one person entered late how far along the way they came."""
    for year in {year for year, _ in before}:
        for _, *parts in WHOLE_AND_PARTS:
            cells = [(year, part) for part in parts]
            if any(before.get(c) is None or after.get(c) is None for c in cells):
                continue
            changes = sorted((after[c] or 0) - (before[c] or 0) for c in cells)
            if changes == [0] * (len(parts) - 1) + [1]:
                return True
    return False


class Published:
    """Weekly releases of the same call-ins; each freezes what is due and copies the rest."""

    def __init__(self, invitations: list[Asked], folder: Path) -> None:
        self.invitations = invitations
        self.folder = folder
        self.settings = tiny_release.settings(folder / "config")
        self.before = TableHistory()

    def week(self, day: date) -> dict[Period, tuple[Tables, int]]:
        """What the public tables of this day's release show, all years of a city together."""
        had = self._cells(self.before.path)
        cells, now = self.recounted(day), live(self.invitations, day)
        for (city, year, name), count in cells.items():
            if (city, year, name) not in had and count is not None:
                years = (year - 1, year) if name == "active_90" else (year,)
                # What is frozen is what was true that day, or it would be of no use.
                assert count == sum(now[city, each][name] for each in years)
        found: dict[Period, tuple[Tables, int]] = {}
        for (city, year, name), count in cells.items():
            found.setdefault((city, ALL_YEARS), ({}, MOST))[0][str(year), name] = count
        return found

    def recounted(self, day: date) -> dict[tuple[str, int, str], int | None]:
        """The cells of the public tables of this day's release, which the next one goes on from."""
        release = reach_release.write(
            self.folder / f"{day}",
            self._rows(day),
            dict.fromkeys(("call_ins", "invitations", "services"), dict.fromkeys(("east", "west"), day)),
        )
        out = self.folder / f"{day}.parquet"
        public_tables.freeze(release, self.settings, self.before, out)
        self.before = TableHistory(out)
        return self._cells(out)

    @staticmethod
    def _cells(path: Path | None) -> dict[tuple[str, int, str], int | None]:
        rows = [] if path is None else pq.read_table(path).to_pylist()
        assert all((row["counted"] is None) == (row["state"] == "withheld") for row in rows)
        return {(row["city"], row["year"], row["value"]): row["counted"] for row in rows}

    def _rows(self, day: date) -> reach_release.Rows:
        made: reach_release.Rows = {"call_ins": [], "invitations": [], "services": []}
        held: set[tuple[str, int]] = set()
        for at, one in enumerate(self.invitations):
            if max(one.held, one.entered) > day:
                continue
            session = f"{one.city}-{one.session}"
            if (one.city, one.session) not in held:
                held.add((one.city, one.session))
                made["call_ins"].append(
                    extracts.row("call_ins", one.session, one.city, call_in_id=session, held_on=one.held)
                )
            words = one.on(day)
            own = {name: words[name] for name in ("route", "reachable", "attended")}
            made["invitations"].append(
                extracts.row("invitations", at, one.city, call_in_id=session, person_id=f"p{at}", **own)
            )
            if words["intake"] is not None:
                contact = words["contact"]
                made["services"].append(
                    extracts.row(
                        "services",
                        at,
                        one.city,
                        person_id=f"p{at}",
                        offered_on=one.held,
                        intake_on=one.held + timedelta(days=words["intake"]),
                        last_contact_on=contact and one.held + timedelta(days=contact),
                        completed_on=None,
                    )
                )
        return made
