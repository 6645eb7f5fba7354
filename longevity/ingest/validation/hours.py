"""Whether times of day can be those of shootings, not those of another zone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import duckdb

from longevity.ingest.validation.findings import Finding, make_finding
from longevity.settings import Settings

# Few people are shot after 5 in the morning, and four times as many after 1 in the afternoon; of
# times in UTC, or without AM and PM, it seems to be the other way round. After midnight are
# twice as many as around noon; of local times that were taken for UTC, half as many.
MORNING, AFTERNOON, NIGHT, NOON = range(5, 10), range(13, 18), range(5), range(10, 15)
LEAST_OF_BOTH = 50
BEYOND_CHANCE = 2  # standard deviations of a difference of two counts


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
    """Find cities whose hours cannot be those of shootings."""
    rows = connection.execute(
        """
        SELECT city, hour(CAST(occurred_at AS TIMESTAMP)) AS hour, count(*)
        FROM incidents WHERE occurred_precision = 'minute' AND occurred_at IS NOT NULL
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    hours: dict[str, list[int]] = {}
    for city, hour, here in rows:
        hours.setdefault(city, [0] * 24)[hour] = here
    for city, by_hour in hours.items():
        odd = describe_odd_hours(by_hour)
        if city in settings.cities and odd is not None:
            yield make_finding(
                file,
                "shifted_hours",
                f"{settings.cities[city].name} has {odd}.",
                'Are the times in UTC (time_zone = "UTC" in the mapping), local and marked Z or '
                "+00 (z_is_local = true), without AM and PM, or those of the report?",
                column="occurred_at",
                kind_of_value="a time",
                acceptable=True,
                city=city,
            )
