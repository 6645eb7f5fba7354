"""Times marked `Z` or `+00`: really UTC, or local times that a database marked so.

Both are met, and no row says which. Together they do: few people are shot in the early
morning, so of the two readings the one whose hours can be those of shootings is offered.
"""

from __future__ import annotations

from datetime import time

import numpy as np
import pandas as pd

from longevity.ingest.shooting_hours import describe_odd_hours

_LOCAL, _UTC = "z_is_local = true", "z_is_local = false"


def describe_marks(converted: pd.Series, written: pd.Series) -> str:
    """Return what was done with marked times, and which reading is the likelier; else nothing.

    `converted`: local times; `written`: the same as they are written.
    """
    if written.empty:
        return ""
    moved = (converted.dt.normalize() != written.dt.normalize()).sum()
    done = (
        f"{len(written):,} times are marked Z or +00 and were turned from UTC into local time, "
        f"{moved:,} of them onto another day."
    )
    # A day without a time has no hour under either reading.
    timed = written.dt.time != time()
    utc, local = (
        describe_odd_hours(np.bincount(moments[timed].dt.hour, minlength=24).tolist())
        for moments in (converted, written)
    )
    if utc is not None and local is None:
        return (
            f"{done} Read so there are {utc}; as local times they have the hours of shootings. "
            f"Set {_LOCAL}, or {_UTC} if they are UTC all the same."
        )
    if local is not None and utc is None:
        return f"{done} So they have the hours of shootings. {_UTC} says that it is right."
    return (
        f"{done} Their hours do not tell whether that is right: ask the sender, and set "
        f"{_LOCAL} or {_UTC}."
    )
