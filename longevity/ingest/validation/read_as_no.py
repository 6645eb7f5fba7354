"""Whether what is told as a no where it is absent is given nowhere, or from some later day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from longevity.dates import format_long
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.validation.findings import Finding, make_finding
from longevity.settings import Settings

LATE_DAYS = 365  # a program's first year may well pass without it
LEAST_ROWS = 20  # where one row in four is filled in, so many without one come once in 300
LEAST_INVITED = 10  # of whom none came, where a third or more do, once in 60 or less
UNREVIEWED = 0.1


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
    ReadAsNo(
        *("invitations", "attended", "nobody as having come of {} invited", "invitations"),
        among="attended <> 'unknown'",
        given="attended = 'attended'",
        said="says attended",
    ),
    ReadAsNo(
        *("invitations", "reachable", "none of {} invited as reached", "invitations"),
        among="reachable IS NOT NULL",
        given="reachable",
        said="says that somebody could be reached",
    ),
    ReadAsNo(
        *("custom_notifications", "contact", "none of {} as made", "custom_notifications"),
        given="contact <> 'none'",
        said="says with whom there was contact",
    ),
    ReadAsNo(
        *("supervision_contacts", "result", "none of {} as made", "supervision_contacts"),
        among="result <> 'unknown'",
        given="result = 'made'",
        said="says made under result",
    ),
    *(
        ReadAsNo(
            *(extract, column, told, extract),
            among=f"{begun} <= "
            f"(SELECT CAST(max({begun}) AS DATE) FROM {extract}) - INTERVAL 5 YEAR",
            said=f"of five years ago or more gives {column}",
        )
        for extract, begun, column, told in (
            ("memberships", "from_on", "until_on", "all {} as members still"),
            ("people", "listed_on", "delisted_on", "all {} as on the list still"),
            ("supervision_spells", "from_on", "until_on", "all {} as under supervision still"),
        )
    ),
)

# The day a city's program began to speak to groups, and the first that a file tells of.
_PROGRAM = {
    "call_ins": "SELECT city, held_on AS day FROM call_ins",
    "custom_notifications": "SELECT city, attempted_on AS day FROM custom_notifications",
}
_FIRST_TOLD = {
    "enforcement_actions": ("acted_on", "SELECT city, acted_on AS day FROM enforcement_actions"),
    "services": ("offered_on", "SELECT city, offered_on AS day FROM services"),
    "invitations": (
        "call_in_id",
        "SELECT invitations.city, call_ins.held_on AS day "
        "FROM invitations INNER JOIN call_ins USING (call_in_id)",
    ),
    "incident_groups": (
        "incident_id",
        "SELECT incident_groups.city, CAST(incidents.occurred_at AS DATE) AS day "
        "FROM incident_groups INNER JOIN incidents USING (incident_id)",
    ),
}


def find_late_begins(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> Iterator[Finding]:
    """Find files that begin long after a city's program, where nobody said from when they hold."""
    for extract, (column, told) in _FIRST_TOLD.items():
        # A session has invitations; whatever else was done is held against both ways of telling.
        ways = ("call_ins",) if extract == "invitations" else tuple(_PROGRAM)
        began = " UNION ALL ".join(_PROGRAM[way] for way in ways if way in files)
        if extract not in files or not began:
            continue
        rows = connection.execute(
            "SELECT city, began, told FROM "
            f"(SELECT city, min(day) AS began FROM ({began}) GROUP BY city) "
            f"INNER JOIN (SELECT city, min(day) AS told FROM ({told}) GROUP BY city "
            f"HAVING count(*) >= {LEAST_ROWS}) USING (city) "
            f"WHERE told - began > {LATE_DAYS} ORDER BY city"
        ).fetchall()
        for city, began_on, told_from in rows:
            if city in settings.cities and city not in declared.data_from.get(extract, {}):
                yield make_finding(
                    files[extract],
                    "begins_late",
                    f"the first of {settings.cities[city].name} is of {format_long(told_from)}, "
                    f"and its first call-in or notification of {format_long(began_on)}: what came "
                    "between would be told as not done.",
                    "Ask for what came before, or say from when the file is complete: data_from "
                    "in the mapping or extracts.toml. What came before is then not known.",
                    column=column,
                    kind_of_value="a date",
                    acceptable=True,
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
            f"HAVING silent >= {LEAST_ROWS} AND count(*) FILTER (WHERE {given}) = 0 "
            "ORDER BY city"
        ).fetchall()
        for city, silent in rows:
            if city in settings.cities:
                yield _never_filled_finding(files, each, settings.cities[city].name, silent)


def find_unattended_sessions(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, str], settings: Settings
) -> Iterator[Finding]:
    """Find call-ins to which nobody came, where to others of the city some did."""
    if not {"invitations", "call_ins"} <= files.keys():
        return
    rows = connection.execute(
        f"""
        SELECT city, count(*) FILTER (WHERE came = 0 AND told >= {LEAST_INVITED}) AS silent,
            sum(told) FILTER (WHERE came = 0 AND told >= {LEAST_INVITED})
        FROM (
            SELECT city, call_in_id, count(*) FILTER (WHERE attended = 'attended') AS came,
                count(*) FILTER (WHERE attended <> 'unknown') AS told
            FROM invitations
            WHERE call_in_id IN (SELECT call_in_id FROM call_ins WHERE held_on IS NOT NULL)
            GROUP BY city, call_in_id
        )
        GROUP BY city HAVING silent > 0 AND sum(came) > 0 ORDER BY city
        """
    ).fetchall()
    for city, sessions, invited in rows:
        if city in settings.cities:
            yield make_finding(
                files["invitations"],
                "nobody_came",
                f"none of the {invited} people invited to {sessions} of the call-ins of "
                f"{settings.cities[city].name} came; to others some did.",
                "Was it written down who came? Where it was not, say attended = unknown.",
                severity="warning",
                column="attended",
                kind_of_value="a word",
                count=invited,
            )


def find_unreviewed_nones(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, str], settings: Settings
) -> Iterator[Finding]:
    """Find cities where no group is said to be involved in many incidents nobody reviewed."""
    if "incidents" not in files:
        return
    rows = connection.execute(
        f"""
        SELECT city, count(*) FILTER (WHERE reviewed_on IS NULL) AS silent, count(*) AS nones,
            city IN (SELECT city FROM incidents WHERE reviewed_on IS NOT NULL) AS reviews
        FROM incidents WHERE gmi = 'none' GROUP BY city
        HAVING silent >= {LEAST_ROWS} AND silent >= {UNREVIEWED} * nones ORDER BY city
        """
    ).fetchall()
    for city, silent, nones, reviews in rows:
        if city in settings.cities:
            yield make_finding(
                files["incidents"],
                "unreviewed_none",
                f"{silent} of {nones} incidents of {settings.cities[city].name} that no group is "
                "said to be involved in have no day of review: what nobody looked at would be "
                "told as a no.",
                "Where nobody reviewed an incident, map its gmi to unknown.",
                severity="error" if reviews else "warning",
                column="gmi",
                kind_of_value="a word",
                count=silent,
                acceptable=reviews,
            )


def _never_filled_finding(
    files: Mapping[str, str], each: ReadAsNo, name: str, silent: int
) -> Finding:
    said, told = each.said or f"gives {each.column}", each.told.format(silent)
    return make_finding(
        files[each.extract],
        "never_filled",
        f"no row of {name} {said}, so that screens would tell {told}.",
        f"Map the column that says it. If the source has none, leave {each.needed_for} out for "
        "this city: then it is told as not supplied.",
        column=each.column,
        kind_of_value="a date" if each.column.endswith("_on") else "a word",
        count=silent,
        acceptable=True,
    )
