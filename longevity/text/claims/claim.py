"""What a claim can say, once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

TOGETHER, STATE = "together", "state"
T = TypeVar("T")


def require_part(value: T | None) -> T:
    """Return a part that a claim of this kind always has; ValueError without it."""
    if value is None:
        raise ValueError("a claim of this kind must have this part")
    return value


class Kind(StrEnum):
    """The four things a claim can state."""

    CHANGE = "change"  # more, fewer or as many as at another time
    RANK = "rank"  # the fewest or the most of several years
    COUNT = "count"  # how many there were
    CITIES = "cities"  # one city against another


class Direction(StrEnum):
    """Which way. `UNCLEAR` claims that chance could explain the difference."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNCLEAR = "unclear"


class Bound(StrEnum):
    """How a number is meant."""

    EXACT = ""
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "more than"
    UNDER = "fewer than"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Unit(StrEnum):
    """What a number counts."""

    PERCENT = "percent"
    CASES = "cases"  # by so many
    LEVEL = "level"  # to so many
    FROM_TO = "from_to"


@dataclass(frozen=True)
class Size:
    """How much. `is_word`: a word such as "halved", which is matched less narrowly.

    `value` is in percent of the base for PERCENT ("doubled" is 100), else a count;
    `start` is the count it came from for FROM_TO. `decimals` are those written.
    """

    value: float
    unit: Unit
    bound: Bound = Bound.EXACT
    is_word: bool = False
    decimals: int = 0
    start: float | None = None


class Span(StrEnum):
    """What a window is named by."""

    THIS_YEAR = "this year"
    LAST_YEAR = "last year"
    YEAR = "year"
    DAYS = "days"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Window:
    """The time a claim is about. `number` is a year, a month of `year`, or how many days."""

    span: Span = Span.THIS_YEAR
    number: int = 0
    year: int = 0


class Against(StrEnum):
    """What a change is measured against."""

    LAST_YEAR = "last year"  # the year before the newest one
    YEAR_BEFORE = "year before"  # the year before the one the claim is about
    YEAR = "year"
    MEAN = "mean"  # of so many years before
    PROGRAM = "program"  # the years before the program
    PREVIOUS = "previous"  # the window just before


@dataclass(frozen=True)
class Base:
    """What is compared with: `number` is a year, the years of a mean, or days (0: as many)."""

    against: Against
    number: int = 0


class Reach(StrEnum):
    """How far back a rank goes."""

    SINCE = "since"
    YEARS = "years"
    RECORD = "record"
    EVER = "ever"


@dataclass(frozen=True)
class Back:
    """A rank goes back to a year, or over so many years."""

    reach: Reach
    number: int = 0


@dataclass(frozen=True)
class Claim:
    """One claim. `place` is a city's id, TOGETHER or STATE; `other` a second city.

    `has_place` and `has_time` are false where the text names none and the default
    stands in. `is_negated`: it says that this is not so; `beyond_chance`: it says that
    chance cannot explain it. `per_resident`: it compares rates.
    """

    kind: Kind
    measure: str
    place: str = TOGETHER
    other: str | None = None
    window: Window = field(default_factory=Window)
    direction: Direction | None = None
    is_negated: bool = False
    beyond_chance: bool = False
    size: Size | None = None
    base: Base | None = None
    back: Back | None = None
    per_resident: bool = False
    has_place: bool = True
    has_time: bool = True


@dataclass(frozen=True)
class UnreadableText:
    """A text that is no claim this reads, and why, in a sentence or two."""

    why: str


@dataclass(frozen=True)
class Names:
    """What places and the program are called: from the configuration."""

    cities: Mapping[str, str]
    state: str
    program: str
