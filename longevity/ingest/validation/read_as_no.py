"""Whether what is told as a no where it is absent is given nowhere, or from some later day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from longevity.dates import format_long
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.validation.findings import Finding, Severity, make_finding
from longevity.ingest.validation.scratch import quote_text
from longevity.settings import Settings

LATE_DAYS = 365  # a program's first year may well pass without it
LEAST_ROWS = 20  # where one row in four is filled in, so many without one come once in 300
# What is said late, and one call-in nobody came to, leave no half-year without it.
STRETCH_DAYS, LONG_STRETCH_DAYS = 180, 365
LEAST_IN_A_YEAR = 5  # of call-ins there are so few
# At the share of the other rows so many in a row come by chance once in exp(7), 1,100: looked at
# every two months in twelve made-up years of nine cities the rarest came once in exp(6). There are
# many places for one within a file, so each is held to more; so is one of successes only.
UNLIKELY, UNLIKELY_WITHIN = 7, 14
UNINVITED = 2  # sessions held to which nobody is invited
LEAST_INVITED = 10  # of whom none came, where a third or more do, once in 60 or less
UNREVIEWED = 0.1


@dataclass(frozen=True)
class ReadAsNo:
    """What is told as a no where a row does not give it.

    Asked of the rows of `extract` where `among` holds; `given` is SQL of one that says yes, `said`
    the words for it. `needed_for` is what a city leaves out when its source cannot say it.
    `rows` is SQL of the rows with the `day` they are told by, where that is not the extract's own;
    it reads `beside`. `only_yes`: how grave it is that every row says yes.
    """

    extract: str
    column: str
    told: str
    needed_for: str
    among: str = "TRUE"
    given: str = ""
    said: str = ""
    rows: str = ""
    beside: str = "incidents"
    do: str = "Map the column that says it."
    only_yes: Severity | None = None

    @property
    def says_yes(self) -> str:
        """SQL of a row that says yes."""
        return self.given or f"{self.column} IS NOT NULL"

    @property
    def words(self) -> str:
        """What a row does that says yes."""
        return self.said or f"gives {self.column}"

    @property
    def dated_rows(self) -> str:
        """SQL of the rows with their `day`."""
        event = BY_NAME[self.extract].event
        return self.rows or f"SELECT *, CAST({event} AS DATE) AS day FROM {self.extract}"


_INVITED = (
    "SELECT invitations.*, call_ins.held_on AS day "
    "FROM invitations LEFT JOIN call_ins USING (call_in_id)"
)
READ_AS_NO = (
    ReadAsNo(
        *("incidents", "reviewed_on", "all {} as not reviewed", "shooting_reviews"),
        # Before its first reviewed week a city held no reviews.
        rows="SELECT incidents.*, CAST(occurred_at AS DATE) AS day FROM incidents INNER JOIN "
        "(SELECT city, min(CAST(week_ending AS DATE)) - 6 AS begun FROM shooting_reviews "
        "GROUP BY city) "
        "USING (city) WHERE day >= begun",
    ),
    ReadAsNo(
        *("call_ins", "held_on", "all {} as not held", "call_ins"),
        # What is planned is not told as not held.
        among="COALESCE(scheduled_for <= "
        "(SELECT max(CAST(occurred_at AS DATE)) FROM incidents), TRUE)",
        rows="SELECT *, COALESCE(scheduled_for, held_on) AS day FROM call_ins",
    ),
    # Only who is a suspect for certain has shot (docs/promises.md).
    ReadAsNo(
        *("incident_groups", "role", "no group as having shot in any of {}", "incident_groups"),
        among="gmi IN ('confirmed', 'suspected') "
        "OR incident_id IN (SELECT incident_id FROM incident_groups)",
        given="incident_id IN (SELECT incident_id FROM incident_groups "
        "WHERE role = 'suspect' AND status = 'confirmed')",
        said="has a group as confirmed suspect",
        rows="SELECT *, CAST(occurred_at AS DATE) AS day FROM incidents",
    ),
    ReadAsNo(
        *("enforcement_actions", "group_id", "all {} as on no group", "enforcement_actions"),
        given="scope = 'group' AND group_id IS NOT NULL",
        said="has scope = group and the group",
    ),
    ReadAsNo(
        *("releases_from_custody", "greeted_on", "all {} as not met", "releases_from_custody"),
        among="released_on IS NOT NULL",
        given="greeted_on IS NOT NULL OR greeted_by IS NOT NULL",
        only_yes="warning",
    ),
    ReadAsNo("services", "intake_on", "all {} as not begun", "services", only_yes="error"),
    ReadAsNo(
        *("community_requests", "answered_on", "all {} as not answered", "community_requests"),
        only_yes="warning",
    ),
    ReadAsNo(
        *("invitations", "attended", "nobody as having come of {} invited", "invitations"),
        among="attended <> 'unknown'",
        given="attended = 'attended'",
        said="says attended",
        rows=_INVITED,
        beside="call_ins",
        only_yes="error",
    ),
    ReadAsNo(
        *("invitations", "reachable", "none of {} invited as reached", "invitations"),
        among="reachable IS NOT NULL",
        given="reachable",
        said="says that somebody could be reached",
        rows=_INVITED,
        beside="call_ins",
    ),
    ReadAsNo(
        *("custom_notifications", "contact", "none of {} as made", "custom_notifications"),
        given="contact <> 'none'",
        said="says with whom there was contact",
        only_yes="error",
    ),
    ReadAsNo(
        *("supervision_contacts", "result", "none of {} as made", "supervision_contacts"),
        among="result <> 'unknown'",
        given="result = 'made'",
        said="says made under result",
    ),
)
# Most of what began lately goes on, so these are judged by the oldest rows, and by when one ended.
ENDINGS = (
    ("memberships", "from_on", "until_on", "{} as members"),
    ("people", "listed_on", "delisted_on", "{} as on the list"),
    ("supervision_spells", "from_on", "until_on", "{} as under supervision"),
)
_NEVER_ENDED = tuple(
    ReadAsNo(
        *(extract, column, f"all {told} still", extract),
        among=f"{begun} <= (SELECT CAST(max({begun}) AS DATE) FROM {extract}) - INTERVAL 5 YEAR",
        said=f"of five years ago or more gives {column}",
    )
    for extract, begun, column, told in ENDINGS
)
# An export that closes what goes on at its own last day.
_ALL_ENDED = tuple(
    ReadAsNo(
        *(extract, column, f"none of {told}", extract),
        given=f"{column} IS NULL "
        f"OR {column} >= (SELECT CAST(max(occurred_at) AS DATE) FROM incidents)",
        said="lasts to the newest incident",
        do=f"Leave {column} empty where it lasts.",
    )
    for extract, _, column, told in ENDINGS
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
    for each in (*READ_AS_NO, *_NEVER_ENDED, *_ALL_ENDED):
        if not {each.extract, each.needed_for, each.beside} <= files.keys():
            continue
        rows = connection.execute(
            f"SELECT city, count(*) AS silent FROM ({each.dated_rows}) "
            f"WHERE ({each.among}) AND city IN (SELECT city FROM {each.needed_for}) GROUP BY city "
            f"HAVING silent >= {LEAST_ROWS} AND count(*) FILTER (WHERE {each.says_yes}) = 0 "
            "ORDER BY city"
        ).fetchall()
        for city, silent in rows:
            if city in settings.cities:
                yield _never_filled_finding(files, each, settings.cities[city].name, silent)


def find_unfilled_stretches(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> Iterator[Finding]:
    """Find stretches in which no row says yes, where of the other rows of the city many do."""
    for each in READ_AS_NO:
        if not {each.extract, each.needed_for, each.beside} <= files.keys():
            continue
        told_rows = f"SELECT * FROM ({each.dated_rows}) WHERE ({each.among})"
        for city, stretch in _find_stretches(
            connection, each, told_rows, each.says_yes, declared
        ).items():
            if city in settings.cities:
                yield make_finding(
                    files[each.extract],
                    "unfilled_stretch",
                    f"no row of {settings.cities[city].name} {stretch.when} {each.words}, and "
                    f"{stretch.said} of the {stretch.others} others: screens would tell "
                    f"{each.told.format(stretch.rows)}.",
                    "Ask for it. Where the file is silent from its first day or to its last, "
                    f"data_from or data_through of {each.needed_for} says so: the rest is then "
                    "not known.",
                    column=each.column,
                    kind_of_value="a date" if each.column.endswith("_on") else "a word",
                    count=stretch.rows,
                    acceptable=True,
                )


def find_only_yes(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> Iterator[Finding]:
    """Find cities, or a stretch of their rows, that say yes in every row: successes only.

    A row that says unknown is none of them: it is told as unknown.
    """
    for each in READ_AS_NO:
        if each.only_yes is None or not {each.extract, each.beside} <= files.keys():
            continue
        dated = f"SELECT * FROM ({each.dated_rows}) WHERE day IS NOT NULL"
        rows = connection.execute(
            f"SELECT city, count(*) AS of_all FROM ({dated}) GROUP BY city "
            f"HAVING of_all >= {LEAST_ROWS} AND count(*) FILTER (WHERE {each.says_yes}) = of_all "
            "ORDER BY city"
        ).fetchall()
        told = {city: (f"each of the {of_all} rows of {{}}", of_all) for city, of_all in rows}
        # What is done late is done of all old rows and of few new ones.
        if each.only_yes == "error":
            says_no = f"({each.says_yes}) IS NOT TRUE"
            found = _find_stretches(connection, each, dated, says_no, declared, UNLIKELY_WITHIN)
            for city, stretch in found.items():
                told[city] = (
                    f"each of the {stretch.rows} rows of {{}} {stretch.when}, and not "
                    f"{stretch.said} of the {stretch.others} others,",
                    stretch.rows,
                )
        for city, (which, count) in told.items():
            if city in settings.cities:
                yield make_finding(
                    files[each.extract],
                    "only_yes",
                    f"{which.format(settings.cities[city].name)} {each.words}: where the "
                    "source lists those only, screens would tell 100% of what is not known.",
                    "Ask for the others. Where the source has none, leave "
                    f"{each.needed_for} out for this city: then it is told as not supplied.",
                    severity=each.only_yes,
                    column=each.column,
                    kind_of_value="a date" if each.column.endswith("_on") else "a word",
                    count=count,
                    acceptable=each.only_yes == "error",
                )


@dataclass(frozen=True)
class _Stretch:
    """Rows in a row of which none says it, where `said` of the `others` of the city do."""

    first: date
    last: date
    rows: int
    others: int
    said: int
    more: int

    @property
    def when(self) -> str:
        days = f"from {format_long(self.first)} to {format_long(self.last)}"
        stretches = "stretch" if self.more == 1 else "stretches"
        return f"{days} (and in {self.more} earlier {stretches})" if self.more else days


def _find_stretches(
    connection: duckdb.DuckDBPyConnection,
    each: ReadAsNo,
    rows: str,
    says: str,
    declared: ExtractsFile,
    unlikely_at_end: int = UNLIKELY,
) -> dict[str, _Stretch]:
    """Return by city the newest stretch of `rows` without one of which `says` holds.

    `unlikely_at_end` is what one to the newest day is held to, as the logarithm of its chance.
    """
    found = connection.execute(
        f"""
        WITH days AS (
            SELECT city, day, count(*) AS here, count(*) FILTER (WHERE {says}) AS said
            FROM ({rows})
            WHERE day IS NOT NULL AND city IN (SELECT city FROM {each.needed_for})
                AND {_match_known(declared, each.extract, each.needed_for)}
            GROUP BY city, day
        ),
        -- A stretch is told of after the day that last said it, and lasts from that day.
        stretches AS (
            SELECT city, min(day) FILTER (WHERE said = 0) AS first, max(day) AS last,
                sum(here) FILTER (WHERE said = 0) AS rows, any_value(of_all) - rows AS others,
                any_value(said_of_all) AS said_of_all, last - min(day) AS days,
                last = any_value(newest) AS at_end
            FROM (
                SELECT *, sum(said) OVER (PARTITION BY city ORDER BY day) AS stretch,
                    sum(here) OVER whole AS of_all, sum(said) OVER whole AS said_of_all,
                    max(day) OVER whole AS newest
                FROM days WINDOW whole AS (PARTITION BY city)
            )
            GROUP BY city, stretch
        )
        SELECT city, first, last, rows, others, said_of_all, count(*) OVER (PARTITION BY city) - 1
        FROM stretches
        WHERE days >= {STRETCH_DAYS} AND others >= {LEAST_ROWS}
            AND (rows >= {LEAST_ROWS}
                OR days >= {LONG_STRETCH_DAYS} AND rows >= {LEAST_IN_A_YEAR})
            AND -rows * ln(1 - said_of_all / (others + 1))
                >= CASE WHEN at_end THEN {unlikely_at_end} ELSE {UNLIKELY_WITHIN} END
        QUALIFY row_number() OVER (PARTITION BY city ORDER BY last DESC) = 1
        ORDER BY city
        """
    ).fetchall()
    return {
        city: _Stretch(first, last, int(silent), int(others), int(said), more)
        for city, first, last, silent, others, said, more in found
    }


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


def find_uninvited_sessions(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> Iterator[Finding]:
    """Find call-ins held without a row of who was invited, where a city has some of others."""
    if not {"invitations", "call_ins"} <= files.keys():
        return
    rows = connection.execute(
        f"""
        SELECT city, count(*) AS silent
        FROM (SELECT city, held_on AS day FROM call_ins ANTI JOIN invitations USING (call_in_id))
        WHERE day IS NOT NULL AND city IN (SELECT city FROM invitations)
            AND {_match_known(declared, "invitations")}
        GROUP BY city HAVING silent >= {UNINVITED} ORDER BY city
        """
    ).fetchall()
    for city, sessions in rows:
        if city in settings.cities:
            yield make_finding(
                files["invitations"],
                "nobody_invited",
                f"{sessions} of the call-ins held by {settings.cities[city].name} have no row: "
                "screens would tell that nobody was invited to them.",
                "Ask who was. Where the file begins later or ends earlier, data_from or "
                "data_through of invitations says so: who was invited is then not known.",
                column="call_in_id",
                kind_of_value="a code",
                count=sessions,
                acceptable=True,
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


def _match_known(declared: ExtractsFile, *extracts: str) -> str:
    """Return SQL of a city and `day` of which `extracts.toml` does not say that nothing is known.

    Of another day nothing is told.
    """
    unknown = [
        f"city = {quote_text(city)} AND day {beyond} DATE '{day}'"
        for extract in extracts
        for beyond, days in (
            ("<", declared.data_from.get(extract, {})),
            (">", declared.data_through.get(extract, {})),
        )
        for city, day in days.items()
    ]
    return f"NOT ({' OR '.join(unknown) or 'FALSE'})"


def _never_filled_finding(
    files: Mapping[str, str], each: ReadAsNo, name: str, silent: int
) -> Finding:
    return make_finding(
        files[each.extract],
        "never_filled",
        f"no row of {name} {each.words}, so that screens would tell {each.told.format(silent)}.",
        f"{each.do} If the source does not say it, leave {each.needed_for} out for this city: "
        "then it is told as not supplied.",
        column=each.column,
        kind_of_value="a date" if each.column.endswith("_on") else "a word",
        count=silent,
        acceptable=True,
    )
