"""Whether a file was pasted twice: nearly all of its rows there two or three times."""

from __future__ import annotations

import duckdb

from longevity.ingest.contract import BY_NAME, Extract
from longevity.ingest.validation.findings import ACCEPT, Finding, make_finding
from longevity.ingest.validation.scratch import quote_identifier
from longevity.settings import Settings

LEAST_COPIED, COPIES = 5, (2, 3)  # different rows, so that one large event is no copy
COPIED_SHARE = 0.8


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
            f"Was the file pasted or imported twice? Take the copies out. {ACCEPT}",
            column=extract.key[0],
            kind_of_value="a row",
            count=there,
            acceptable=True,
        )
    return findings


def _content_sql(extract: Extract) -> str:
    return ", ".join(
        quote_identifier(column.name)
        for column in extract.columns
        if column.name not in extract.key
    )
