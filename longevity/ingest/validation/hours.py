"""Whether times of day can be those of shootings: not typed for "unknown", not in another zone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import duckdb

from longevity.dates import format_long
from longevity.ingest.validation.findings import Finding, make_finding
from longevity.settings import Settings

LEAST_TIMED = 50
# One time of day has one in 1,440; where all are rounded to hours, one in 24, or in 12 at night.
TYPED, TIMES_THE_NEXT = 0.1, 3
TYPED_TIMES = ("00:00", "00:01", "12:00", "23:59")
UTC_MIDNIGHT = "midnight in UTC"
# Few people are shot after 5 in the morning, and four times as many after 1 in the afternoon; of
# times in UTC, or without AM and PM, it seems to be the other way round. After midnight are
# twice as many as around noon; of local times that were taken for UTC, half as many.
MORNING, AFTERNOON, NIGHT, NOON = range(5, 10), range(13, 18), range(5), range(10, 15)
LEAST_OF_BOTH = 50
BEYOND_CHANCE = 2  # standard deviations of a difference of two counts
NEWEST_YEARS = 3  # a city that changed its system has the years before it as they were


def find_typed_times(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities where one time, such as 00:00, stands for an hour that nobody knows."""
    rows = connection.execute(
        """
        SELECT city, strftime(CAST(occurred_at AS TIMESTAMP), '%H:%M') AS clock, count(*)
        FROM incidents WHERE occurred_precision = 'minute' GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    # Days that were marked as UTC: the midnight of one is the evening before, in summer and winter.
    evenings = {
        datetime(2020, month, 1, tzinfo=UTC).astimezone(settings.time_zone).strftime("%H:%M")
        for month in (1, 7)
    }
    by_city: dict[str, Counter[str]] = {}
    for city, clock, here in rows:
        by_city.setdefault(city, Counter())[UTC_MIDNIGHT if clock in evenings else clock] += here
    for city, clocks in by_city.items():
        (at, here), *others = clocks.most_common(2)
        timed, next_most = clocks.total(), others[0][1] if others else 0
        if (
            city in settings.cities
            and at in (*TYPED_TIMES, UTC_MIDNIGHT)
            and timed >= LEAST_TIMED
            and here >= max(TYPED * timed, TIMES_THE_NEXT * next_most)
        ):
            as_what = "on the evening before" if at == UTC_MIDNIGHT else "as that of most shootings"
            yield make_finding(
                file,
                "typed_times",
                f"{here} of {timed} times of {settings.cities[city].name} are {at}, so their hour "
                f"is not known, and it would be told {as_what}.",
                "Give them occurred_precision = day (midnight_is_unknown = true in the mapping "
                "does it for 00:00, with z_is_local = true where they are marked Z or +00).",
                column="occurred_at",
                kind_of_value="a time",
                count=here,
                acceptable=True,
                city=city,
            )


def describe_odd_hours(by_hour: Sequence[int]) -> str | None:
    """Return why counts by hour of the day, from 0, cannot be those of shootings; None: they can.

    It follows "there are", as "more incidents from 5 to 10 in the morning (60) than …".
    """
    morning, afternoon, night, noon = (
        sum(int(by_hour[hour]) for hour in hours) for hours in (MORNING, AFTERNOON, NIGHT, NOON)
    )
    if morning > afternoon and morning + afternoon >= LEAST_OF_BOTH:
        return (
            f"more incidents from 5 to 10 in the morning ({morning}) than from 1 to 6 in the "
            f"afternoon ({afternoon})"
        )
    both = noon + night
    if noon - night > BEYOND_CHANCE * math.sqrt(both) and both >= LEAST_OF_BOTH:
        return (
            f"more incidents from 10 in the morning to 3 in the afternoon ({noon}) than from "
            f"midnight to 5 ({night})"
        )
    return None


def find_shifted_hours(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities whose hours cannot be those of shootings, ever or of late."""
    rows = connection.execute(
        f"""
        WITH hourly AS (
            SELECT city, CAST(occurred_at AS DATE) AS day,
                hour(CAST(occurred_at AS TIMESTAMP)) AS hour, count(*) AS here
            FROM incidents WHERE occurred_precision = 'minute' AND occurred_at IS NOT NULL
            GROUP BY ALL
        )
        SELECT city, since, hour, CAST(sum(here) AS BIGINT)
        FROM (
            SELECT *, max(day) OVER (PARTITION BY city) - INTERVAL {NEWEST_YEARS} YEAR AS newest,
                unnest([NULL, CAST(newest AS DATE)]) AS since
            FROM hourly
        )
        WHERE since IS NULL OR day > since
        GROUP BY city, since, hour ORDER BY city, since NULLS FIRST
        """
    ).fetchall()
    hours: dict[tuple[str, date | None], list[int]] = {}
    for city, since, hour, here in rows:
        hours.setdefault((city, since), [0] * 24)[hour] = here
    told: set[str] = set()
    for (city, since), by_hour in hours.items():
        odd = describe_odd_hours(by_hour)
        if city in settings.cities and city not in told and odd is not None:
            told.add(city)
            when = f", since {format_long(since)}" if since else ""
            yield make_finding(
                file,
                "shifted_hours",
                f"{settings.cities[city].name} has {odd}{when}.",
                'Are the times in UTC (time_zone = "UTC" in the mapping), local and marked Z or '
                "+00 (z_is_local = true), without AM and PM, or those of the report?",
                column="occurred_at",
                kind_of_value="a time",
                acceptable=True,
                city=city,
            )
