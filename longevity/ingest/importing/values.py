"""Single values: codes, words, numbers. Each reader says which rows it cannot read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from longevity import age_bands, labels
from longevity.ingest.contract import AGE_BANDS, LONGEST_CODE, LONGEST_TEXT, Kind
from longevity.ingest.importing.column_rules import ColumnRule, fold_case
from longevity.settings import Settings

CODE = re.compile(rf"[A-Za-z0-9._:-]{{1,{LONGEST_CODE}}}")
# A number written out. 1e3 is how a spreadsheet shortens one, or a code it took for one.
PLAIN_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
DECIMAL_COMMA = r"\s*[+-]?\d+,\d+\s*"
TRUE, FALSE = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
LARGEST_WHOLE = 2**53
OLDEST_SHOT = 97  # years; 98 and 99 are codes
REFUSED = object()

Context = tuple[Settings, bytes | None, str]  # settings, key for codes, decimal sign


@dataclass
class ParsedValues:
    """Values (missing: NA) and the rows that cannot be read, with rule and sentence."""

    values: pd.Series
    bad: np.ndarray
    rule: str = "unreadable_value"
    sentence: str = ""


def read_values(texts: pd.Series, rule: ColumnRule, context: Context) -> ParsedValues:
    """Read a column of text (NaN: missing) that is neither a date nor a coordinate."""
    settings, key, decimal = context
    kind = rule.column.kind
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        return _read_numbers(texts, rule, decimal)
    readers: dict[Kind, Callable[[str], Any]] = {
        Kind.CODE: lambda text: _read_code(text, rule, key),
        Kind.CITY: _build_city_reader(rule, settings),
        Kind.CHOICE: _build_choice_reader(rule),
        Kind.BAND: _build_band_reader(rule),
        Kind.BOOLEAN: _build_boolean_reader(rule),
        Kind.TEXT: _build_text_reader(rule),
    }
    dtype = "boolean" if kind is Kind.BOOLEAN else "str"
    values, bad = _read_distinct(texts, readers[kind], dtype)
    return ParsedValues(values, bad, *_describe_refusal(rule))


def _describe_refusal(rule: ColumnRule) -> tuple[str, str]:
    """Return the rule and sentence for a value that cannot be read. It never shows the value."""
    where = ", ".join(f"'{name}'" for name in rule.sources)
    name = rule.column.name
    kind = rule.column.kind
    if kind is Kind.CITY:
        return "unknown_city", (
            f"{where} is not a city of the configuration. "
            f"Add it to the values of '{name}' in the mapping, or keep it out of the source."
        )
    if kind is Kind.CODE:
        return "not_a_code", (
            f"{where} is not a code of letters, digits, - _ . and : (64 at most). "
            f"Use coded = true for '{name}' in the mapping to make one."
        )
    if kind is Kind.TEXT:
        return (
            "not_text",
            f"{where} is longer than {LONGEST_TEXT} letters or holds control letters or marks "
            "that turn its direction.",
        )
    if kind is Kind.BOOLEAN:
        return "unknown_word", f"{where} is neither yes nor no. Add it to the values of '{name}'."
    if kind is Kind.BAND:
        return _describe_refused_age(where, rule)
    return "unknown_word", (
        f"{where} is not a word known for '{name}' ({', '.join(rule.column.choices)}). "
        f"Add it to the values of '{name}' in the mapping."
    )


def _describe_refused_age(where: str, rule: ColumnRule) -> tuple[str, str]:
    name = rule.column.name
    if rule.ages:
        return "not_an_age", (
            f"{where} is no age from 1 to {OLDEST_SHOT} in years. Where it is a code for unknown, "
            f'as 0 and 99 often are, write missing = ["0", "99"] for \'{name}\' in the mapping; '
            'where a child under one was shot, values = { 0 = "0-14" }.'
        )
    return "not_an_age_band", (
        f"{where} is not an age band: a range of whole years such as under 18, 18-30 or 65+, "
        f"up to {age_bands.OLDEST}. Where it holds ages in years, set ages = true for '{name}' "
        "in the mapping."
    )


def _read_distinct(
    texts: pd.Series, read_value: Callable[[str], Any], dtype: str
) -> tuple[pd.Series, np.ndarray]:
    """Read each distinct text once, then deal the results out to the rows."""
    codes, distinct = pd.factorize(texts)
    plain = [read_value(str(text)) for text in distinct]
    refused = np.array([value is REFUSED for value in plain] + [False], dtype=bool)
    results = pd.array([None if v is REFUSED else v for v in plain] + [None], dtype=dtype)
    return pd.Series(results.take(codes)), refused[codes]


def _map_value(rule: ColumnRule, text: str, fall_back: Any) -> Any:
    """Map a value by the value map; else as the contract knows it; else as the mapping says."""
    if rule.values is not None and fold_case(text) in rule.values:
        return rule.values[fold_case(text)]
    free = rule.column.kind is Kind.TEXT
    if rule.otherwise is not None and (free or fall_back is REFUSED):
        return rule.otherwise
    return fall_back


def _read_code(text: str, rule: ColumnRule, key: bytes | None) -> Any:
    if rule.coded:
        if key is None:
            raise ValueError("a code was asked for without a key")
        text = "c" + hashlib.blake2b(text.strip().encode(), key=key, digest_size=10).hexdigest()
    code = rule.prefix + text.strip()
    return code if CODE.fullmatch(code) else REFUSED


def _build_city_reader(rule: ColumnRule, settings: Settings) -> Callable[[str], Any]:
    by_name = {fold_case(city.name): city.id for city in settings.cities.values()}
    by_name.update({fold_case(city): city for city in settings.cities})
    return lambda text: _map_value(rule, text, by_name.get(fold_case(text), REFUSED))


def _build_choice_reader(rule: ColumnRule) -> Callable[[str], Any]:
    by_name = {fold_case(word): word for word in rule.column.choices}

    def read_one(text: str) -> Any:
        plain = by_name.get(re.sub(r"[\s_]+", "_", fold_case(text)), REFUSED)
        return _map_value(rule, text, plain)

    return read_one


def _build_band_reader(rule: ColumnRule) -> Callable[[str], Any]:
    def read_one(text: str) -> Any:
        band = age_bands.parse_band(text)
        if band is None and rule.ages:
            band = _age_to_band(text)
        return _map_value(rule, text, REFUSED if band is None else band)

    return read_one


def _age_to_band(age: str) -> str | None:
    """Return the band of the contract that an age in years becomes; None where it is no age.

    0 and 99 are codes for unknown in many files, and would be told as children and as the old.
    """
    if not re.fullmatch(PLAIN_NUMBER, age.strip()):
        return None
    years = float(age)
    if not 1 <= years <= OLDEST_SHOT:
        return None
    for band in AGE_BANDS[:-1]:
        first, last = age_bands.parse_bounds(band)
        if first <= years < last + 1:
            return band
    return None


def _build_boolean_reader(rule: ColumnRule) -> Callable[[str], Any]:
    by_name = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)
    return lambda text: _map_value(rule, text, by_name.get(fold_case(text), REFUSED))


def _build_text_reader(rule: ColumnRule) -> Callable[[str], Any]:
    def read_one(text: str) -> Any:
        value = _map_value(rule, text, text)
        # Line breaks and tabs become spaces; whatever else nobody sees is refused.
        value = re.sub(r"[\t\r\n ]+", " ", value).strip()
        value = value if labels.UNSEEN.search(value) else re.sub(r"\s+", " ", value)
        return REFUSED if labels.find_label_problem(value, LONGEST_TEXT) else value

    return read_one


def parse_counts(texts: pd.Series, ignore: str = "", decimal: str = ".") -> np.ndarray:
    """Return floats of numbers written out; NaN where the text is none, `1e3` included."""
    numbers = parse_numbers(texts, ignore, decimal)
    return np.where(
        _strip_ignored(texts, ignore, decimal).str.fullmatch(PLAIN_NUMBER), numbers, np.nan
    )


def parse_numbers(texts: pd.Series, ignore: str = "", decimal: str = ".") -> np.ndarray:
    """Return floats; NaN where the text is no finite number."""
    numbers = pd.to_numeric(_strip_ignored(texts, ignore, decimal), errors="coerce")
    floats = numbers.to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(floats), floats, np.nan)


def _strip_ignored(texts: pd.Series, ignore: str, decimal: str) -> pd.Series:
    """Return the texts without what is to be ignored, with a point for the decimal sign."""
    stripped = texts.str.strip()
    for sign in ignore:
        stripped = stripped.str.replace(sign, "", regex=False)
    if decimal == ",":
        stripped = stripped.str.replace(",", ".", regex=False)
    return stripped


def _read_numbers(texts: pd.Series, rule: ColumnRule, decimal: str) -> ParsedValues:
    column = rule.column
    # Money may come as 1e-05 from a cell that holds a number; a whole number does not.
    reader = parse_counts if column.kind is Kind.INTEGER else parse_numbers
    numbers = reader(texts, rule.ignore, decimal)
    bad = np.isnan(numbers) & texts.notna().to_numpy()
    noun = "number"
    if column.kind is Kind.INTEGER:
        noun = "whole number"
        bad |= (numbers % 1 != 0) & ~np.isnan(numbers) | (np.abs(numbers) > LARGEST_WHOLE)
    if column.least is not None:
        bad |= numbers < column.least
    if column.most is not None:
        bad |= numbers > column.most
    numbers = np.where(bad, np.nan, numbers)
    values = pd.Series(numbers)
    if column.kind is Kind.INTEGER:
        values = values.astype("Int64")
    where = ", ".join(f"'{name}'" for name in rule.sources)
    bounds = ""
    if column.least is not None and column.most is not None:
        bounds = f" from {column.least:,.0f} to {column.most:,.0f}"
    sentence = f"{where} is not a {noun}{bounds}."
    if column.kind is Kind.DECIMAL and texts[bad].str.fullmatch(DECIMAL_COMMA).any():
        sentence += (
            ' Where a comma stands before the decimals, set decimal = "," under [source] of the '
            f"mapping; where it parts thousands, set ignore = \",\" for '{column.name}'."
        )
    return ParsedValues(values, bad, "not_a_number", sentence)
