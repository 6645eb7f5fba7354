"""Single values: codes, words, numbers."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

from longevity import age_bands, labels
from longevity.age_bands import AGE_BANDS
from longevity.ingest.contract import LONGEST_CODE, LONGEST_TEXT, Kind
from longevity.ingest.importing.column_rules import NUMBERS, ColumnRule, fold_case
from longevity.settings import Settings

CODE = re.compile(rf"[A-Za-z0-9._:-]{{1,{LONGEST_CODE}}}")
# A number written out. 1e3 is how a spreadsheet shortens one, or a code it took for one.
PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
NUMBER = re.compile(rf"{PLAIN_NUMBER.pattern}(?:[eE][+-]?[0-9]+)?")
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
BLANKS = re.compile(r"[\s_]+")
TRUE, FALSE = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
OLDEST_SHOT = 97  # years; 98 and 99 are codes


class RefusedValueError(Exception):
    """A text that cannot be read: the rule it breaks, and a sentence that never shows it."""

    def __init__(self, rule: str, sentence: str) -> None:
        self.rule, self.sentence = rule, sentence
        super().__init__(sentence)


def build_reader(
    rule: ColumnRule, settings: Settings, key: bytes | None, decimal: str
) -> Callable[[str], Any]:
    """Return what reads a text that is neither a date nor a coordinate, or raises RefusedError.

    `key` is that of codes, `decimal` the sign before decimals.
    """
    kind = rule.column.kind
    words: dict[str, Any] = {fold_case(word): word for word in rule.column.choices}
    if kind is Kind.BOOLEAN:
        words = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)
    if kind is Kind.CITY:
        words = {fold_case(city.name): city.id for city in settings.cities.values()}
        words |= {fold_case(city): city for city in settings.cities}

    def read(text: str) -> Any:
        if kind in NUMBERS:
            return _read_number(text, rule, decimal)
        if kind is Kind.CODE:
            return _read_code(text, rule, key)
        if kind is Kind.TEXT:
            return _read_text(_map_value(rule, text, text))
        if kind is Kind.BAND:
            return _map_value(rule, text, _read_band(text, rule.ages))
        word = fold_case(text)
        return _map_value(rule, text, words.get(word, words.get(BLANKS.sub("_", word))))

    def read_or_refuse(text: str) -> Any:
        value = read(text)
        if value is None:
            raise RefusedValueError(*_describe_refusal(rule, text))
        return value

    return read_or_refuse


def _describe_refusal(rule: ColumnRule, text: str) -> tuple[str, str]:
    """Return the rule and sentence for a value that cannot be read. It never shows the value."""
    where = ", ".join(f"'{name}'" for name in rule.sources)
    name, kind = rule.column.name, rule.column.kind
    if kind in NUMBERS:
        return "not_a_number", _describe_refused_number(where, rule, text)
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
        return "not_text", (
            f"{where} is longer than {LONGEST_TEXT} letters or holds control letters or marks "
            "that turn its direction."
        )
    if kind is Kind.BAND:
        return _describe_refused_age(where, rule)
    words = ", ".join(rule.column.choices) or "yes, no"
    return "unknown_word", (
        f"{where} is not a word known for '{name}' ({words}). "
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


def _describe_refused_number(where: str, rule: ColumnRule, text: str) -> str:
    column = rule.column
    noun = "whole number" if column.kind is Kind.INTEGER else "number"
    bounds = "" if column.most is None else f" from {column.least:,.0f} to {column.most:,.0f}"
    sentence = f"{where} is not a {noun}{bounds}."
    if column.kind is Kind.DECIMAL and DECIMAL_COMMA.fullmatch(text):
        sentence += (
            ' Where a comma stands before the decimals, set decimal = "," under [source] of the '
            f"mapping; where it parts thousands, set ignore = \",\" for '{column.name}'."
        )
    return sentence


def _map_value(rule: ColumnRule, text: str, plain: Any) -> Any:
    """Map a value by the value map; else as the contract knows it; else as the mapping says."""
    if rule.values is not None and fold_case(text) in rule.values:
        return rule.values[fold_case(text)]
    if rule.otherwise is not None and (plain is None or rule.column.kind is Kind.TEXT):
        return rule.otherwise
    return plain


def _read_code(text: str, rule: ColumnRule, key: bytes | None) -> str | None:
    if rule.coded:
        text = f"c{hash_text(text.strip(), key)}"
    code = rule.prefix + text.strip()
    return code if CODE.fullmatch(code) else None


def hash_text(text: str, key: bytes | None) -> str:
    """Return a digest that nobody can try texts for who has not the key for codes."""
    if key is None:
        raise ValueError("a code was asked for without a key")
    return hashlib.blake2b(text.encode(), key=key, digest_size=10).hexdigest()


def _read_band(text: str, ages: bool) -> str | None:
    """Return a band as it is given, or that of an age in years; None where it is neither.

    0 and 99 are codes for unknown in many files, and would be told as children and as the old.
    """
    band = age_bands.parse_band(text)
    if band is not None or not ages or not PLAIN_NUMBER.fullmatch(text.strip()):
        return band
    years = float(text)
    if not 1 <= years <= OLDEST_SHOT:
        return None
    return [b for b in AGE_BANDS[:-1] if age_bands.parse_bounds(b)[0] <= years][-1]


def _read_text(text: str) -> str | None:
    # Line breaks and tabs become spaces; whatever else is not seen is refused.
    text = re.sub(r"[\t\r\n ]+", " ", text).strip()
    text = text if labels.UNSEEN.search(text) else re.sub(r"\s+", " ", text)
    return None if labels.find_label_problem(text, LONGEST_TEXT) else text


def read_number(text: str, decimal: str = ".", written: re.Pattern[str] = NUMBER) -> float | None:
    """Return a finite number that is written so; None where the text is none."""
    plain = text.strip().replace(decimal, ".")
    number = float(plain) if written.fullmatch(plain) else math.inf
    return number if math.isfinite(number) else None


def _read_number(text: str, rule: ColumnRule, decimal: str) -> float | int | None:
    column, whole = rule.column, rule.column.kind is Kind.INTEGER
    plain = "".join(sign for sign in text if sign not in rule.ignore)
    # Money may come as 1e-05 from a cell that holds a number; a whole number does not.
    number = read_number(plain, decimal, PLAIN_NUMBER if whole else NUMBER)
    if number is None or (whole and number % 1):
        return None
    if column.least is not None and number < column.least:
        return None
    if column.most is not None and number > column.most:
        return None
    return int(number) if whole else number
