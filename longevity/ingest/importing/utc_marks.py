"""Times marked `Z` or `+00`: really UTC, or local times that a database marked so.

Both are met, and no row says which. Together they do: few people are shot in the early
morning, so of the two readings the one whose hours can be those of shootings is offered.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from longevity.ingest.importing.timestamps import Timestamps
from longevity.ingest.shooting_hours import describe_odd_hours

_LOCAL, _UTC = "z_is_local = true", "z_is_local = false"


class UtcMarks:
    """What the marked times of a source are under both readings, counted chunk by chunk."""

    def __init__(self) -> None:
        self._rows = 0
        self._on_another_day = 0
        self._converted = np.zeros(24, dtype=np.int64)
        self._as_written = np.zeros(24, dtype=np.int64)

    def add(self, stamps: Timestamps) -> None:
        """Count the marked times of one chunk."""
        marked = stamps.marked
        converted, written = stamps.values[marked], stamps.as_written[marked]
        self._rows += int(marked.sum())
        self._on_another_day += int((converted.dt.normalize() != written.dt.normalize()).sum())
        # A day without a time has no hour under either reading.
        timed = ~stamps.utc_midnight[marked]
        self._converted += _count_hours(converted[timed])
        self._as_written += _count_hours(written[timed])

    def describe(self) -> str | None:
        """Return what was done with them, and which reading is the likelier; None without any."""
        if not self._rows:
            return None
        done = (
            f"{self._rows:,} times are marked Z or +00 and were turned from UTC into local time, "
            f"{self._on_another_day:,} of them onto another day."
        )
        utc, local = (
            describe_odd_hours(counts.tolist()) for counts in (self._converted, self._as_written)
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


def _count_hours(moments: pd.Series) -> np.ndarray:
    return np.bincount(moments.dropna().dt.hour.to_numpy(dtype=np.int64), minlength=24)
