"""Times marked `Z` or `+00`: really UTC, or local times that a database marked so.

Both are met, and no row says which. Together they do: few people are shot in the early
morning, so of the two readings the one whose hours can be those of shootings is offered.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from longevity.ingest.shooting_hours import describe_odd_hours

_LOCAL, _UTC = "z_is_local = true", "z_is_local = false"


def describe_marks(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Say what was done with marked times of incidents, and which reading is the likelier."""
    # A day without a time has no hour under either reading.
    utc, local = (
        describe_odd_hours(
            [
                count
                for (count,) in connection.execute(f"""
            SELECT count(moment) FROM range(24) AS hours (hour) LEFT JOIN (
                SELECT {moment} AS moment FROM incidents
                WHERE _marked <> date_trunc('day', _marked)
            ) ON hour(moment) = hours.hour GROUP BY hours.hour ORDER BY hours.hour
        """).fetchall()
            ]
        )
        for moment in ("occurred_at", "_marked")
    )
    marked, moved = connection.execute("""
        SELECT count(_marked), count(*) FILTER (CAST(occurred_at AS DATE) <> CAST(_marked AS DATE))
        FROM incidents
    """).fetchall()[0]
    if not marked:
        return
    done = (
        f"{marked:,} times are marked Z or +00 and were turned from UTC into local time, "
        f"{moved:,} of them onto another day."
    )
    if utc is not None and local is None:
        yield (
            f"{done} Read so there are {utc}; as local times they have the hours of shootings. "
            f"Set {_LOCAL}, or {_UTC} if they are UTC all the same."
        )
    elif local is not None and utc is None:
        yield f"{done} So they have the hours of shootings. {_UTC} says that it is right."
    else:
        yield (
            f"{done} Their hours do not tell whether that is right: ask the sender, and set "
            f"{_LOCAL} or {_UTC}."
        )
