"""Provisional weeks, against the triangle filled in by hand."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from longevity.screens.this_week import describe_growth
from longevity.stats.reporting_delay import HORIZON_WEEKS, ReportingDelay, estimate_reporting_delay

THROUGH = date(2026, 11, 22)
SUNDAY = 7


def rows(*events: tuple[date, date | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(events, columns=["day", "recorded_on", "incidents"])
    return frame.assign(
        day=pd.to_datetime(frame["day"]), recorded_on=pd.to_datetime(frame["recorded_on"])
    )


def drawn(seed: int, weeks: int, a_week: float, mean_delay: float) -> list[tuple[date, date, int]]:
    """Events with delays, all of them, those not yet recorded on THROUGH included."""
    random = np.random.default_rng(seed)
    events = []
    for back in range(7 * weeks):
        day = THROUGH - timedelta(days=back)
        for _ in range(random.poisson(a_week / 7)):
            events.append((day, day + timedelta(days=int(random.geometric(1 / mean_delay))), 1))
    return events


def of(events: list[tuple[date, date, int]], through: date = THROUGH) -> ReportingDelay:
    return estimate_reporting_delay(rows(*events), through, SUNDAY, 30)


def triangle(
    events: list[tuple[date, date, int]], through: date, horizon: int
) -> tuple[list[float], list[int]]:
    """Reverse-time hazards from weeks walked one by one: completeness by age, counts by age."""
    end = through
    while end.isoweekday() != SUNDAY:
        end -= timedelta(days=1)
    late = (through - end).days
    cells: dict[tuple[int, int], int] = {}
    counted = [0] * 200
    for day, recorded, n in events:
        if day > end or recorded > through:
            continue
        week = day
        while week.isoweekday() != SUNDAY:
            week += timedelta(days=1)
        age = (end - week).days // 7
        delay = 0
        while recorded > week + timedelta(days=late + 7 * delay):
            delay += 1
        if age < 200:
            counted[age] += n
        if age <= 156 and delay <= horizon:
            cells[age, delay] = cells.get((age, delay), 0) + n
    complete = [1.0] * (horizon + 1)
    for age in range(horizon - 1, -1, -1):
        j = age + 1
        at = sum(n for (a, d), n in cells.items() if d == j and a >= j)
        upto = sum(n for (a, d), n in cells.items() if d <= j and a >= j)
        complete[age] = complete[age + 1] * (1 - (at / upto if upto else 0))
    return complete, counted


@pytest.mark.parametrize("through", [THROUGH, THROUGH - timedelta(days=3)])
@pytest.mark.parametrize("mean_delay", [2.0, 20.0])
def test_completeness_is_that_of_the_triangle(through, mean_delay):
    events = drawn(3, 120, 5.0, mean_delay)
    found = of(events, through)
    complete, counted = triangle(events, through, HORIZON_WEEKS)
    assert found.horizon == HORIZON_WEEKS
    assert found.completeness["complete"].tolist() == pytest.approx(complete, abs=1e-9)
    assert found.weeks["counted"].tolist() == counted[:8]
    assert (found.completeness["low"] <= found.completeness["complete"] + 1e-12).all()
    assert (found.completeness["complete"] <= found.completeness["high"] + 1e-12).all()


def test_what_is_not_recorded_yet_does_not_make_recording_look_quick():
    # Delays of four weeks and more on average: most of the newest weeks is not there yet.
    events = drawn(5, 150, 30.0, 30.0)
    found = of(events)
    # Of a week just over, day k back from its end had k days to be recorded in.
    truth = sum(1 - (1 - 1 / 30) ** k for k in range(7)) / 7
    at = found.completeness.iloc[0]
    assert at["low"] < truth < at["high"]
    # Without regard to the truncation, over what is known today, it looks quicker.
    naive = [(day, recorded) for day, recorded, _ in events if recorded <= THROUGH]
    recent = [pair for pair in naive if (THROUGH - pair[0]).days < 42]
    quick = np.mean([(r - d).days <= (6 - d.weekday()) % 7 for d, r in recent])
    assert quick > 1.4 * truth


def test_the_band_is_the_count_of_missing_incidents_spelled_out():
    events = drawn(3, 120, 5.0, 20.0)
    found = of(events)
    at, week = found.completeness.iloc[2], found.weeks.iloc[2]
    n = int(week["counted"])

    def missing_at_most(k: int, share: float) -> float:
        return sum(math.comb(n + m, m) * share ** (n + 1) * (1 - share) ** m for m in range(k + 1))

    low = next(k for k in range(500) if missing_at_most(k, at["high"]) >= 0.025)
    high = next(k for k in range(500) if missing_at_most(k, at["low"]) >= 0.975)
    assert (week["low"], week["high"]) == (n + low, n + high)


def test_a_row_without_a_recorded_day_counts_and_tells_nothing():
    events = drawn(3, 120, 5.0, 2.0)
    with_one = estimate_reporting_delay(rows(*events, (THROUGH, None, 4)), THROUGH, SUNDAY, 30)
    without = of(events)
    pd.testing.assert_frame_equal(with_one.completeness, without.completeness)
    assert with_one.weeks["counted"].iloc[0] == without.weeks["counted"].iloc[0] + 4


def test_a_source_without_days_of_recording_is_said_to_give_none():
    events = drawn(3, 120, 5.0, 2.0)
    none = estimate_reporting_delay(
        rows(*((day, None, many) for day, _, many in events)), THROUGH, SUNDAY, 30
    )
    assert none.weeks.empty
    assert describe_growth(none) == (
        "The source does not give when incidents were recorded, so it is not known how much the "
        "newest weeks still grow."
    )


def test_too_little_history_and_too_slow_a_record():
    few = of(drawn(1, 60, 0.4, 2.0))
    assert few.weeks.empty
    assert describe_growth(few).startswith("Too few incidents are old enough to say")
    assert describe_growth(of([])).startswith("There are no incidents, so it is not known")
    slow = of([(d, d + timedelta(days=40), n) for d, _, n in drawn(2, 150, 9.0, 2.0)])
    assert slow.completeness["complete"].iloc[0] == 0
    assert slow.weeks["high"].isna().iloc[0]
    assert "too few to say where it will end" in describe_growth(slow)
