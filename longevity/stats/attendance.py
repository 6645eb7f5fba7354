"""The losses of the way from invitation to service, as numbers.

What is not noted is never read as a no.
"""

from __future__ import annotations

import pandas as pd

# Each stage, and the columns with how many could pass it, how many did, of how many that is not
# known, and how many more could have in days that no file covers. `aged`: of sessions at least so
# many days ago; what follows a later one may still come.
STAGES = (
    ("reachable", "invited", "reachable", "reachable_unknown", None),
    ("attended", "reachable", "attended", "attended_unknown", None),
    ("intake_30", "attended_aged_30", "intake_30", None, "attended_unserved"),
    ("active_90", "intake_aged_90", "active_90", "active_unknown_90", "intake_unserved"),
)


def count_losses(frame: pd.DataFrame) -> pd.DataFrame:
    """Count what each stage of the way lost, from rows of the query `call_in_funnel`.

    The result has a row for each stage, with the columns stage, before (how many passed the stage
    before), recent (how many of these are of sessions too new to tell), passed, unknown, completed
    (a service before day 90, which is no loss), lost. before = recent + passed + unknown +
    completed + lost. Stages after attendance are left out where the services of some city were not
    supplied.
    """
    passed_before: int | None = None  # of the stage before; the first has none
    rows: list[tuple[str, int, int, int, int, int, int]] = []
    for stage, whole, through, unsure, unserved in STAGES:
        counted = [name for name in (whole, through, unsure, unserved) if name]
        if frame.empty or frame[counted].isna().any(axis=None):
            continue
        old_enough, passed, unknown, outside = (
            int(frame[name].sum()) if name else 0 for name in (whole, through, unsure, unserved)
        )
        completed = int(frame["completed_90"].sum()) if stage == "active_90" else 0
        before = old_enough if passed_before is None else passed_before
        lost = old_enough - passed - unknown - completed
        recent = before - old_enough - outside
        rows.append((stage, before, recent, passed, unknown + outside, completed, lost))
        passed_before = passed
    columns = ["stage", "before", "recent", "passed", "unknown", "completed", "lost"]
    return pd.DataFrame(rows, columns=columns)
