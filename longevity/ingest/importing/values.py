"""Read a cell's text as a value of the contract: a code, word, number, age band or text."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

from longevity.base import labels
from longevity.facts import age_bands
from longevity.facts.age_bands import AGE_BANDS
from longevity.ingest.contract import LONGEST_CODE, LONGEST_TEXT, Column, Kind
from longevity.settings import Settings

NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
CODE = re.compile(rf"[A-Za-z0-9._:-]{{1,{LONGEST_CODE}}}")
# A number in digits. 1e3 is refused: a spreadsheet writes it for a number or for a code like 1E3.
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
BLANKS = re.compile(r"[\s_]+")
TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "t", "1"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0"), False),
}
OLDEST_SHOT = 97  # years; 98 and 99 are codes for unknown in many files
# By kind of column, the rule that a text breaks which cannot be read, and the reason.
_WORD = (
    "unknown_word",
    "is not a word known for '{name}' ({words}). Add it to the values of '{name}' in the mapping.",
)
_NUMBER = ("not_a_number", "is not a {noun} written in digits with a point{bounds}.")
REFUSALS: dict[Kind | str, tuple[str, str]] = {
    Kind.CHOICE: _WORD,
    Kind.BOOLEAN: _WORD,
    Kind.INTEGER: _NUMBER,
    Kind.DECIMAL: _NUMBER,
    Kind.CITY: (
        "unknown_city",
        "is not a city of the configuration. Add it to the values of '{name}' in the mapping, or "
        "keep it out of the source.",
    ),
    Kind.CODE: (
        "not_a_code",
        f"is not a code of letters, digits, - _ . and : ({LONGEST_CODE} at most). Use coded = true "
        "for '{name}' in the mapping to make one.",
    ),
    Kind.TEXT: (
        "not_text",
        f"is not a line of at most {LONGEST_TEXT} letters, without control letters and marks that "
        "turn its direction.",
    ),
    Kind.BAND: (
        "not_an_age_band",
        "is not an age band: a range of whole years such as under 18, 18-30 or 65+, up to "
        f"{age_bands.OLDEST}. Where it holds ages in years, set ages = true for '{{name}}' in the "
        "mapping.",
    ),
    "ages": (
        "not_an_age",
        f"is not an age from 1 to {OLDEST_SHOT} in years. Where it is a code for unknown, as 0 and "
        '99 often are, write missing = ["0", "99"] for \'{name}\' in the mapping; where a child '
        'under one was shot, values = {{ 0 = "0-14" }}.',
    ),
}


class RefusedValueError(Exception):
    """A text that cannot be read: the rule it breaks, and a reason that never quotes the text."""

    def __init__(self, rule: str, sentence: str) -> None:
        self.rule, self.sentence = rule, sentence
        super().__init__(sentence)


def fold_case(word: str) -> str:
    """Return a word as words are compared: in small letters, without blanks around it."""
    return word.strip().casefold()


def list_words(column: Column, settings: Settings) -> dict[str, Any]:
    """Return the values of a column by the words for them: {"new_haven": "nh"}, {"yes": True}.

    The words are folded, with `_` for blanks.
    """
    words: dict[str, Any] = {word: word for word in column.choices}
    if column.kind is Kind.BOOLEAN:
        words = TRUTHS
    if column.kind is Kind.CITY:
        words = {city.name: city.id for city in settings.cities.values()}
        words |= {city: city for city in settings.cities}
    return {BLANKS.sub("_", fold_case(word)): meant for word, meant in words.items()}


def build_reader(column: Column, settings: Settings) -> Callable[[str], Any]:
    """Return a function that reads a text as a value of a column, or as None if it cannot."""
    words = list_words(column, settings)
    if column.kind in NUMBERS:
        return lambda text: _read_number(text, column)
    if column.kind is Kind.CODE:
        return lambda text: text.strip() if CODE.fullmatch(text.strip()) else None
    if column.kind is Kind.TEXT:
        return _read_text
    if column.kind is Kind.BAND:
        return age_bands.parse_band
    return lambda text: words.get(BLANKS.sub("_", fold_case(text)))


def refuse_value(column: Column, where: str, ages: bool = False) -> RefusedValueError:
    """Return the error for a text that `column` cannot hold.

    `where`: the source's column in words, "'Fatal'"; `ages`: it was read as ages in years.
    """
    broken, said = REFUSALS["ages" if ages else column.kind]
    said = said.format(
        name=column.name,
        words=", ".join(column.choices) or "yes, no",
        noun="whole number" if column.kind is Kind.INTEGER else "number",
        bounds="" if column.most is None else f", from {column.least:,.0f} to {column.most:,.0f}",
    )
    return RefusedValueError(broken, f"{where} {said}")


def hash_text(text: str, key: bytes) -> str:
    """Return a keyed digest of a text: without the key no one can find the text by trying."""
    return hashlib.blake2b(text.encode(), key=key, digest_size=10).hexdigest()


def read_age(text: str) -> str | None:
    """Return the age band of an age in years; None where the text is none.

    Ages of 0, 98 and 99 are refused: in many files they are codes for unknown.
    """
    years = read_number(text)
    if years is None or not 1 <= years <= OLDEST_SHOT:
        return None
    return [b for b in AGE_BANDS[:-1] if age_bands.parse_bounds(b)[0] <= years][-1]


def _read_text(text: str) -> str | None:
    # Line breaks and tabs become spaces; other invisible characters are refused.
    text = re.sub(r"[\t\r\n ]+", " ", text).strip()
    text = text if labels.UNSEEN.search(text) else re.sub(r"\s+", " ", text)
    return None if labels.find_label_problem(text, LONGEST_TEXT) else text or None


def read_number(text: str) -> float | None:
    """Return the number that a text writes in digits; None where it is none."""
    number = float(text) if NUMBER.fullmatch(text.strip()) else math.inf
    return number if math.isfinite(number) else None


def _read_number(text: str, column: Column) -> float | int | None:
    """Return a number within the column's bounds; None where the text is none."""
    number = read_number(text)
    whole = column.kind is Kind.INTEGER
    if number is None or (whole and number % 1):
        return None
    if column.most is not None and not (column.least or 0) <= number <= column.most:
        return None
    return int(number) if whole else number
