"""What rows owe each other: keys, references, cities and dates across extracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from longevity.geography.stacked_points import PILED_WITHIN_YEARS
from longevity.ingest.contract import BY_NAME, Column, Extract
from longevity.ingest.validation.findings import ROWS_NAMED, Finding, Severity, make_finding
from longevity.ingest.validation.rules import HAS_POINT, Rule
from longevity.ingest.validation.scratch import quote_identifier
from longevity.settings import Settings

# A row that is a part of what it refers to is in the same city; a person or a group
# of one city may well appear in another.
PART_OF = {
    ("victims", "incident_id"),
    ("incident_groups", "incident_id"),
    ("invitations", "call_in_id"),
}
# What comes after an incident: its column, the code of the incident, and what an earlier one is.
_AFTER_EVENT: dict[str, tuple[str, str, str, str, Severity]] = {
    "victims": (
        *("died_on", "incident_id", "a day of death before the event."),
        *("Correct one of the two.", "error"),
    ),
    # docs/promises.md: it is judged as if it named none.
    "enforcement_actions": (
        *("acted_on", "trigger_incident_id", "an action before the incident it answers."),
        *("It is told as an answer to none: correct one of the two.", "warning"),
    ),
    "custom_notifications": (
        *("attempted_on", "trigger_incident_id", "a notification before the incident it answers."),
        *("Correct one of the two.", "warning"),
    ),
}
UNADDRESSED = "place_confirmed IS DISTINCT FROM true"


def find_relation_problems(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
) -> Iterator[Finding]:
    """Yield findings over the views named after the extracts in `files` (extract to file name)."""
    for name, file in files.items():
        extract = BY_NAME[name]
        yield from _find_duplicates(connection, extract, file)
        for column in extract.columns:
            if column.references and column.references.split(".")[0] in files:
                for rule in _list_reference_rules(extract, column):
                    yield from _find_rows(connection, file, rule)
    if "incidents" in files:
        yield from _find_rows(connection, files["incidents"], _build_piles_rule(settings))
        for name in _AFTER_EVENT:
            if name in files:
                yield from _find_rows(connection, files[name], _build_after_event_rule(name))


def _build_after_event_rule(extract: str) -> Rule:
    column, code, what, do, severity = _AFTER_EVENT[extract]
    return Rule(
        "out_of_order",
        column,
        f"SELECT later.at_row FROM {extract} AS later SEMI JOIN incidents "
        f"ON incidents.incident_id = later.{code} "
        f"AND later.{column} < CAST(incidents.occurred_at AS DATE)",
        "a date",
        what,
        do,
        severity,
    )


def _find_rows(connection: duckdb.DuckDBPyConnection, file: str, rule: Rule) -> Iterator[Finding]:
    """Yield one finding for the rows a rule's query gives (`at_row`); none when it gives none."""
    answer = connection.execute(
        f"SELECT count(*), min(at_row, {ROWS_NAMED}) FROM ({rule.condition}) AS broken"
    ).fetchone()
    count, first = answer or (0, None)
    if count:
        yield make_finding(
            file,
            rule.name,
            rule.what,
            rule.do,
            column=rule.column,
            kind_of_value=rule.kind_of_value,
            severity=rule.severity,
            rows=first or (),
            count=count,
        )


def _find_duplicates(
    connection: duckdb.DuckDBPyConnection, extract: Extract, file: str
) -> Iterator[Finding]:
    key = ", ".join(quote_identifier(name) for name in extract.key)
    filled = " AND ".join(
        f"{quote_identifier(name)} IS NOT NULL"
        for name in extract.key
        if extract.column(name).required
    )
    # Hashes first: eight bytes a row fit where ten million keys do not.
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE suspects AS
        SELECT hash({key}) AS hashed FROM {extract.name} WHERE {filled}
        GROUP BY hashed HAVING count(*) > 1
        """
    )
    if not connection.execute("SELECT count(*) FROM suspects").fetchall()[0][0]:
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE repeats AS
        SELECT at_row, {key}, row_number() OVER same AS turn, count(DISTINCT city) OVER (
            PARTITION BY {key}) AS cities
        FROM {extract.name}
        WHERE {filled} AND hash({key}) IN (SELECT hashed FROM suspects)
        WINDOW same AS (PARTITION BY {key} ORDER BY at_row)
        """
    )
    yield from _find_rows(
        connection,
        file,
        Rule(
            "duplicate_key",
            extract.key[0],
            "SELECT at_row FROM repeats WHERE turn > 1 AND cities < 2",
            "a key",
            f"the key ({', '.join(extract.key)}) was there in an earlier row.",
            "Keep one row for each.",
        ),
    )
    yield from _find_rows(
        connection,
        file,
        Rule(
            "duplicate_across_cities",
            extract.key[0],
            "SELECT at_row FROM repeats WHERE turn > 1 AND cities > 1",
            "a key",
            f"the key ({', '.join(extract.key)}) was there in an earlier row, of another city.",
            "Decide which city it belongs to, or give codes that differ between cities.",
        ),
    )


def _list_reference_rules(extract: Extract, column: Column) -> Iterator[Rule]:
    parent, other = str(column.references).split(".")
    name, key = quote_identifier(column.name), quote_identifier(other)
    yield Rule(
        "dangling_reference",
        column.name,
        # Both sides are aliased: a group may refer to another row of its own extract.
        f"SELECT child.at_row FROM {extract.name} AS child WHERE child.{name} IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM {parent} AS held WHERE held.{key} = child.{name})",
        "a code",
        f"the code is in no row of {parent}.",
        f"Supply the rows of {parent} it refers to, or correct it.",
    )
    part = (extract.name, column.name) in PART_OF
    yield Rule(
        "another_city",
        column.name,
        f"SELECT child.at_row FROM {extract.name} AS child "
        f"SEMI JOIN {parent} AS other ON other.{key} = child.{name} AND other.city <> child.city "
        f"ANTI JOIN {parent} AS same ON same.{key} = child.{name} AND same.city = child.city",
        "a city",
        f"the row is of another city than what it refers to in {parent}.",
        "Correct one of the two." if part else "Nothing, if that is right.",
        "error" if part else "warning",
    )


def piles_sql(source: str, settings: Settings) -> str:
    """Return common table expressions that end in `piles` (city, longitude, latitude) over
    `source`.

    A coordinate is a pile where `piled_rows` rows or more that no address places there lie on
    it within any six years.
    """
    least = settings.thresholds.piled_rows
    return f"""
        crowded AS (
            SELECT city, longitude, latitude, CAST(occurred_at AS TIMESTAMP) AS occurred_at
            FROM {source}
            WHERE {HAS_POINT} AND {UNADDRESSED} AND occurred_at IS NOT NULL
            QUALIFY count(*) OVER (PARTITION BY city, longitude, latitude) >= {least}
        ),
        piles AS (
            SELECT DISTINCT city, longitude, latitude FROM (
                SELECT *, lag(occurred_at, {least - 1}) OVER (
                    PARTITION BY city, longitude, latitude ORDER BY occurred_at
                ) AS first_of_them
                FROM crowded
            )
            WHERE first_of_them > occurred_at - INTERVAL {PILED_WITHIN_YEARS} YEAR
        )"""


def _build_piles_rule(settings: Settings) -> Rule:
    return Rule(
        "piled_points",
        "longitude",
        f"WITH {piles_sql('incidents', settings)} SELECT at_row FROM incidents SEMI JOIN piles "
        "USING (city, longitude, latitude) "
        f"WHERE location_precision NOT IN ('city', 'neighbourhood') AND {UNADDRESSED}",
        "a coordinate",
        "many rows lie on this one point, so it stands for the city; they are not placed in a "
        "neighbourhood.",
        "Say location_precision = city, or give their own coordinates. If it is one place, let the "
        "mapping name the column of its address.",
        "warning",
    )
