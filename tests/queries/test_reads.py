"""A query's header names the extracts its SQL rests on, those behind derived tables included."""

from __future__ import annotations

import re

import pytest

from longevity.ingest.contract import BY_NAME
from longevity.warehouse import catalogue
from longevity.warehouse.catalogue import Query

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
BESIDES: dict[str, set[str]] = {
    "messages": NOTICE,
    "located": PEOPLE_SHOT,
    "shootings_as_of": PEOPLE_SHOT,
}


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
