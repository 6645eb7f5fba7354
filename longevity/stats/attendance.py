"""The losses of the way from invitation to service, as numbers.

What is not noted is never read as a no.
"""

from __future__ import annotations

import pandas as pd

# Each stage, and the columns of those who could pass it, those who did, and those of whom it is not
# known. `aged`: of sessions at least so many days ago, as a later one may still be followed.
STAGES = (
    ("reachable", "invited", "reachable", "reachable_unknown"),
    ("attended", "reachable", "attended", "attended_unknown"),
    ("intake_30", "attended_aged_30", "intake_30", None),
    ("active_90", "intake_aged_90", "active_90", "active_unknown_90"),
)


def count_losses(frame: pd.DataFrame) -> pd.DataFrame:
    """Count what each stage of the funnel lost, from rows of `call_in_funnel`, a row a stage.

    Columns: stage, before (who passed the stage before), recent (of these, of sessions too new to
    tell), passed, unknown, completed (a service before day 90, which is no loss), lost. before =
    recent + passed + unknown + completed + lost. Stages after attendance are left out where the
    services of some city were not supplied.
    """
    rows: list[tuple[str, int, int, int, int, int, int]] = []
    for stage, whole, through, unsure in STAGES:
        counted = [name for name in (whole, through, unsure) if name]
        if frame.empty or frame[counted].isna().any(axis=None):
            continue
        old_enough, passed, unknown = (
            int(frame[name].sum()) if name else 0 for name in (whole, through, unsure)
        )
        completed = int(frame["completed_90"].sum()) if stage == "active_90" else 0
        before = rows[-1][3] if rows else old_enough
        lost = old_enough - passed - unknown - completed
        recent = before - old_enough
        rows.append((stage, before, recent, passed, unknown, completed, lost))
    columns = ["stage", "before", "recent", "passed", "unknown", "completed", "lost"]
    return pd.DataFrame(rows, columns=columns)
