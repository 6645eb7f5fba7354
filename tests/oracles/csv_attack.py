"""What an attacker reads out of answers, whoever gives them: the cells of public tables as text.

Each reader takes rows as a CSV gives them (texts; an empty one is no number) and tells
the tables of an attack, so that what leaves as a file is attacked as itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from tests.oracles import funnel_attack
from tests.oracles.lattice_attack import Found, Period, Tables

TABLES = ("public_victims", "public_young_black_men", "public_funnel", "public_still_active")
Rows = list[dict[str, str]]


def rows(text: str) -> Rows:
    """The rows of a CSV, by the standard library."""
    return list(csv.DictReader(io.StringIO(text)))


def number(text: str) -> int | None:
    """A count, or None where none is told."""
    return int(float(text)) if text else None


def victims(who: Rows, young: Rows) -> dict[Period, tuple[Tables, int]]:
    """The tables of victims of each city and year, with how many they are."""
    found: dict[Period, tuple[Tables, int]] = {}
    for row in young:
        if row["young_black_men_state"] != "missing":
            tables: Tables = {("young", "are"): number(row["young_black_men"]), ("young", "may"): number(row["may_be"])}
            found[row["city"], int(row["year"])] = (tables, number(row["victims"]) or 0)
    for row in who:
        period = (row["city"], int(row["year"]))
        if period in found and row["value"] not in ("not_supplied", "not_counted"):
            # That no table has a value tells whoever reads them all that nobody is of it.
            never = row["victims_state"] == "missing"
            count = 0 if never else number(row["victims"])
            found[period][0][row["attribute"], row["value"]] = count
    return found


def funnel(steps: Rows, stayed: Rows) -> dict[Period, tuple[Tables, int]]:
    """The steps of all years of each city."""
    found: dict[Period, tuple[Tables, int]] = {}
    told = [(r, r["step"], "members") for r in steps] + [(r, "active_90", "active_90") for r in stayed]
    for row, name, column in told:
        if row[f"{column}_state"] != "missing":
            period = (row["city"], funnel_attack.ALL_YEARS)
            tables, _ = found.setdefault(period, ({}, funnel_attack.MOST))
            tables[row["year"], name] = number(row[column])
    return found


def attacked(answers: Iterable[Mapping[str, Rows]]) -> tuple[Found, Found]:
    """Victims and funnel, attacked: `answers` are those of one year each, by query."""
    people, program = Found(), Found(funnel_attack.ways, funnel_attack.steps_read)
    steps: Rows = []
    stayed: Rows = []
    for answer in answers:
        people.attack(victims(answer["public_victims"], answer["public_young_black_men"]))
        steps += answer["public_funnel"]
        stayed += answer["public_still_active"]
    program.attack(funnel(steps, stayed))
    return people, program
