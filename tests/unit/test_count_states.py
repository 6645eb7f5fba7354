"""Counts of people for whoever may read the rows behind them, each with its state."""

from __future__ import annotations

import pandas as pd

from longevity.warehouse.warehouse import add_states
from tests.factories import ascii_table
from tests.factories.ascii_table import assert_table


def test_who_may_read_the_rows_sees_every_count_and_its_state():
    frame = pd.DataFrame(ascii_table.rows("band | n\n a | 3\n b | 0\n c | "))
    frame["n"] = pd.to_numeric(frame["n"].replace("", pd.NA)).astype("Int64")
    out = add_states(frame, ["n"])
    assert_table(out, "band | n | n_state\n a | 3 | shown\n b | 0 | zero\n c | | missing")
    empty = add_states(frame.head(0), ["n"])
    assert list(empty.columns) == ["band", "n", "n_state"]
