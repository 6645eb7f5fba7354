"""What there is in place of a number that is not there: the reason, which is never a zero."""

from __future__ import annotations

from enum import StrEnum

from longevity.language import Spoken


class Absent(StrEnum):
    """Why there is no number. The value is what a cell or a tile says in its place."""

    NOT_SUPPLIED = "not supplied"  # the city handed nothing over
    NOT_HELD = "not in source"  # the source holds others alone, such as those killed
    NOT_COVERED = "not covered"  # the days begin before the data or end after them
    WITHHELD = "withheld"  # small, or it would give a small one away
    UNKNOWN = "unknown"  # the source leaves it open


# The states of a count of people: zero, withheld and missing are never mixed up.
SHOWN, ZERO, WITHHELD, MISSING = "shown", "zero", Absent.WITHHELD.value, "missing"
Count = int | Absent
_WORDS = Spoken({word: word for word in (*map(str, Absent), MISSING)})


def say_absence(word: str) -> str:
    """Return the word in place of a number, "withheld", in the language in use."""
    return _WORDS[word]


def read_number(count: Count) -> int | None:
    """Return the number of a count for arithmetic, which takes None where there is none."""
    return None if isinstance(count, Absent) else count
