"""A phrase: a pattern, and what it means in a claim.

A phrase stands for an `Item`: a letter that tells its part in the sentence, and a value.

    M measure    P place           D direction    V size         C number
    E "to 12"    L "from 9 to 12"  T time         B baseline     R reach of a rank
    S lowest     Q safer           X than (place) N not          G by more than chance
    K per head   & and             U not for here O no           F of no weight
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from longevity.text.claims.claim import Bound, Direction

EACH = "each"
UP, DOWN = Direction.UP, Direction.DOWN
# fmt: off
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)
# fmt: on
WORDS = {word: value for value, word in enumerate(ONES)} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "a hundred": 100,
    "a dozen": 12,
}
# Four digits that begin so are a year, never a count; before a percent sign they are no year.
YEAR = "(?:19|20)[0-9]{2}"
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,3})?"
SPELLED = "|".join(sorted(WORDS, key=len, reverse=True))
NUMBER = f"(?:{SPELLED}|(?!{YEAR}(?![0-9,.])){DIGITS})"
ANY_NUMBER = f"(?:{SPELLED}|{DIGITS})"
PERCENT = "(?: ?%| percent| per cent| pct)"
SHARES = {
    "half": 50.0,
    "a half": 50.0,
    "one half": 50.0,
    "a third": 100 / 3,
    "one third": 100 / 3,
    "two thirds": 200 / 3,
    "a quarter": 25.0,
    "one quarter": 25.0,
    "a fourth": 25.0,
    "three quarters": 75.0,
    "a fifth": 20.0,
    "one fifth": 20.0,
    "a tenth": 10.0,
    "one tenth": 10.0,
}
SHARE = "|".join(sorted(SHARES, key=len, reverse=True))
BOUNDS = {
    Bound.ABOUT: "about|around|roughly|approximately|some",
    Bound.NEARLY: "nearly|almost|close to",
    Bound.OVER: "more than|over|greater than|above",
    Bound.UNDER: "less than|fewer than|under|below",
    Bound.AT_LEAST: "at least|no fewer than|no less than|not less than|not fewer than",
    Bound.AT_MOST: "at most|up to|no more than|not more than",
}
BOUND = "|".join(BOUNDS.values())


@dataclass(frozen=True)
class Item:
    """One phrase: its part in the sentence and what it says."""

    letter: str
    value: Any = None
    text: str = ""


@dataclass(frozen=True)
class Phrase:
    """A pattern, and the items a match of it makes."""

    pattern: re.Pattern[str]
    make: Callable[[re.Match[str]], list[Item]]


def parse_number(text: str) -> float:
    """Parse a number written in digits or as a word."""
    return float(WORDS[text]) if text in WORDS else float(text.replace(",", ""))


def count_decimals(text: str) -> int:
    """Count the decimals a number is written with."""
    return len(text.partition(".")[2])


def parse_bound(text: str | None) -> Bound:
    """Parse what stands before a number."""
    return next((key for key, words in BOUNDS.items() if text in words.split("|")), Bound.EXACT)


def make_phrase(letter: str, pattern: str, value: Any = None) -> Phrase:
    """Make a phrase that always says the same."""
    return compile_phrase(pattern, lambda _: [Item(letter, value)])


def compile_phrase(pattern: str, make: Callable[[re.Match[str]], list[Item]]) -> Phrase:
    """Make a phrase that ends where a word or a number ends: not inside 1e400 or 40.5."""
    return Phrase(re.compile(rf"(?:{pattern})(?![\w%]|[.,][0-9])"), make)
