"""Attendance and the losses of the call-in funnel, as numbers.

What nobody noted is never read as a no: attendance is a range, from none of the unknown to
all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats.proportion import ShareInterval, compute_wilson_interval

IN_CUSTODY = "in_custody"  # the route of those who do not choose to come


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
    """Add up rows of `call_in_funnel`.

    Those in custody do not choose to come: they are a line of their own, left out here.
    """
    return _add_up(frame[frame["route"] != IN_CUSTODY])


def sum_attendance_in_custody(frame: pd.DataFrame) -> Attendance:
    """Add up the same of those in custody."""
    return _add_up(frame[frame["route"] == IN_CUSTODY])


def _add_up(rows: pd.DataFrame) -> Attendance:
    return Attendance(
        *(int(rows[name].sum()) for name in ("attended", "attended_unknown", "reachable"))
    )


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
