"""An attacker on the published call-in funnel, and years of call-ins to attack.

The attacker keeps every release and knows how the steps of a year hang together, and
solves integer programs over all the years of a city at once for the least and the most
each withheld cell can be. Nothing here is shared with the code that freezes.
"""

import csv
import io
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow.parquet as pq

from tests.factories import extracts, reach_release
from tests.oracles.lattice_attack import PROTECTED, Cell, Expression, Filed, Found, Period, Program, Releases, Tables

WHOLE_AND_PARTS = (
    ("invited", "reachable", "not_reached"),
    ("reachable", "attended", "not_come"),
    ("attended", "intake_30", "no_intake_30"),
)
STEPS = ("invited", *(part for _, *parts in WHOLE_AND_PARTS for part in parts))
MOST = 1000  # nobody invites more in a year
ALL_YEARS = 0  # a city's years are attacked together: its period is (city, ALL_YEARS)


def asked(seed: int, first: int = 2022, last: int = 2024, a_session: int = 25) -> list[Filed]:
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
                made.append(Filed(city, held, held + timedelta(days=late), said, session))
    return made


def _described(dice: random.Random) -> dict[str, Any]:
    return {
        "route": dice.choices(("parole", "probation", "in_custody"), (6, 3, 1))[0],
        "reachable": dice.choices((True, False, None), (80, 15, 5))[0],
        "attended": dice.choices(("attended", "absent", "excused", "unknown"), (60, 20, 8, 12))[0],
        "intake": dice.choices((None, 10, 45), (6, 5, 1))[0],
        "contact": dice.choices((None, 30, 75), (1, 3, 6))[0],
    }


def funnel_of(known: list[dict[str, Any]]) -> dict[str, int]:
    """The true steps of some invitations, by a plain loop."""
    steps = dict.fromkeys((*STEPS, "active_90"), 0)
    for words in known:
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


def live(invitations: list[Filed], day: date) -> dict[tuple[str, int], dict[str, int]]:
    """The true steps of every city and year as they are on a day."""
    known: dict[Period, list[dict[str, Any]]] = {}
    for invitation in invitations:
        if invitation.is_known(day):
            period = (invitation.city, invitation.day.year)
            known.setdefault(period, []).append(invitation.on(day))
    return {period: funnel_of(words) for period, words in known.items()}


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
            # Where one part of a step is shown, the withheld one is no zero.
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


class Published(Releases):
    def week(self, day: date) -> dict[Period, tuple[Tables, int]]:
        """What the public tables of this day's release show, all years of a city together."""
        had = {} if self.before.path is None else self._cells(pq.read_table(self.before.path).to_pylist())
        cells, now = self._cells(self.freeze(day, self._rows(day))), live(self.filed, day)
        for (city, year, name), count in cells.items():
            if (city, year, name) not in had and count is not None:
                years = (year - 1, year) if name == "active_90" else (year,)
                # What is frozen is what was true that day, or it would be of no use.
                assert count == sum(now[city, each][name] for each in years)
        found: dict[Period, tuple[Tables, int]] = {}
        for (city, year, name), count in cells.items():
            found.setdefault((city, ALL_YEARS), ({}, MOST))[0][str(year), name] = count
        return found

    @staticmethod
    def _cells(rows: list[dict[str, Any]]) -> dict[tuple[str, int, str], int | None]:
        assert all((row["counted"] is None) == (row["state"] == "withheld") for row in rows)
        return {(row["city"], row["year"], row["value"]): row["counted"] for row in rows}

    def _rows(self, day: date) -> reach_release.Rows:
        made: reach_release.Rows = {"call_ins": [], "invitations": [], "services": []}
        held: set[str] = set()

        def add(extract: str, number: int, city: str, **words: Any) -> None:
            made[extract].append(extracts.row(extract, number, city, **words))

        for at, invitation in enumerate(self.filed):
            if not invitation.is_known(day):
                continue
            city, on, person = invitation.city, invitation.day, f"p{at}"
            session = f"{city}-{invitation.session}"
            if session not in held:
                held.add(session)
                add("call_ins", invitation.session, city, call_in_id=session, held_on=on)
            words = dict(invitation.on(day))
            intake, contact = words.pop("intake"), words.pop("contact")
            add("invitations", at, city, call_in_id=session, person_id=person, **words)
            if intake is not None:
                seen = contact and on + timedelta(days=contact)
                began = {"offered_on": on, "intake_on": on + timedelta(days=intake), "last_contact_on": seen}
                add("services", at, city, person_id=person, completed_on=None, **began)
        return made


# What leaves as a file is attacked as itself: rows as a CSV gives them, as tables of an attack
TABLES = ("public_victims", "public_young_black_men", "public_funnel", "public_still_active")
Rows = list[dict[str, str]]


def read_rows(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text)))


def read_number(text: str) -> int | None:
    """A count, or None where none is shown."""
    return int(float(text)) if text else None


def read_victims(who: Rows, young: Rows) -> dict[Period, tuple[Tables, int]]:
    """The tables of victims of each city and year, with how many they are."""
    found: dict[Period, tuple[Tables, int]] = {}
    for row in young:
        if row["young_black_men_state"] != "missing":
            tables: Tables = {
                ("young", "are"): read_number(row["young_black_men"]),
                ("young", "may"): read_number(row["may_be"]),
            }
            found[row["city"], int(row["year"])] = (tables, read_number(row["victims"]) or 0)
    for row in who:
        period = (row["city"], int(row["year"]))
        if period in found and row["value"] not in ("not_supplied", "not_counted"):
            # That no table has a value tells those who read them all that nobody is of it.
            never = row["victims_state"] == "missing"
            count = 0 if never else read_number(row["victims"])
            found[period][0][row["attribute"], row["value"]] = count
    return found


def read_funnel(steps: Rows, stayed: Rows) -> dict[Period, tuple[Tables, int]]:
    found: dict[Period, tuple[Tables, int]] = {}
    to_read = [(r, r["step"], "members") for r in steps] + [(r, "active_90", "active_90") for r in stayed]
    for row, name, column in to_read:
        if row[f"{column}_state"] != "missing":
            period = (row["city"], ALL_YEARS)
            tables, _ = found.setdefault(period, ({}, MOST))
            tables[row["year"], name] = read_number(row[column])
    return found


def attack_files(answers: Iterable[Mapping[str, Rows]]) -> tuple[Found, Found]:
    """Victims and funnel, attacked: `answers` are those of one year each, by query."""
    people, program = Found(), Found(ways, steps_read)
    steps: Rows = []
    stayed: Rows = []
    for answer in answers:
        people.attack(read_victims(answer["public_victims"], answer["public_young_black_men"]))
        steps += answer["public_funnel"]
        stayed += answer["public_still_active"]
    program.attack(read_funnel(steps, stayed))
    return people, program
