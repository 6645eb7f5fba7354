"""Answers as frames: one dtype a kind of column, whatever DuckDB makes of an expression."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from longevity.ui.report_page import shorten_codes
from longevity.warehouse.warehouse import fetch_frame


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
