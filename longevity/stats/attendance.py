"""Attendance and the losses of the call-in funnel, as numbers.

What nobody noted is never read as a no: attendance is a range, from none of the unknown to
all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats.proportion import ShareInterval, compute_wilson_interval


@dataclass(frozen=True)
class Attendance:
    """Attended ÷ reached, from nobody of the unknown to all of them; `whole` is those reached."""

    attended: int
    unknown: int
    whole: int

    @property
    def least(self) -> ShareInterval:
        """Had nobody come of whom it is not known."""
        return compute_wilson_interval(self.attended, self.whole)

    @property
    def most(self) -> ShareInterval:
        """Had everybody come of whom it is not known."""
        return compute_wilson_interval(self.attended + self.unknown, self.whole)


def sum_attendance(frame: pd.DataFrame) -> Attendance:
    """Add up rows of `attendance_by_route` or `attendance_by_quarter`.

    Those in custody do not choose to come: they are a line of their own, left out here.
    """
    free = frame[~frame["in_custody"].astype(bool)] if _is_by_route(frame) else frame
    return Attendance(
        *(int(free[name].sum()) for name in ("attended", "attended_unknown", "reachable"))
    )


def sum_attendance_in_custody(frame: pd.DataFrame) -> Attendance:
    """Add up the same of those in custody."""
    if _is_by_route(frame):
        rows = frame[frame["in_custody"].astype(bool)]
        names = ("attended", "attended_unknown", "reachable")
    else:
        rows, names = frame, ("in_custody_attended", "in_custody_unknown", "in_custody")
    return Attendance(*(int(rows[name].sum()) for name in names))


def _is_by_route(frame: pd.DataFrame) -> bool:
    return "route" in frame.columns


def add_attendance_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `attendance_by_quarter` with its range and interval, of quarters that reached anyone.

    Adds least, most (shares) and low, high: the Wilson bounds around the whole range.
    """
    quarters = frame[frame["reachable"].astype(int) > 0].copy()
    ranges = [
        Attendance(int(row.attended), int(row.attended_unknown), int(row.reachable))
        for row in quarters.itertuples()
    ]
    quarters["least"] = [each.least.share for each in ranges]
    quarters["most"] = [each.most.share for each in ranges]
    quarters["low"] = [each.least.low for each in ranges]
    quarters["high"] = [each.most.high for each in ranges]
    return quarters


def count_losses(frame: pd.DataFrame) -> pd.DataFrame:
    """Count what each stage of the funnel lost, from rows of `call_in_funnel`, a row a stage.

    Columns: stage, before (how many could pass, of sessions old enough), passed, unknown (of
    whom nobody knows), completed (a service before day 90, which is no loss), lost. before =
    passed + unknown + completed + lost. Stages after attendance are left out where no services
    were supplied.
    """
    total = {
        name: None if frame[name].isna().any() or frame.empty else int(frame[name].sum())
        for name in frame.columns
        if pd.api.types.is_integer_dtype(frame[name])
    }
    stages = (
        ("reachable", "invited", "reachable", ("reachable_unknown",)),
        ("attended", "reachable", "attended", ("attended_unknown",)),
        ("intake_30", "attended_aged_30", "intake_30", ()),
        ("active_90", "intake_aged_90", "active_90", ("active_unknown_90",)),
    )
    rows = []
    for stage, before, passed, unknown in stages:
        numbers = [total.get(name) for name in (before, passed, *unknown)]
        if any(number is None for number in numbers):
            continue
        whole, through, *unsure = [int(number) for number in numbers if number is not None]
        completed = (total.get("completed_90") or 0) if stage == "active_90" else 0
        loss = whole - through - sum(unsure) - completed
        rows.append((stage, whole, through, sum(unsure), completed, loss))
    return pd.DataFrame(rows, columns=["stage", "before", "passed", "unknown", "completed", "lost"])
