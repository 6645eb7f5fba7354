"""Whether times of day can be those of shootings, not those of another zone."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
