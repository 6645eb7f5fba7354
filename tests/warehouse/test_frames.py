"""Answers as frames: one dtype a kind of column, whatever DuckDB makes of an expression."""

import duckdb
import pandas as pd
import pytest

from longevity.ui.report_page import shorten_codes
from longevity.warehouse.warehouse import add_states, fetch_frame
from tests.factories import ascii_table
from tests.factories.ascii_table import assert_table


def answer(sql: str) -> pd.DataFrame:
    return fetch_frame(duckdb.connect(":memory:").execute(sql), "asked")


@pytest.mark.parametrize(
    "expression",
    ["SUM(n)", "COUNT(*)", "MAX(n) - MIN(n)", "COALESCE(SUM(n), 0)", "CAST(3 AS INTEGER)"],
)
def test_a_whole_number_of_any_width_is_the_same_kind(expression):
    sql = f"SELECT {expression} AS whole FROM (VALUES (1), (4)) AS t(n)"
    assert answer(sql)["whole"].dtype == pd.Int64Dtype()


def test_a_missing_sum_is_missing_and_not_zero():
    frame = answer("SELECT n, SUM(v) AS s FROM (VALUES (1, NULL), (2, 5)) AS t(n, v) GROUP BY n")
    by = dict(zip(frame["n"].tolist(), frame["s"].tolist(), strict=True))
    assert by[1] is pd.NA
    assert by[2] == 5


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("east-p12", "p12"),
        ("2 of 3: east-p1, north_west-p2; none else", "2 of 3: p1, p2; none else"),
        ("north-east-side", "north-east-side"),  # a place, no code
        ("East-West Street", "East-West Street"),
        ("east", "east"),
    ],
)
def test_a_code_loses_its_citys_id_and_nothing_else_does(cell, shown):
    short = shorten_codes(pd.DataFrame({"what": [cell], "count": [1]}), ["east", "north_west"])
    assert short["what"].tolist() == [shown]
    assert short["count"].tolist() == [1]


# Counts of people for whoever may read the rows behind them, each with its state


def test_who_may_read_the_rows_sees_every_count_and_its_state():
    frame = pd.DataFrame(ascii_table.rows("band | n\n a | 3\n b | 0\n c | "))
    frame["n"] = pd.to_numeric(frame["n"].replace("", pd.NA)).astype("Int64")
    out = add_states(frame, ["n"])
    assert_table(out, "band | n | n_state\n a | 3 | shown\n b | 0 | zero\n c | | missing")
    empty = add_states(frame.head(0), ["n"])
    assert list(empty.columns) == ["band", "n", "n_state"]
