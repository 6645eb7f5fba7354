"""Whether events are there twice: pasted, told by two agencies, or under codes written two ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

import duckdb

from longevity.ingest.contract import BY_NAME, Extract
from longevity.ingest.validation.findings import (
    ROWS_NAMED,
    Finding,
    list_days_of_years,
    make_finding,
)
from longevity.ingest.validation.relations import piles_sql
from longevity.ingest.validation.rules import HAS_POINT
from longevity.ingest.validation.scratch import quote_identifier
from longevity.settings import Settings

LEAST_COPIED, COPIES = 5, (2, 3)  # different rows, so that one large event is no copy
# There are many years to look at: where every other number is even, so are four of five of thirty
# once in 1,400.
LEAST_COPIED_OF_A_YEAR = 30
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
    """Return by city the finding that nearly all of its rows, or of a year's, are there twice.

    Or three times; alike in everything but the key. Many rows may be alike by nature, but then as
    often an odd number of them as an even one: so it is numbers of rows that 2, or 3, divides.
    """
    findings = {}
    for city, years in _count_alike(connection, BY_NAME[name]).items():
        if city not in settings.cities:
            continue
        whole = _measure_copies(sum(years.values(), Counter()), LEAST_COPIED)
        of_years = {
            year: of_year
            for year, alike in years.items()
            if year is not None and (of_year := _measure_copies(alike, LEAST_COPIED_OF_A_YEAR))
        }
        copies = [whole] if whole else list(of_years.values())
        if not copies:
            continue
        times = min(each[0] for each in copies)
        there, total = (sum(each[at] for each in copies) for at in (1, 2))
        when = "" if whole else f" in {', '.join(map(str, of_years))}"
        findings[city] = make_finding(
            file,
            "there_twice",
            f"{there} of {total} rows of {settings.cities[city].name}{when} are there "
            f"{'twice' if times == 2 else 'three times'}, alike in everything but the key.",
            "Was the file pasted or imported twice? Take the copies out.",
            column=BY_NAME[name].key[0],
            kind_of_value="a row",
            count=there,
            acceptable=True,
            city=city,
            days=[] if whole else list_days_of_years(of_years),
        )
    return findings


def _count_alike(
    connection: duckdb.DuckDBPyConnection, extract: Extract
) -> dict[str, dict[int | None, Counter[int]]]:
    """Return by city and year how many different rows there are of each number of rows alike."""
    source = f"SELECT *, year(CAST({extract.event} AS DATE)) AS in_year FROM {extract.name}"
    if extract.event is None:  # a victim is of the year of the incident
        source = (
            f"SELECT {extract.name}.*, in_year FROM {extract.name} LEFT JOIN "
            "(SELECT hash(incident_id) AS code, min(year(CAST(occurred_at AS DATE))) AS in_year "
            "FROM incidents GROUP BY code) AS years ON years.code = hash(incident_id)"
        )
    rows = connection.execute(
        f"SELECT city, in_year, alike, count(*) "
        f"FROM (SELECT city, in_year, count(*) AS alike FROM ({source}) "
        f"GROUP BY city, in_year, hash({_content_sql(extract)})) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    by_city: dict[str, dict[int | None, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for city, year, alike, different in rows:
        by_city[city][year][alike] = different
    return by_city


def _measure_copies(alike: Counter[int], least: int) -> tuple[int, int, int] | None:
    """Return how often nearly all rows are there, how many these are, and all; None: once."""
    different, total = alike.total(), _count_rows(alike)
    for times in COPIES:
        copied = Counter({each: many for each, many in alike.items() if each % times == 0})
        there = _count_rows(copied)
        nearly_all = copied.total() >= COPIED_SHARE * different and there >= COPIED_SHARE * total
        if different >= least and nearly_all:
            return times, there, total
    return None


def _count_rows(alike: Counter[int]) -> int:
    return sum(each * many for each, many in alike.items())


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
                city=city,
                days=list_days_of_years(years),
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
                city=city,
            )


def _content_sql(extract: Extract) -> str:
    return ", ".join(
        quote_identifier(column.name)
        for column in extract.columns
        if column.name not in extract.key
    )
