"""What the newest weeks held when they were first published, carried from release to release.

Once weeks have been published several times it is seen, not estimated, how much they grow.
Counts only, of shootings by a city's own week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from longevity.ingest.validation.scratch import parquet_sql
from longevity.settings import Settings

WEEKS = 8  # the newest of a release
KEPT = 60  # releases
Report = dict[str, Any]

_COUNTED = """
    SELECT CAST(coalesce(sum(incidents), 0) AS BIGINT) FROM {daily}
    WHERE city = $city AND day > $before AND day <= $ending
"""


def count_newest_weeks(
    connection: duckdb.DuckDBPyConnection,
    daily: Path,
    ends: Mapping[str, date],
    settings: Settings,
) -> list[Report]:
    """Return the newest whole weeks of each city of `ends` (its last complete day), oldest first.

    A report: through, city, week_ending, incidents.
    """
    reports = []
    for city, through in sorted(ends.items()):
        last = through - timedelta(
            days=(through.isoweekday() - settings.cities[city].week_ends_iso) % 7
        )
        for age in range(WEEKS):
            ending = last - timedelta(weeks=age)
            row = connection.execute(
                _COUNTED.format(daily=parquet_sql(daily)),
                {"city": city, "before": ending - timedelta(days=7), "ending": ending},
            ).fetchone()
            reports.append(
                {
                    "through": through.isoformat(),
                    "city": city,
                    "week_ending": ending.isoformat(),
                    "incidents": row[0] if row else 0,
                }
            )
    return merge_reports([], reports)


def merge_reports(before: Sequence[Report], now: Sequence[Report]) -> list[Report]:
    """Return the reports of the releases before with those of this one, the oldest first.

    Of two releases through one day the first report stands: it is what was said then.
    """
    reports = {(row["through"], row["city"], row["week_ending"]): row for row in now}
    reports |= {(row["through"], row["city"], row["week_ending"]): row for row in before}
    days = sorted({row["through"] for row in reports.values()})[-KEPT:]
    return [reports[key] for key in sorted(reports) if key[0] in days]
