"""The four states of a count of people: zero, withheld and missing are never mixed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from longevity.absent import Absent

SHOWN, ZERO, WITHHELD, MISSING = "shown", "zero", Absent.WITHHELD.value, "missing"


def add_states(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the frame with a `<column>_state` (shown, zero, missing) beside each column.

    For whoever may read the rows behind a count: nothing is withheld. The columns become Int64.
    """
    out: dict[str, pd.Series] = {}
    for column in frame.columns:
        out[column] = frame[column]
        if column not in columns:
            continue
        values = frame[column].astype("Int64")
        counts = values.to_numpy(dtype="int64", na_value=1)
        states = np.where(values.isna(), MISSING, np.where(counts == 0, ZERO, SHOWN))
        out[column] = values
        out[f"{column}_state"] = pd.Series(states.astype(object), index=frame.index, dtype="str")
    return pd.DataFrame(out)
