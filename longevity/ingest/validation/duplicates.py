"""Whether rows are there twice: a file, or a year of it, pasted again."""

from __future__ import annotations

from collections import Counter, defaultdict

import duckdb

from longevity.ingest.contract import BY_NAME, Extract
from longevity.ingest.validation.findings import Finding, list_days_of_years, make_finding
from longevity.ingest.validation.scratch import quote_identifier
from longevity.settings import Settings

LEAST_COPIED, COPIES = 5, (2, 3)  # different rows, so that one large event is no copy
# There are many years to look at: where every other number is even, so are four of five of thirty
# once in 1,400.
LEAST_COPIED_OF_A_YEAR = 30
COPIED_SHARE = 0.8


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


def _content_sql(extract: Extract) -> str:
    return ", ".join(
        quote_identifier(column.name)
        for column in extract.columns
        if column.name not in extract.key
    )
