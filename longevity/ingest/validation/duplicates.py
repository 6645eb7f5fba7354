"""Whether events are there twice: pasted, told by two agencies, or under codes written two ways."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import duckdb

from longevity.ingest.contract import BY_NAME, Extract
from longevity.ingest.validation.findings import ROWS_NAMED, Finding, make_finding
from longevity.ingest.validation.relations import piles_sql
from longevity.ingest.validation.rules import HAS_POINT
from longevity.ingest.validation.scratch import quote_identifier
from longevity.settings import Settings

LEAST_COPIED, COPIES = 5, (2, 3)  # different rows, so that one large event is no copy
COPIED_SHARE = 0.8
# In three real cities at most 3 of 100 incidents of a year share their day and their place.
SHARED, LEAST_PLACED = 0.2, 20
# A code without what a spreadsheet or a hand may change of it: 0012, 12 and 12.0 are one.
ONE_SPELLING = (
    "regexp_replace(regexp_replace(lower({code}), '\\.0+$', ''), "
    "'(^|[^0-9])0+([0-9])', '\\1\\2', 'g')"
)


def find_copies(
    connection: duckdb.DuckDBPyConnection, name: str, file: str, settings: Settings
) -> dict[str, Finding]:
    """Return by city the finding that nearly all of its rows are there twice, or three times.

    Alike in everything but the key. Many rows may be alike by nature, but then as often
    an odd number of them as an even one: so it is numbers of rows that 2, or 3, divides.
    """
    extract = BY_NAME[name]
    divided = ", ".join(
        f"count(*) FILTER (WHERE {of}), CAST(sum(alike) FILTER (WHERE {of}) AS BIGINT)"
        for of in (f"alike % {times} = 0" for times in COPIES)
    )
    rows = connection.execute(
        f"SELECT city, count(*), CAST(sum(alike) AS BIGINT), {divided} "
        f"FROM (SELECT city, count(*) AS alike FROM {name} "
        f"GROUP BY city, hash({_content_sql(extract)})) AS same GROUP BY city ORDER BY city"
    ).fetchall()
    findings = {}
    for city, different, total, *counts in rows:
        if different < LEAST_COPIED or city not in settings.cities:
            continue
        of = dict(zip(COPIES, zip(counts[::2], counts[1::2], strict=True), strict=True))
        times = max(of, key=lambda one: of[one][0])
        copied, there = of[times]
        if copied < COPIED_SHARE * different or (there or 0) < COPIED_SHARE * total:
            continue
        findings[city] = make_finding(
            file,
            "there_twice",
            f"{there} of {total} rows of {settings.cities[city].name} are there "
            f"{'twice' if times == 2 else 'three times'}, alike in everything but the key.",
            "Was the file pasted or imported twice? Take the copies out.",
            column=extract.key[0],
            kind_of_value="a row",
            count=there,
            acceptable=True,
        )
    return findings


def find_shared_events(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings, copied: Collection[str]
) -> Iterator[Finding]:
    """Find cities of which many incidents share day and place: two agencies may tell of each."""
    rows = connection.execute(
        f"""
        WITH {piles_sql("incidents", settings)},
        events AS (
            SELECT city, year(CAST(occurred_at AS DATE)) AS in_year, count(*) AS here
            FROM incidents ANTI JOIN piles USING (city, longitude, latitude)
            WHERE {HAS_POINT} AND location_precision NOT IN ('city', 'neighbourhood')
                AND occurred_at IS NOT NULL
            GROUP BY city, in_year,
                hash(CAST(occurred_at AS DATE), round(longitude, 3), round(latitude, 3))
        ),
        years AS (
            SELECT city, in_year, sum(here) FILTER (here > 1) AS shared
            FROM events GROUP BY ALL
            HAVING sum(here) >= {LEAST_PLACED} AND shared >= {SHARED} * sum(here)
        )
        SELECT city, CAST(sum(shared) AS BIGINT), list(in_year ORDER BY in_year) FROM years
        GROUP BY city ORDER BY city
        """
    ).fetchall()
    for city, shared, years in rows:
        if city in settings.cities and city not in copied:
            yield make_finding(
                file,
                "shared_events",
                f"{shared} incidents of {settings.cities[city].name} have another of the same day "
                f"at the same place, in {', '.join(map(str, years))}: each would be counted twice.",
                "Do two agencies, or two files, tell of the same ones? Keep one of each.",
                column="occurred_at",
                kind_of_value="an event",
                count=shared,
                acceptable=True,
            )


def find_alike_codes(
    connection: duckdb.DuckDBPyConnection, name: str, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities in which codes differ only in how they are written, on one day or incident."""
    extract = BY_NAME[name]
    code = extract.key[0]
    within = "CAST(occurred_at AS DATE)" if name == "incidents" else "incident_id"
    rows = connection.execute(
        f"""
        SELECT city, count(*), min(at_row, {ROWS_NAMED}) FROM (
            SELECT city, max(at_row) AS at_row FROM {name} WHERE {code} IS NOT NULL
            GROUP BY city, hash({within}, {ONE_SPELLING.format(code=code)})
            HAVING min(hash({code})) <> max(hash({code}))
        ) GROUP BY city ORDER BY city
        """
    ).fetchall()
    for city, count, first in rows:
        if city in settings.cities:
            yield make_finding(
                file,
                "alike_codes",
                f"of {settings.cities[city].name}, the code is that of another row of the same "
                f"{'day' if name == 'incidents' else 'incident'} but for capitals or zeros, as "
                "0012, 12 and 12.0 are, so that they count as two.",
                "If they are one, write its code one way, as text.",
                column=code,
                kind_of_value="a code",
                rows=first,
                count=count,
                acceptable=True,
            )


def _content_sql(extract: Extract) -> str:
    return ", ".join(
        quote_identifier(column.name)
        for column in extract.columns
        if column.name not in extract.key
    )
