"""Columns turned into the Arrow tables of the contract."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longevity.age_bands import AGE_BANDS
from longevity.demo.ground import World
from longevity.ingest.contract import BY_NAME, Column, Kind


class Rows(SimpleNamespace):
    """The rows of one extract of one city: arrays, by the name of the contract's column.

    `on_file` are the days from which they are on file; other names are what the plan alone knows.
    Values are day numbers, minutes, numbers of codes or of words, other whole numbers (below 0:
    none), decimals (NaN: none), words, or 1, 0, -1 for yes, no, unknown.
    """


def build_table(extract: str, rows: Rows, world: World) -> pa.Table:
    """Return a city's rows on file by the day `as_of`; days after it are still to come."""
    contract, at, city = BY_NAME[extract], rows.on_file <= world.as_of, world.city.id
    rows.city = np.full(at.size, city)
    # The first world has the same codes at every scale.
    prefix = f"{city}-" if world.number == 1 else f"{city}-{world.number}-"
    arrays = [
        _build_array(column, getattr(rows, column.name)[at], prefix, world.as_of)
        for column in contract.columns
    ]
    return pa.table(arrays, contract.schema.names).cast(contract.schema)


def _build_array(column: Column, values: Any, prefix: str, as_of: int) -> pa.Array:
    match column.kind:
        case Kind.CITY | Kind.TEXT | Kind.DECIMAL:
            return pa.array(values, from_pandas=True)
        case Kind.MOMENT:
            return pa.array(values.astype("datetime64[m]").astype("datetime64[us]"))
        case Kind.DAY:
            limit = as_of + column.ahead
            days = np.minimum(values, limit).astype(np.int32)
            return pa.array(days, mask=values > limit).cast(pa.date32())
    numbers = pa.array(values, mask=values < 0)
    if column.kind is Kind.CODE:
        letter = (column.references or column.name)[0]
        text = pc.add(numbers, 1).cast(pa.string())
        return pc.binary_join_element_wise(prefix + letter, text, "")
    if column.kind in (Kind.CHOICE, Kind.BAND):
        return pa.array(column.choices or AGE_BANDS).take(numbers)
    return numbers
