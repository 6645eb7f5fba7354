"""Over the whole catalogue and its parameters: who is answered, and with whose codes.

What each may be answered is said here anew, from the class in the query's header alone:
nothing of `longevity.auth.viewers` is asked. A cell is one question by one viewer.
"""

import re
from collections import Counter
from contextlib import closing
from itertools import combinations

import pytest

from longevity.auth import viewers
from longevity.auth.viewers import STATE, QueryClass
from longevity.base.errors import AccessError, UsageError
from longevity.ingest.contract import BY_NAME
from longevity.release.revisions import PHRASES
from longevity.warehouse import catalogue
from longevity.warehouse.connection import open_scope
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release

QUERIES = catalogue.load_queries()
CITIES = ("east", "west")
VIEWERS = ("public", *(f"city:{city}" for city in CITIES), "state")
TO_ALL = ("public_record", "public_table")


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
    others = [parameter for parameter in parameters.values() if parameter.name != "city"]
    for city in cities:
        base = {} if city is None else {"city": city}
        yield base
        if city not in tried:
            continue
        for several in combinations(others, min(together, len(others))):
            asked = [base]
            for parameter in several:
                asked = [{**so_far, parameter.name: v} for so_far in asked for v in values(parameter)[first:]]
            yield from asked if several else ()


def ask_all(warehouse, together=1):
    """Ask everything as everybody: how often it came out how, who was answered what, and the leaks."""
    outcomes, answered_to, leaks = Counter(), set(), []
    for name, query in QUERIES.items():
        is_for_all = str(query.query_class) in TO_ALL
        for given in parameter_sets(name, together):
            everyones = None  # the public comes first
            for word in VIEWERS:
                # Of what is not for all the state may have every row: its bare name is enough.
                if word == "state" and given and not is_for_all and together == 1:
                    continue
                own = word.removeprefix("city:") if word.startswith("city:") else None
                is_elsewhere = given.get("city") in CITIES and given.get("city") != own
                is_allowed = is_for_all or word == "state" or (own is not None and not is_elsewhere)
                cell = (word, name, given)
                try:
                    frame = warehouse.run(name, given, viewers.parse_viewer(word, warehouse.settings)).frame
                except AccessError:
                    outcomes["refused"] += 1
                    leaks += [(*cell, "refused what it may have")] if is_allowed else []
                    continue
                except UsageError:
                    outcomes["no one may ask"] += 1  # a value that cannot be is refused before access is asked
                    continue
                outcomes["answered"] += 1
                answered_to.add((word, name))
                everyones = frame if word == "public" else everyones
                leaks += [] if is_allowed else [(*cell, "answered")]
                leaks += [(*cell, why) for why in find_leaks(frame, query, own, everyones if is_for_all else None)]
    return outcomes, answered_to, leaks


def find_leaks(frame, query, own, everyones):
    """Find what of an answer is not for a city, or the public; `everyones`: what is for all."""
    if everyones is not None:
        if not frame.equals(everyones):
            yield "not what everyone gets"
        return
    if own is None:
        return  # the state may have it, and the public was not to be answered
    if any(f"{city}:" in frame.to_csv() for city in CITIES if city != own):
        yield "a code that is another's"
    if set(frame["city"] if "city" in frame.columns else ()) - {own}:
        yield "another city's rows"
    if "city" not in frame.columns and "city" not in query.parameters and len(frame):
        yield "rows that say no city"


# Fewer would mean that the matrix no longer is the whole of it: 56 questions, each parameter.
LEAST_CELLS, LEAST_REFUSED = 1_140, 390
LEAST_CELLS_OF_PAIRS = 15_000


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Random rows; every code says its city."""
    world = reach_release.draw_world(11)
    folder = tmp_path_factory.mktemp("access")
    derived = [name for name in BY_NAME if name != "invitations"]  # of that one the day was stated
    release = reach_release.write(folder / "release", world.rows, world.through, derived=derived)
    changes = {key: 2 for key, _ in PHRASES}
    found = {"rule": "late", "severity": "warning", "sentence": "Two rows came late.", "count": 2}
    release.manifest.update(
        quarantined={"incidents": 2}, checks=[found], ledger=[{"city": city, **changes} for city in CITIES]
    )
    left_out = {"year": 2024, "circumstance": "accident", "incidents": 2, "victims": 3}
    tiny_release.write_built(release.path, "uncounted", [{"city": city, **left_out} for city in CITIES])
    opened = Warehouse(release, tiny_release.settings(folder / "config"))
    yield opened
    opened.close()


def test_every_viewer_gets_of_every_question_what_its_class_allows(warehouse):
    outcomes, answered_to, leaks = ask_all(warehouse)
    assert leaks == []
    assert outcomes.total() >= LEAST_CELLS
    assert outcomes["refused"] >= LEAST_REFUSED
    # A question that nobody is answered would hide what it tells.
    assert answered_to >= {("state", name) for name in QUERIES}


@pytest.mark.audit
def test_nor_with_two_parameters_at_once(warehouse):
    outcomes, _, leaks = ask_all(warehouse, together=2)
    assert leaks == []
    assert outcomes.total() >= LEAST_CELLS_OF_PAIRS


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


# What a scope's database holds, whatever is asked of it. A table to come is of one city alone, or
# has to be declared here: as one that everybody has alike, or one that says no city.
EVERYONES = {
    *("areas", "cities", "data_through", "daily", "hourly", "recorded", "ledger", "public_tables"),
    *("reference_places", "zeros"),
}
OF_NO_CITY = {"attributes", "checks", "evaluations", "published_counts", "sources"}


def read_scope(warehouse, scope):
    """Every row of every table and view of a scope: those with a city, then those without."""
    of_cities, others = {}, {}
    with closing(open_scope(warehouse.release, warehouse.settings, scope)) as opened:
        for (name,) in opened.execute("SELECT table_name FROM information_schema.tables").fetchall():
            found = opened.execute(f"FROM {name}")
            columns = [column for column, *_ in found.description]
            held = [dict(zip(columns, map(str, row), strict=True)) for row in found.fetchall()]
            (of_cities if "city" in columns else others)[name] = held
    return of_cities, others


@pytest.mark.parametrize("scope", ["public", *CITIES])
def test_no_table_of_a_scope_has_more_of_another_city_than_everybody_has(warehouse, scope):
    everyones, _ = read_scope(warehouse, "public")
    held, _ = read_scope(warehouse, scope)
    assert set(held) >= EVERYONES
    elsewhere = {name: [row for row in rows if row["city"] != scope] for name, rows in held.items()}
    of_others = {
        name: [row for row in rows if name not in EVERYONES or row not in everyones[name]]
        for name, rows in elsewhere.items()
    }
    assert {name: rows for name, rows in of_others.items() if rows} == {}


@pytest.mark.parametrize("scope", ["public", *CITIES, "state"])
def test_a_table_that_says_no_city_is_declared_and_tells_a_city_no_more_than_everybody(warehouse, scope):
    _, everyones = read_scope(warehouse, "public")
    _, held = read_scope(warehouse, scope)
    assert set(held) == OF_NO_CITY
    if scope != "state":
        assert [name for name, rows in held.items() for row in rows if row not in everyones[name]] == []


def test_every_table_of_one_city_alone_holds_both_for_the_state(warehouse):
    # Without this the tests above could pass on empty tables.
    held, _ = read_scope(warehouse, "state")
    cities = {name: {row["city"] for row in rows} for name, rows in held.items() if name not in EVERYONES}
    assert {name for name, named in cities.items() if named != set(CITIES)} == set()


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
    "messages messages_as_of": (MEMBERS, NOTICE),  # one question asks of call-ins, another of notifications
    "attempts_as_of": (MEMBERS | {"custom_notifications"}, set()),
    "held_notices notices_as_of": (NOTICE, set()),
    "shootings shot_as_of": (SHOOTINGS, set()),
    "sides_as_of": ({"groups", "incident_groups"}, set()),
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
