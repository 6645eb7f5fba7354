"""Make cells of a CSV safe: none may be run as a formula by a spreadsheet (docs/decisions/0022)."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from longevity.base import labels

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # the last four are full-width characters
# A number, a percentage or a range of them, "-5 to 3%": it is no formula, though it has a sign.
_NUMBER = r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\s?%?"
_HARMLESS = re.compile(rf"{_NUMBER}(?:\s?(?:to|–)\s?{_NUMBER})?")
# Invisible characters, which a spreadsheet skips before it looks for a formula.
_UNSEEN = rf"\s{labels.UNSEEN_SIGNS}"
_SKIPPED = re.compile(rf"^[{_UNSEEN}]+")
# In countries that separate by semicolons, a spreadsheet splits cells there, even quoted ones.
_PART = ";"
_SKIPPED_IN_PART = re.compile(rf'^[{_UNSEEN}"]+')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def disarm_cell(cell: Any) -> Any:
    """Return a cell as it may be in a CSV: "=A1" gets an apostrophe in front, "'=A1".

    So does any part after a semicolon. Numbers, also as text, stay as they are; control characters
    become spaces.
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
    """Return a table with `disarm_cell` done to its column names and all cells with text."""
    result = table.rename(columns=disarm_cell)
    for at, kind in enumerate(table.dtypes):
        if pd.api.types.is_string_dtype(kind) or kind.name in ("object", "category"):
            cells = table.iloc[:, at].astype(object).map(disarm_cell, na_action="ignore")
            result.isetitem(at, cells)
    return result
