"""Over the whole catalogue and its parameters: who is answered, and with whose codes."""

from __future__ import annotations

import re

import pytest

from longevity.auth.viewers import STATE, QueryClass
from longevity.ingest.contract import BY_NAME
from longevity.warehouse import catalogue
from longevity.warehouse.catalogue import Query
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.oracles.access_matrix import CITIES, QUERIES, ask_all

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

REACHED = {"call_ins", "invitations", "services"}
PEOPLE_SHOT = {"incidents", "victims"}
GROUPS = {"groups"}
MEMBERS = GROUPS | {"memberships"}
NOTICE = MEMBERS | {"call_ins", "invitations", "custom_notifications"}
SHOOTINGS = GROUPS | {"incidents", "incident_groups"}
PROMISE = NOTICE | SHOOTINGS | {"enforcement_actions"}
# What each table rests on at least, and what it may besides: one question of `messages` asks of
# call-ins, another of notifications.
AT_LEAST: dict[str, set[str]] = {
    "daily": PEOPLE_SHOT,
    "hourly": PEOPLE_SHOT,
    "recorded": PEOPLE_SHOT,
    "points": PEOPLE_SHOT,
    "uncounted": PEOPLE_SHOT,
    "located": {"incidents"},
    "people_shot": PEOPLE_SHOT,
    "shootings_as_of": {"incidents"},
    "lineage": GROUPS,
    "lineage_as_of": GROUPS,
    "active_groups": GROUPS,
    "active_groups_as_of": GROUPS,
    "members": MEMBERS,
    "members_as_of": MEMBERS,
    "messages": MEMBERS,
    "held_notices": NOTICE,
    "notices_as_of": NOTICE,
    "standings_as_of": NOTICE | SHOOTINGS,
    "shootings": SHOOTINGS,
    "violations": NOTICE | SHOOTINGS,
    "episodes": PROMISE,
    "episodes_as_of": PROMISE,
    "episode_members": PROMISE,
    "group_actions": PROMISE,
    # Of the public tables, by the one that is read of it.
    **dict.fromkeys(("age_band", "sex", "race_ethnicity", "gmi"), PEOPLE_SHOT),
    "young_black_men": PEOPLE_SHOT,
    "funnel": REACHED,
    "still_active": REACHED,
    "promises": PROMISE,
}
BESIDES: dict[str, set[str]] = {"messages": NOTICE, "located": PEOPLE_SHOT, "shootings_as_of": PEOPLE_SHOT}


def tables(query: Query) -> set[str]:
    """The tables a query is asked of, without those it makes itself."""
    sql = re.sub(r"--.*", "", query.sql)
    own = set(re.findall(r"(\w+) AS \(\s*(?:SELECT|FROM|UNPIVOT)\b", sql))
    asked = {name.lower() for name in re.findall(r"(?:FROM|JOIN)\s+(\w+)", sql)} - own
    if "public_tables" in asked:
        said = re.findall(r"table_name (?:=|IN) (\([^)]*\)|'\w+')", sql)
        asked |= {name for names in said for name in re.findall(r"\w+", names)}
    return asked


@pytest.mark.parametrize("name", list(catalogue.load_queries()))
def test_the_header_names_what_the_sql_rests_on(name):
    query = catalogue.load_queries()[name]
    asked = tables(query)
    assert asked
    if "sources" in asked:  # of every extract a row, which says itself how far that one goes
        assert query.reads == ()
        return
    least = (asked & set(BY_NAME)).union(*(AT_LEAST.get(table, set()) for table in asked))
    most = least.union(*(BESIDES.get(table, set()) for table in asked))
    assert least <= set(query.reads) <= most
