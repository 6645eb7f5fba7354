"""People shot, killed and wounded, counted one way: in given places, in given windows of time.

A window is a first day and the day after the last. One of which the data cover no day has no row:
unknown, not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import pandas as pd

from longevity.facts import windows
from longevity.facts.counted import MEASURES, ON_SCREENS
from longevity.facts.windows import Window
from longevity.stats import dispersion
from longevity.warehouse.warehouse import Answer
from longevity.words.absent import Absent, Count

AREAS = "neighbourhood"  # the unit of counts: a row for each area, not for each city
# Of one place: a measure ("victims") and a window go in, the count or why there is none comes out.
Counting = Callable[[str, Window], Count]
# Of one place, what is known: {"victims": {(date(2024, 1, 1), date(2025, 1, 1)): 12}}.
Counts = Mapping[str, Mapping[Window, int]]


class Asks(Protocol):
    """What counts are asked of: a viewer's way to one release."""

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a named question."""

    def find_span(self, city: str | None = None) -> tuple[date, date]:
        """Return the first and the last day of a city, or the days all cities share at the end."""


def count(context: Asks, of: Sequence[Window], **where: Any) -> Answer:
    """Count these windows: a row for each place and window, with all measures as columns.

    `where`: city, neighbourhood and unit, as the query `counts` takes them. The frame also has
    `back`, which window a row is of: 0 is the first given.
    """
    answer = context.ask("counts", windows=tuple(of), **where)
    positions = {first: at for at, (first, _) in reversed([*enumerate(of)])}
    if not of:  # the query counts all days then
        answer = replace(answer, frame=answer.frame.head(0))
    back = [positions[day.date()] for day in answer.frame["date_from"]]
    return replace(answer, frame=answer.frame.assign(back=pd.array(back, dtype="Int64")))


def count_whole(context: Asks, of: Sequence[Window], **where: Any) -> Answer:
    """Count these windows, without those of which the data cover only a part."""
    return keep_rows(answer := count(context, of, **where), answer.frame["complete"])


def count_slices(context: Asks, through: date, **where: Any) -> Answer:
    """Count the slices of four weeks up to a day, nearly six years of them.

    They say how much counts swing by chance (`stats.dispersion`).
    """
    of = windows.list_last_days(through, dispersion.SLICE_DAYS, dispersion.SLICES)
    return count_whole(context, of, **where)


def count_calendar(context: Asks, unit: str, through: date | None = None, **where: Any) -> Answer:
    """Count calendar years or months up to a day; the newest may be a part of one.

    `unit`: "year" or "month", which is also the column that names it. The frame has city, that
    column, counts, and `complete`: whether it is a whole one.
    """
    begin, end = context.find_span(where.get("city"))
    is_years, until = unit == "year", through or end
    of = windows.list_years(begin.year, until) if is_years else windows.list_months(begin, until)
    answer = count(context, of, **where)
    starts, after = answer.frame["date_from"], answer.frame["date_until"].dt
    is_whole = after.day_of_year == 1 if is_years else after.day == 1
    named = {unit: starts.dt.year.astype("Int64") if is_years else starts}
    frame = answer.frame.assign(**named, complete=answer.frame["complete"] & is_whole)
    return replace(answer, frame=frame[["city", unit, *ON_SCREENS, "complete"]])


def count_areas(
    context: Asks, window: Window, years: int | None = None, city: str | None = None
) -> Answer:
    """Count the neighbourhoods of a city, or of all (None), with their `population`, in a window.

    `years`: also the same days of that many years before; each row then says which. A window that
    is longer than a year has none before it.
    """
    of = [windows.step_back(window, back) for back in range((years or 0) + 1)]
    if len(of) > 1 and of[1][1] > window[0]:
        of = of[:1]
    answer = count_whole(context, of, city=city, unit=AREAS)
    frame = add_population(context, answer).frame
    days = [] if years is None else ["back", "date_from", "date_until"]
    columns = ["city", "neighbourhood", *days, *ON_SCREENS, "population"]
    return replace(answer, frame=frame[columns])


def add_population(context: Asks, answer: Answer) -> Answer:
    """Return counts of areas with how many live in each, missing where no source says."""
    population = context.ask("areas").frame[["city", "neighbourhood", "population"]]
    frame = answer.frame.merge(population, on=["city", "neighbourhood"], how="left")
    return replace(answer, frame=frame)


def keep_rows(answer: Answer, rows: pd.Series) -> Answer:
    """Return an answer with these rows (bool, one a row) alone; itself where that is all."""
    if rows.all():
        return answer
    return replace(answer, frame=answer.frame[rows].reset_index(drop=True))


def read_counts(frame: pd.DataFrame) -> dict[str, dict[Window, int]]:
    """Return the counts of one place from its rows, where known: `{"victims": {window: 12}}`."""
    of = [*zip(frame["date_from"].dt.date, frame["date_until"].dt.date, strict=True)]
    return {
        measure: {
            window: int(value)
            for window, value in zip(of, frame[measure].tolist(), strict=True)
            if not pd.isna(value)
        }
        for measure in MEASURES
        if measure in frame
    }


def make_counting(counts: Counts) -> Counting:
    """Return a function that looks a count of one place up, or says why there is none.

    `counts`: as `read_counts` returns them.
    """

    def count(measure: str, window: Window) -> Count:
        known = counts.get(measure, {}).get(window)
        if known is not None:
            return known
        # A source that lists only some of the victims (those killed, say) has no count of people
        # shot in a window of which it has other counts.
        is_covered = any(window in by_window for by_window in counts.values())
        return Absent.NOT_HELD if is_covered else Absent.NOT_COVERED

    return count
