"""Whether a city gives nowhere what is told as a no where it is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from longevity.ingest.validation.findings import ACCEPT, Finding, make_finding
from longevity.settings import Settings

LEAST_UNFILLED = 20  # where one row in four is filled in, so many without one come once in 300


@dataclass(frozen=True)
class ReadAsNo:
    """What is told as a no where a row does not give it.

    Asked of the rows of `extract` where `among` holds; `given` is SQL of one that says yes, `said`
    the words for it. `needed_for` is what a city leaves out when its source cannot say it.
    """

    extract: str
    column: str
    told: str
    needed_for: str
    among: str = "TRUE"
    given: str = ""
    said: str = ""


READ_AS_NO = (
    ReadAsNo("incidents", "reviewed_on", "all {} as not reviewed", "shooting_reviews"),
    ReadAsNo("call_ins", "held_on", "all {} as not held", "call_ins"),
    ReadAsNo(
        *("incident_groups", "role", "no group as having shot in any of {}", "incident_groups"),
        given="role = 'suspect'",
        said="says suspect under role",
    ),
    ReadAsNo(
        *("enforcement_actions", "group_id", "all {} as on no group", "enforcement_actions"),
        among="scope = 'group'",
    ),
    ReadAsNo(
        *("releases_from_custody", "greeted_on", "all {} as not met", "releases_from_custody"),
        among="released_on IS NOT NULL",
        given="greeted_on IS NOT NULL OR greeted_by IS NOT NULL",
    ),
    ReadAsNo("services", "intake_on", "all {} as not begun", "services"),
    ReadAsNo("community_requests", "answered_on", "all {} as not answered", "community_requests"),
)


def find_never_filled(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, str], settings: Settings
) -> Iterator[Finding]:
    """Find cities that say yes nowhere: that nobody says it is not that it never was."""
    for each in READ_AS_NO:
        if each.extract not in files or each.needed_for not in files:
            continue
        given = each.given or f"{each.column} IS NOT NULL"
        rows = connection.execute(
            f"SELECT city, count(*) AS silent FROM {each.extract} "
            f"WHERE {each.among} AND city IN (SELECT city FROM {each.needed_for}) GROUP BY city "
            f"HAVING silent >= {LEAST_UNFILLED} AND count(*) FILTER (WHERE {given}) = 0 "
            "ORDER BY city"
        ).fetchall()
        for city, silent in rows:
            if city in settings.cities:
                yield _never_filled_finding(files, each, settings.cities[city].name, silent)


def _never_filled_finding(
    files: Mapping[str, str], each: ReadAsNo, name: str, silent: int
) -> Finding:
    said, told = each.said or f"gives {each.column}", each.told.format(silent)
    return make_finding(
        files[each.extract],
        "never_filled",
        f"no row of {name} {said}, so that screens would tell {told}.",
        f"Map the column that says it. If the source has none, leave {each.needed_for} out for "
        f"this city: then it is told as not supplied. {ACCEPT}",
        column=each.column,
        kind_of_value="a date" if each.column.endswith("_on") else "a word",
        count=silent,
        acceptable=True,
    )
