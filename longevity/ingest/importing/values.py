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
BLANKS = re.compile(r"[\s_]+")
TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "t", "1"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0"), False),
}
OLDEST_SHOT = 97  # years; 98 and 99 are codes
# By kind the rule that a text breaks, what it is not, and what to do about it.
_WORD = (
    "unknown_word",
    "a word known for '{name}' ({words})",
    "Add it to the values of '{name}' in the mapping.",
)
_NUMBER = (
    "not_a_number",
    "a {noun}{bounds}",
    'Where a comma stands before the decimals, set decimal = "," under [source] of the mapping; '
    "letters to leave out are listed in ignore of '{name}'.",
)
REFUSALS: dict[Kind | str, tuple[str, str, str]] = {
    Kind.CHOICE: _WORD,
    Kind.BOOLEAN: _WORD,
    Kind.INTEGER: _NUMBER,
    Kind.DECIMAL: _NUMBER,
    Kind.CITY: (
        "unknown_city",
        "a city of the configuration",
        "Add it to the values of '{name}' in the mapping, or keep it out of the source.",
    ),
    Kind.CODE: (
        "not_a_code",
        f"a code of letters, digits, - _ . and : ({LONGEST_CODE} at most)",
        "Use coded = true for '{name}' in the mapping to make one.",
    ),
    Kind.TEXT: (
        "not_text",
        f"a line of at most {LONGEST_TEXT} letters, without control letters and marks that turn "
        "its direction",
        "",
    ),
    Kind.BAND: (
        "not_an_age_band",
        "an age band: a range of whole years such as under 18, 18-30 or 65+, up to "
        f"{age_bands.OLDEST}",
        "Where it holds ages in years, set ages = true for '{name}' in the mapping.",
    ),
    "ages": (
        "not_an_age",
        f"an age from 1 to {OLDEST_SHOT} in years",
        'Where it is a code for unknown, as 0 and 99 often are, write missing = ["0", "99"] for '
        "'{name}' in the mapping; where a child under one was shot, values = {{ 0 = \"0-14\" }}.",
    ),
}


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
    kind, values = rule.column.kind, rule.values or {}
    words: dict[str, Any] = {fold_case(word): word for word in rule.column.choices}
    if kind is Kind.BOOLEAN:
        words = TRUTHS
    if kind is Kind.CITY:
        words = {fold_case(city.name): city.id for city in settings.cities.values()}
        words |= {fold_case(city): city for city in settings.cities}

    def read_plain(text: str) -> Any:
        """Read a text as the contract knows it; None where it does not."""
        if kind in NUMBERS:
            return _read_number(text, rule, decimal)
        if kind is Kind.CODE:
            return _read_code(text, rule, key)
        if kind is Kind.TEXT:
            return None if rule.otherwise else _read_text(text)
        if kind is Kind.BAND:
            return _read_band(text, rule.ages)
        word = fold_case(text)
        return words.get(word, words.get(BLANKS.sub("_", word)))

    def read(text: str) -> Any:
        word = fold_case(text)
        value = values[word] if word in values else read_plain(text)
        value = rule.otherwise if value is None else value
        if value is None:
            raise refuse_value(rule)
        return value

    return read


def refuse_value(rule: ColumnRule) -> RefusedValueError:
    """Return the refusal of a text that a column cannot take."""
    column = rule.column
    broken, what, do = REFUSALS["ages" if rule.ages else column.kind]
    where = ", ".join(f"'{name}'" for name in rule.sources)
    facts = {
        "name": column.name,
        "words": ", ".join(column.choices) or "yes, no",
        "noun": "whole number" if column.kind is Kind.INTEGER else "number",
        "bounds": "" if column.most is None else f" from {column.least:,.0f} to {column.most:,.0f}",
    }
    said = f"is not {what}. {do}".strip().format(**facts)
    return RefusedValueError(broken, f"{where} {said}")


def _read_code(text: str, rule: ColumnRule, key: bytes | None) -> str | None:
    text = f"c{hash_text(text.strip(), key)}" if rule.coded else text.strip()
    code = rule.prefix + text
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
    years = read_number(text, written=PLAIN_NUMBER) if ages and band is None else None
    if years is None or not 1 <= years <= OLDEST_SHOT:
        return band
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
