"""Answers as pandas frames: one dtype a kind of column, whether or not a value is missing.

Whole numbers of any width as Int64, BOOLEAN as boolean, DOUBLE as float64, DATE as
datetime64[us], text as str with NaN where missing. Built column by column, since pandas, left to
find out what each is, takes as long for fifty rows as the database does to answer.

A count of people has one of four states: zero, withheld and missing are never mixed up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from longevity.absent import Absent
from longevity.errors import DataError

SHOWN, ZERO, WITHHELD, MISSING = "shown", "zero", Absent.WITHHELD.value, "missing"
TEXT = pd.StringDtype(na_value=np.nan)
DAY = "datetime64[us]"


def fetch_frame(result: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """Fetch the answer to a question just executed. DataError for a column of another kind."""
    kinds = {column[0]: _name_kind(str(column[1])) for column in result.description}
    for name, kind in kinds.items():
        if kind not in _OF_NUMPY:
            raise DataError(
                f"'{query}' answers '{name}' as {kind}.",
                "CAST it to a whole number, DOUBLE, DATE, BOOLEAN or VARCHAR.",
            )
    columns = result.fetchnumpy()
    return pd.DataFrame({name: _OF_NUMPY[kind](columns[name]) for name, kind in kinds.items()})


def _name_kind(name: str) -> str:
    return "ENUM" if name.startswith("ENUM") else name


def _convert_numbers(values: Any) -> Any:
    mask = np.ma.getmaskarray(values)
    # A sum is wider than 64 bits and comes as floats, which hold whole numbers up to 2**53.
    whole = np.where(mask, 0, np.ma.getdata(values)).astype("int64")
    return pd.arrays.IntegerArray(whole, mask)


def _convert_flags(values: Any) -> Any:
    return pd.arrays.BooleanArray(np.ma.getdata(values), np.ma.getmaskarray(values))


def _convert_days(values: Any) -> Any:
    return np.ma.filled(values.astype(DAY), np.datetime64("NaT"))


def _convert_text(values: Any) -> Any:
    text = pa.array(np.ma.getdata(values), pa.large_string(), mask=np.ma.getmaskarray(values))
    return TEXT.__from_arrow__(text)


def _convert_words(values: Any) -> Any:
    return pd.array(values.astype(object), dtype=TEXT)


_OF_NUMPY: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("INTEGER", "BIGINT", "HUGEINT"), _convert_numbers),
    "BOOLEAN": _convert_flags,
    "DOUBLE": lambda values: np.ma.filled(values, np.nan),
    "DATE": _convert_days,
    "VARCHAR": _convert_text,
    "ENUM": _convert_words,
}


def add_states(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the frame with a `<column>_state` (shown, zero, missing) beside each column.

    For whoever may read the rows behind a count: nothing is withheld. The columns become Int64.
    """
    out: dict[str, Any] = {}
    for column in frame.columns:
        out[column] = frame[column]
        if column in columns:
            out[column] = values = frame[column].astype("Int64")
            states = np.where(values.eq(0).fillna(False), ZERO, SHOWN).astype(object)
            states[values.isna()] = MISSING
            out[f"{column}_state"] = pd.array(states, dtype="str")
    return pd.DataFrame(out)
