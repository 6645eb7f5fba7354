"""Cells of a CSV that no spreadsheet runs: docs/decisions/0022."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # the wide ones too
# A sign before digits is a number, a percentage or a range of them: it computes nothing.
_NUMBER = r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\s?%?"
_HARMLESS = re.compile(rf"{_NUMBER}(?:\s?(?:to|–)\s?{_NUMBER})?")
# What a spreadsheet skips before it looks for a formula, and what ends a row in one.
_UNSEEN = r"\s\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_SKIPPED = re.compile(rf"^[{_UNSEEN}]+")
# Where lists are separated by semicolons, a line is parted there, in quotation marks or not.
_PART = ";"
_SKIPPED_IN_PART = re.compile(rf'^[{_UNSEEN}"]+')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def disarm_cell(cell: Any) -> Any:
    """Return a cell as it may be in a CSV: an apostrophe before what begins like a formula.

    Numbers, and text that is one, stay as they are; control characters become a space.
    """
    if not isinstance(cell, str):
        return cell
    text = _CONTROL.sub(" ", cell)
    first, *parts = text.split(_PART)
    parts = ["'" + part if _begins_formula(part, _SKIPPED_IN_PART) else part for part in parts]
    return ("'" if _begins_formula(text, _SKIPPED) else "") + _PART.join([first, *parts])


def _begins_formula(text: str, skipped: re.Pattern[str]) -> bool:
    begins = skipped.sub("", text)
    return begins.startswith(STARTS) and not _HARMLESS.fullmatch(text.strip())


def disarm_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts and names are harmless; columns of numbers and days are kept."""
    result = table.rename(columns=disarm_cell)
    for at, kind in enumerate(table.dtypes):
        if pd.api.types.is_string_dtype(kind) or kind.name in ("object", "category"):
            cells = table.iloc[:, at].astype(object).map(disarm_cell, na_action="ignore")
            result.isetitem(at, cells)
    return result
