"""A count that is not known: an `Absent` says why there is no number, which is never a zero."""

from __future__ import annotations

from enum import StrEnum

from longevity.words.language import Spoken


class Absent(StrEnum):
    """Why there is no number. The value is what a cell or a tile says in its place."""

    NOT_SUPPLIED = "not supplied"  # the city handed nothing over
    NOT_HELD = "not in source"  # the source lists only others: those killed, not the wounded
    NOT_COVERED = "not covered"  # the days begin before the data or end after them
    WITHHELD = "withheld"  # too small to be shown, or a small one could be worked out from it
    UNKNOWN = "unknown"  # the source leaves it open


# The states of a count of people in a table's `<column>_state`: never mixed up with each other.
SHOWN, ZERO, WITHHELD, MISSING = "shown", "zero", Absent.WITHHELD.value, "missing"
Count = int | Absent
_WORDS = Spoken({word: word for word in (*map(str, Absent), MISSING)})


def say_absence(word: str) -> str:
    """Return the word shown in place of a number, such as "withheld", in the language in use."""
    return _WORDS[word]


def read_number(count: Count) -> int | None:
    """Return a count as a number to calculate with; None where it is an `Absent`."""
    return None if isinstance(count, Absent) else count
