"""Over the whole catalogue and its parameters: who is answered, and with whose codes.

What each may be answered is told here anew, from the class in the query's header alone:
nothing of `longevity.auth.viewers` is asked. A cell is one question by one viewer.
"""

import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, QueryClass
from longevity.errors import AccessError, UsageError
from longevity.ingest.contract import BY_NAME
from longevity.warehouse import catalogue
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release

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

    def everyones(self, warehouse, name, given):
        """What the public is answered; asked once, for the viewers follow each other."""
        if self.public is None or self.public[:2] != (name, given):
            self.public = (name, given, warehouse.run(name, given, PUBLIC).frame)
        return self.public[2]

    def line(self):
        """The line that is printed."""
        return (
            f"{self.cells} cells (viewer × query × parameters): {self.answered} answered, "
            f"{self.refused} refused, {self.wrong_use} that no one may ask; {len(self.leaks)} leaks"
        )


def values(parameter):
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


def parameter_sets(name, together):
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


def ask_all(warehouse, names, together=1):
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


def _judge(matrix, warehouse, name, given, word):
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


# Fewer would mean that the matrix no longer is the whole of it: 61 questions, each parameter.
LEAST_CELLS, LEAST_REFUSED = 1_150, 400
LEAST_CELLS_OF_PAIRS = 17_700


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Random rows; every code says its city."""
    world = reach_release.draw_world(11)
    folder = tmp_path_factory.mktemp("access")
    release = reach_release.write(folder / "release", world.rows, world.through)
    opened = Warehouse(release, tiny_release.settings(folder / "config"))
    yield opened
    opened.close()


def test_every_viewer_gets_of_every_question_what_its_class_allows(warehouse):
    matrix = ask_all(warehouse, list(QUERIES))
    print(f"\n{matrix.line()}")
    assert matrix.leaks == []
    assert matrix.cells >= LEAST_CELLS
    assert matrix.refused >= LEAST_REFUSED
    # A question that nobody is answered would hide what it tells.
    assert matrix.answered_to >= {("state", name) for name in QUERIES}


@pytest.mark.audit
def test_nor_with_two_parameters_at_once(warehouse, capsys):
    matrix = ask_all(warehouse, list(QUERIES), together=2)
    with capsys.disabled():
        print(f"\n{matrix.line()}")
    assert matrix.leaks == []
    assert matrix.cells >= LEAST_CELLS_OF_PAIRS


def test_the_state_does_get_both_cities_codes(warehouse):
    # Without this the tests above could pass on empty answers.
    seen = "".join(
        warehouse.run(name, {}, STATE).frame.to_csv()
        for name, query in QUERIES.items()
        if query.query_class is QueryClass.NAMED
    )
    assert "east:" in seen
    assert "west:" in seen
    ever = {"date_from": "2022-01-01", "date_until": "2026-01-01"}
    assert set(warehouse.run("incident_points", ever, STATE).frame["city"]) == set(CITIES)


# A query's header names the extracts its SQL rests on, those behind derived tables included

SHOT = {"incidents", "victims"}
MEMBERS = {"groups", "memberships"}
NOTICE = MEMBERS | {"call_ins", "invitations", "custom_notifications"}
SHOOTINGS = {"groups", "incidents", "incident_groups"}
PROMISE = NOTICE | SHOOTINGS | {"enforcement_actions"}
# By the tables that rest on them: at least these, and what they may besides.
RESTS_ON: dict[str, tuple[set[str], set[str]]] = {
    "daily hourly recorded points uncounted people_shot": (SHOT, set()),
    "age_band sex race_ethnicity gmi young_black_men": (SHOT, set()),
    "located shootings_as_of": ({"incidents"}, SHOT),
    "lineage lineage_as_of active_groups active_groups_as_of": ({"groups"}, set()),
    "members members_as_of": (MEMBERS, set()),
    "messages": (MEMBERS, NOTICE),  # one question asks of call-ins, another of notifications
    "held_notices notices_as_of": (NOTICE, set()),
    "shootings": (SHOOTINGS, set()),
    "standings_as_of violations": (NOTICE | SHOOTINGS, set()),
    "episodes episodes_as_of episode_members group_actions promises": (PROMISE, set()),
    "funnel still_active": ({"call_ins", "invitations", "services"}, set()),
}
OF_TABLE = {table: rests for tables, rests in RESTS_ON.items() for table in tables.split()}


def tables(query):
    """The tables a query is asked of, without those it makes itself."""
    sql = re.sub(r"--.*", "", query.sql)
    own = set(re.findall(r"(\w+) AS \(\s*(?:SELECT|FROM|UNPIVOT)\b", sql))
    asked = {name.lower() for name in re.findall(r"(?:FROM|JOIN)\s+(\w+)", sql)} - own
    if "public_tables" in asked:  # by the one that is read of it
        said = re.findall(r"table_name (?:=|IN) (\([^)]*\)|'\w+')", sql)
        asked |= {name for names in said for name in re.findall(r"\w+", names)}
    return asked


def find_wrong_header(query):
    asked = tables(query)
    if "sources" in asked:  # of every extract a row, which says itself how far that one goes
        return query.reads != ()
    rests = [OF_TABLE.get(table, (set(), set())) for table in asked]
    least = (asked & set(BY_NAME)).union(*(least for least, _ in rests))
    return not asked or not least <= set(query.reads) <= least.union(*(more for _, more in rests))


def test_each_header_names_what_the_sql_rests_on():
    assert [name for name, query in QUERIES.items() if find_wrong_header(query)] == []
