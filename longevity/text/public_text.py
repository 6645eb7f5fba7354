"""Why the public is not shown a figure, and how one is written.

docs/public-tables.md tells which tables there are. Zero, withheld and missing are three words
here, never one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.text import wording

NO_YEAR = "no closed year"
NONE_YET = "No year of people shot is closed and counted for the public yet."


def find_year(frame: pd.DataFrame) -> str:
    """Return the closed year an answer of a public table is of; NO_YEAR when it has none."""
    years = frame["year"].dropna()
    return str(int(years.max())) if len(years) else NO_YEAR


def format_cell(count: Any, state: str) -> str:
    """Return one figure: its number, "withheld", or "missing"."""
    return wording.format_number(count) if state in ("shown", "zero") else state
