"""Over the whole catalogue and its parameters: who is answered, and with whose codes."""

from __future__ import annotations

import re

import pytest

from longevity.auth.viewers import STATE, QueryClass
from longevity.ingest.contract import BY_NAME
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
