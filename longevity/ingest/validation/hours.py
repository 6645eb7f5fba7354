"""Whether times of day can be those of shootings: not typed for "unknown", not in another zone."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from longevity.dates import format_long
from longevity.ingest.validation.findings import Finding, make_finding
from longevity.settings import Settings

LEAST_TIMED = 50
# One time of day has one in 1,440; where all are rounded to hours, one in 24, or in 12 at night.
TYPED, TIMES_THE_NEXT = 0.1, 3
TYPED_TIMES = ("00:00", "00:01", "12:00", "23:59")
# Few people are shot after 5 in the morning, and four times as many after 1 in the afternoon; of
# times in UTC, or without AM and PM, it seems to be the other way round.
MORNING, AFTERNOON, LEAST_OF_BOTH = (5, 9), (13, 17), 50
NEWEST_YEARS = 3  # a city that changed its system has the years before it as they were


def find_typed_times(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities where one time, such as 00:00, stands for an hour that nobody knows."""
    rows = connection.execute(
        """
        SELECT city, clock, here, CAST(sum(here) OVER (PARTITION BY city) AS BIGINT) AS timed
        FROM (
            SELECT city, count(*) AS here,
                strftime(CAST(occurred_at AS TIMESTAMP), '%H:%M') AS clock
            FROM incidents WHERE occurred_precision = 'minute' GROUP BY ALL
        )
        ORDER BY city, here DESC, clock
        """
    ).fetchall()
    by_city: dict[str, list[tuple[str, int, int]]] = {}
    for city, at, here, timed in rows:
        by_city.setdefault(city, []).append((at, here, timed))
    for city, ((at, here, timed), *others) in by_city.items():
        next_most = others[0][1] if others else 0
        if (
            city in settings.cities
            and at in TYPED_TIMES
            and timed >= LEAST_TIMED
            and here >= max(TYPED * timed, TIMES_THE_NEXT * next_most)
        ):
            yield make_finding(
                file,
                "typed_times",
                f"{here} of {timed} times of {settings.cities[city].name} are {at}, so their hour "
                "is not known, and it would be told as the hour of most shootings.",
                "Give them occurred_precision = day (midnight_is_unknown = true in the mapping "
                "does it for 00:00).",
                column="occurred_at",
                kind_of_value="a time",
                count=here,
                acceptable=True,
                city=city,
            )


def find_shifted_hours(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities with more incidents in the morning than in the afternoon, ever or of late."""
    rows = connection.execute(
        f"""
        WITH daily AS (
            SELECT city, CAST(occurred_at AS DATE) AS day,
                count(*) FILTER (hour BETWEEN {MORNING[0]} AND {MORNING[1]}) AS morning,
                count(*) FILTER (hour BETWEEN {AFTERNOON[0]} AND {AFTERNOON[1]}) AS afternoon
            FROM (
                SELECT city, occurred_at, hour(CAST(occurred_at AS TIMESTAMP)) AS hour
                FROM incidents WHERE occurred_precision = 'minute'
            )
            GROUP BY ALL
        )
        SELECT city, since, CAST(sum(morning) AS BIGINT) AS early,
            CAST(sum(afternoon) AS BIGINT) AS late
        FROM (
            SELECT *, max(day) OVER (PARTITION BY city) - INTERVAL {NEWEST_YEARS} YEAR AS newest,
                unnest([NULL, CAST(newest AS DATE)]) AS since
            FROM daily
        )
        WHERE since IS NULL OR day > since
        GROUP BY city, since
        HAVING early > late AND early + late >= {LEAST_OF_BOTH}
        QUALIFY row_number() OVER (PARTITION BY city ORDER BY since NULLS FIRST) = 1 ORDER BY city
        """
    ).fetchall()
    for city, since, morning, afternoon in rows:
        if city in settings.cities:
            when = f", since {format_long(since)}" if since else ""
            yield make_finding(
                file,
                "shifted_hours",
                f"{settings.cities[city].name} has more incidents from 5 to 10 in the morning "
                f"({morning}) than from 1 to 6 in the afternoon ({afternoon}){when}.",
                'Are the times in UTC (time_zone = "UTC" in the mapping), without AM and PM, or '
                "those of the report?",
                column="occurred_at",
                kind_of_value="a time",
                count=morning,
                acceptable=True,
                city=city,
            )
