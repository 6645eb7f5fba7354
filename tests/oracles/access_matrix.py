"""Every viewer × query × parameters, and what of it leaked.

What each may be answered is told here anew, from the class in the query's header alone:
nothing of `longevity.auth.viewers` is asked. A cell is one question by one viewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC
from longevity.errors import AccessError, UsageError
from longevity.warehouse import catalogue
from longevity.warehouse.catalogue import QueryParameter
from longevity.warehouse.warehouse import Warehouse

QUERIES = catalogue.load_queries()
CITIES = ("east", "west")
VIEWERS = ("public", *(f"city:{city}" for city in CITIES), "state")
TO_ALL = ("public_record", "public_table")


@dataclass
class Matrix:
    """What was asked and what came of it."""

    cells: int = 0
    answered: int = 0
    refused: int = 0
    wrong_use: int = 0
    answered_to: set[tuple[str, str]] = field(default_factory=set, repr=False)
    leaks: list[Any] = field(default_factory=list)
    public: tuple[str, dict[str, Any], pd.DataFrame] | None = field(default=None, repr=False)

    def everyones(self, warehouse: Warehouse, name: str, given: dict[str, Any]) -> pd.DataFrame:
        """What the public is answered; asked once, for the viewers follow each other."""
        if self.public is None or self.public[:2] != (name, given):
            self.public = (name, given, warehouse.run(name, given, PUBLIC).frame)
        return self.public[2]

    def line(self) -> str:
        """The line that is printed."""
        return (
            f"{self.cells} cells (viewer × query × parameters): {self.answered} answered, "
            f"{self.refused} refused, {self.wrong_use} that no one may ask; {len(self.leaks)} leaks"
        )


def values(parameter: QueryParameter) -> list[Any]:
    """What is worth trying for one parameter."""
    return {
        "city": [None, "all", "null", *CITIES],
        "neighbourhood": [None, "Harbour", "Mill"],
        "date": [None, "2023-03-01", "2024-02-29", "2024-07-01"],
        "integer": [None, *parameter.choices],
        "text": [None, "east", "west", "' OR TRUE --"],
        "choice": [None, *parameter.choices],
        "windows": [None, "years", "2023-03-01..2024-02-28,2022-01-01"],
    }[parameter.kind]


def parameter_sets(name: str, together: int) -> Iterator[dict[str, Any]]:
    """The bare name with each city, then every `together` parameters' values at once.

    Several together are tried with each city. Of one alone the last value is tried, with the
    first city: its own viewer is answered and the other is not.
    """
    parameters = QUERIES[name].parameters
    cities = values(parameters["city"]) if "city" in parameters else [None]
    tried = [CITIES[0]] if together == 1 and CITIES[0] in cities else cities
    first = -1 if together == 1 else 0
    others = [one for one in parameters.values() if one.name != "city"]
    for city in cities:
        base = {} if city is None else {"city": city}
        yield base
        if city not in tried:
            continue
        for several in combinations(others, min(together, len(others))):
            told = [base]
            for one in several:
                told = [{**each, one.name: value} for each in told for value in values(one)[first:]]
            yield from told if several else ()


def ask_all(warehouse: Warehouse, names: Iterator[str] | list[str], together: int = 1) -> Matrix:
    """Ask everything as everybody."""
    matrix = Matrix()
    for name in names:
        for given in parameter_sets(name, together):
            for word in VIEWERS:
                # Of what is not for all the state may have every row: its bare name is enough.
                for_all = together > 1 or str(QUERIES[name].query_class) in TO_ALL
                if word == "state" and given and not for_all:
                    continue
                matrix.cells += 1
                _judge(matrix, warehouse, name, given, word)
    return matrix


def _judge(matrix: Matrix, warehouse: Warehouse, name: str, given: dict[str, Any], word: str) -> None:
    """One cell: whether it was answered as its class allows, and with nobody else's rows."""
    open_to_all = str(QUERIES[name].query_class) in TO_ALL
    own = word.removeprefix("city:") if word.startswith("city:") else None
    elsewhere = own is not None and given.get("city") in CITIES and given.get("city") != own
    allowed = open_to_all or word == "state" or (own is not None and not elsewhere)
    cell = (word, name, given)
    try:
        frame = warehouse.run(name, given, viewers.parse_viewer(word, warehouse.settings)).frame
    except AccessError:
        matrix.refused += 1
        if allowed:
            matrix.leaks.append((*cell, "refused what it may have"))
        return
    except UsageError:
        matrix.wrong_use += 1  # a value that cannot be is refused before access is asked
        return
    matrix.answered += 1
    matrix.answered_to.add((word, name))
    if not allowed:
        matrix.leaks.append((*cell, "answered"))
    if open_to_all and word != "public":
        if not frame.equals(matrix.everyones(warehouse, name, given)):
            matrix.leaks.append((*cell, "not what everyone gets"))
    elif word != "state":
        text = frame.to_csv()
        if any(f"{city}:" in text for city in CITIES if city != own):
            matrix.leaks.append((*cell, "a code that is another's"))
    if own is not None and not open_to_all:
        seen = set(frame["city"]) if "city" in frame.columns else set()
        if seen - {own}:
            matrix.leaks.append((*cell, "another city's rows"))
        if "city" not in frame.columns and "city" not in QUERIES[name].parameters and len(frame):
            matrix.leaks.append((*cell, "rows that say no city"))
