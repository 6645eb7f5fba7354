"""The newest week, which still grows, against weeks counted one by one."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from longevity.screens.this_week import describe_growth
from longevity.stats.reporting_delay import NewestWeek, estimate_growth

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


def of(events: list[tuple[date, date, int]], through: date = THROUGH) -> NewestWeek:
    return estimate_growth(rows(*events), through, SUNDAY, 30)


def count_weeks(
    events: list[tuple[date, date, int]], through: date
) -> tuple[dict[int, list[int]], int]:
    """By age of whole weeks: incidents on time and in all; and those of the newest."""
    end = through
    while end.isoweekday() != SUNDAY:
        end -= timedelta(days=1)
    seen_after = (through - end).days
    weeks: dict[int, list[int]] = {}
    newest = 0
    for day, recorded, n in events:
        week = day
        while week.isoweekday() != SUNDAY:
            week += timedelta(days=1)
        age = (end - week).days // 7
        if age == 0 and recorded <= through:
            newest += n
        if 26 <= age <= 156 and (recorded - week).days <= 26 * 7 + seen_after:
            counts = weeks.setdefault(age, [0, 0])
            counts[0] += n if (recorded - week).days <= seen_after else 0
            counts[1] += n
    return weeks, newest


@pytest.mark.parametrize("through", [THROUGH, THROUGH - timedelta(days=3)])
@pytest.mark.parametrize("mean_delay", [2.0, 20.0])
def test_completeness_is_that_of_weeks_walked_one_by_one(through, mean_delay):
    events = drawn(3, 120, 5.0, mean_delay)
    found = of(events, through)
    weeks, newest = count_weeks(events, through)
    on_time, total = (sum(counts[at] for counts in weeks.values()) for at in (0, 1))
    share, low, high = found.complete
    assert (found.counted, found.incidents) == (newest, total)
    assert share == pytest.approx(on_time / total)
    # The error between weeks, or of single draws where that is larger; here both are alike.
    error = math.sqrt(sum((x - share * n) ** 2 for x, n in weeks.values())) / total
    assert low < share < high
    assert (high - low) / (2 * 1.96) == pytest.approx(max(error, 0), rel=0.25)


def test_weeks_entered_together_tell_less():
    alone = of(drawn(3, 150, 9.0, 20.0))
    together = of([(day, day + timedelta(days=20 * (day.isocalendar()[1] % 2)), n) for day, _, n in
                   drawn(3, 150, 9.0, 20.0)])  # fmt: skip
    spans = [found.complete[2] - found.complete[1] for found in (alone, together)]
    assert spans[1] > 1.5 * spans[0]


def test_what_is_not_recorded_yet_does_not_make_recording_look_quick():
    # Delays of four weeks and more on average: most of the newest weeks is not there yet.
    events = drawn(5, 150, 30.0, 30.0)
    found = of(events)
    # Of a week just over, day k back from its end had k days to be recorded in.
    truth = sum(1 - (1 - 1 / 30) ** k for k in range(7)) / 7
    assert found.complete[1] < truth < found.complete[2]
    # Without regard to the truncation, over what is known today, it looks quicker.
    naive = [(day, recorded) for day, recorded, _ in events if recorded <= THROUGH]
    recent = [pair for pair in naive if (THROUGH - pair[0]).days < 42]
    quick = np.mean([(r - d).days <= (6 - d.weekday()) % 7 for d, r in recent])
    assert quick > 1.4 * truth


def test_the_band_is_the_count_of_missing_incidents_spelled_out():
    found = of(drawn(3, 120, 5.0, 5.0))
    n, (_, low_share, high_share) = found.counted, found.complete

    def missing_at_most(k: int, share: float) -> float:
        return sum(math.comb(n + m, m) * share ** (n + 1) * (1 - share) ** m for m in range(k + 1))

    low = next(k for k in range(500) if missing_at_most(k, high_share) >= 0.025)
    high = next(k for k in range(500) if missing_at_most(k, low_share) >= 0.975)
    assert (found.low, found.high) == (n + low, n + high)


def test_a_row_without_a_recorded_day_counts_and_tells_nothing():
    events = drawn(3, 120, 5.0, 2.0)
    with_one = estimate_growth(rows(*events, (THROUGH, None, 4)), THROUGH, SUNDAY, 30)
    without = of(events)
    assert with_one.complete == without.complete
    assert with_one.counted == without.counted + 4


def test_a_source_without_days_of_recording_is_said_to_give_none():
    events = drawn(3, 120, 5.0, 2.0)
    none = estimate_growth(rows(*((day, None, n) for day, _, n in events)), THROUGH, SUNDAY, 30)
    assert describe_growth(none) == (
        "The source does not give when incidents were recorded, so it is not known how much the "
        "newest weeks still grow."
    )


def test_too_little_history_and_too_slow_a_record():
    few = of(drawn(1, 60, 0.4, 2.0))
    assert describe_growth(few).startswith("Too few incidents are old enough to say")
    assert describe_growth(of([])).startswith("There are no incidents, so it is not known")
    slow = of([(d, d + timedelta(days=40), n) for d, _, n in drawn(2, 150, 9.0, 2.0)])
    assert slow.complete[0] == 0
    assert slow.high is None
    assert "too few to say where it will end" in describe_growth(slow)
