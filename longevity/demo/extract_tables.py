"""Columns of a plan turned into the Arrow tables of the contract.

A row carries the day from which it is on file; days that are still to come are
empty, those of an `ahead` column as far as the contract lets them lie ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longevity.demo.streams import Bools, Ints
from longevity.ingest.contract import BY_NAME, Column, Kind


@dataclass(frozen=True)
class CodeColumn:
    """Codes: a prefix, a number (below 0: none) and, for parts of a thing, a letter."""

    prefix: str
    number: Ints
    letter: Ints | None = None


@dataclass(frozen=True)
class WordColumn:
    """Words by their index; below 0: none."""

    words: tuple[str, ...]
    index: Ints


@dataclass(frozen=True)
class ExtractRows:
    """The rows of one extract: a mapping of column to values, and the day each is on file.

    All are of one city, which is no column here.
    Values are Codes, Words, a list of text, or an array of day numbers, whole
    numbers (below 0: none), decimals (NaN: none) or 1, 0, -1 for yes, no, unknown.
    """

    extract: str
    on_file: Ints
    values: Mapping[str, Any]


def build_table(rows: ExtractRows, city: str, as_of: int) -> pa.Table:
    """Return a city's rows on file by the day `as_of`, as the contract types them."""
    extract = BY_NAME[rows.extract]
    is_on_file = rows.on_file <= as_of
    values = {
        **rows.values,
        "city": WordColumn((city,), np.zeros(rows.on_file.size, dtype=np.int64)),
    }
    arrays = [
        _build_array(column, values[column.name], is_on_file, as_of) for column in extract.columns
    ]
    return pa.Table.from_arrays(arrays, schema=extract.schema)


def _build_array(column: Column, values: Any, is_on_file: Bools, as_of: int) -> pa.Array:
    if isinstance(values, WordColumn):
        return _build_words(values.words, values.index[is_on_file])
    if isinstance(values, CodeColumn):
        return _build_codes(values, is_on_file)
    if isinstance(values, list):
        present = [value for value, keep in zip(values, is_on_file.tolist(), strict=True) if keep]
        return pa.array(present, pa.string())
    return _build_plain(column, values[is_on_file], as_of)


def _build_plain(column: Column, values: Any, as_of: int) -> pa.Array:
    if column.kind is Kind.DAY:
        limit = as_of + column.ahead
        days = pa.array(np.minimum(values, limit).astype(np.int32), mask=values > limit)
        return days.cast(pa.date32())
    if column.kind is Kind.MOMENT:
        return pa.array(values.astype("datetime64[m]").astype("datetime64[us]"))
    if column.kind is Kind.BOOLEAN:
        return pa.array(values == 1, mask=values < 0)
    if column.kind is Kind.DECIMAL:
        return pa.array(values.astype(np.float64), mask=np.isnan(values))
    return pa.array(values.astype(np.int64), mask=values < 0)


def _build_words(words: tuple[str, ...], index: Ints) -> pa.Array:
    indices = pa.array(np.maximum(index, 0), mask=index < 0)
    return pa.array(words, pa.string()).take(indices)


def _build_codes(codes: CodeColumn, is_on_file: Bools) -> pa.Array:
    number = codes.number[is_on_file]
    text = pa.array(number, mask=number < 0).cast(pa.string())
    parts: list[Any] = [codes.prefix, text]
    if codes.letter is not None:
        parts.append(_build_words(tuple("abcdefghij"), codes.letter[is_on_file]))
    return pc.binary_join_element_wise(*parts, "")
