"""Cells of a CSV: what a spreadsheet would run it does not, and numbers stay numbers."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from longevity.outputs import spreadsheet_cells


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "+1+cmd",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "\u202e=1+1",
        "＝1+1",
        "-",
        "-A1",
    ],
)
def test_what_begins_like_a_formula_is_text(cell):
    told = spreadsheet_cells.disarm_cell(cell)
    assert told.startswith("'")
    assert not set(told) & set("\t\r\n")


@pytest.mark.parametrize("start", ["=1+1", " =1+1", '"=1+1', '\u200b" @SUM(A1)'])
def test_what_begins_like_a_formula_behind_a_semicolon_is_text(start):
    frame = pd.DataFrame({"a": ["left"], "label": [f"x;-5; y;{start}"], "b": ["right"]})
    line = spreadsheet_cells.disarm_table(frame).to_csv(index=False, header=False)
    # As it is opened where lists are separated by semicolons: quotation marks inside are signs.
    parts = line.split(";")
    assert parts[1:3] == ["-5", " y"]
    assert parts[3].startswith("'")


@pytest.mark.parametrize(
    "cell",
    ["-5", "+12%", "-5.5 to 3", "−5", "–", "", "Slate", "a-b", "1,000", "-1e5", "a;b", "a;-5"],
)  # fmt: skip
def test_numbers_and_words_stay(cell):
    assert spreadsheet_cells.disarm_cell(cell) == cell


def test_a_table_keeps_its_numbers_days_and_rows():
    frame = pd.DataFrame(
        {
            "change": pd.array([-5, None], dtype="Int64"),
            "rate": [-0.5, 2.0],
            "day": pd.to_datetime(["2026-01-01", None]),
            "=label": pd.Series(["=1", "two\rrows\nin one"], dtype="str"),
        }
    )
    text = spreadsheet_cells.disarm_table(frame).to_csv(index=False)
    read = pd.read_csv(io.StringIO(text))
    assert list(read) == ["change", "rate", "day", "'=label"]
    assert read["change"].tolist()[0] == -5
    assert read["rate"].tolist() == [-0.5, 2.0]
    assert read["'=label"].tolist() == ["'=1", "two rows in one"]
    assert len(text.splitlines()) == 3
