"""Age bands: ranges of whole years, as publishers give them.

A band has one text: `0-17`, `18-30`, `65+`; `unknown` is the word for an age that was not given.
`parse_band` reads them as people write them. A single age is no band, as extracts hold no ages;
`0-0`, under a year, is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

UNKNOWN = "unknown"
# The bands that ages in years are sorted into. A source that already has other bands keeps its own.
AGE_BANDS = ("0-14", "15-17", "18-24", "25-29", "30-34", "35-44", "45-54", "55+", "unknown")
OLDEST = 120
EXAMPLES = "Write a range of whole years, such as 0-17, 18-30 or 65+, or unknown."
# How a band is written, as a regular expression that Python and DuckDB both take.
PATTERN = r"(0|[1-9][0-9]{0,2})(\+|-(0|[1-9][0-9]{0,2}))"

Bounds = tuple[int, int]  # the first and the last whole year

_N = r"(\d{1,3})"
# How people write a band, and how the numbers found become its first and last year; a last year of
# None is an open band, 65+.
_WAYS: tuple[tuple[re.Pattern[str], Callable[..., tuple[int, int | None]]], ...] = (
    (re.compile(rf"{_N} ?(?:-|to|through|thru) ?{_N}"), lambda first, last: (first, last)),
    (
        re.compile(rf"{_N} ?(?:\+|plus|(?:and|&|or) ?(?:over|older|above|up|more))"),
        lambda first: (first, None),
    ),
    (re.compile(rf"(?:>=|≥) ?{_N}"), lambda first: (first, None)),
    (re.compile(rf"(?:over|above|older than|more than|>) ?{_N}"), lambda age: (age + 1, None)),
    (re.compile(rf"(?:under|below|younger than|less than|<) ?{_N}"), lambda age: (0, age - 1)),
    (re.compile(rf"(?:up to|<=|≤) ?{_N}"), lambda last: (0, last)),
    (re.compile(rf"{_N} ?(?:and|&|or) ?(?:under|younger|below|less)"), lambda last: (0, last)),
)
# Words around a band that are left out: "ages 18-24", "18-24 years old".
_AROUND = re.compile(r"^(?:ages?|aged) |(?: ?(?:years?|yrs?\.?))?(?: old| of age)?$")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def parse_band(text: str) -> str | None:
    """Return the band that a cell of a city's file means: `18-30` for "18 to 30 years".

    It also reads `under 18`, `<18`, `17 and under`, `65 and over`, `65+`, `unknown`. None for any
    other text: a single age, a date, a band that runs backwards or beyond OLDEST.
    """
    plain = re.sub(r"\s+", " ", _DASHES.sub("-", text)).strip().casefold()
    if plain == UNKNOWN:
        return UNKNOWN
    plain = _AROUND.sub("", plain)
    for way, ends in _WAYS:
        if match := way.fullmatch(plain):
            return _format_band(*ends(*map(int, match.groups())))
    return None


def _format_band(first: int, last: int | None) -> str | None:
    if last is None:
        return f"{first}+" if first < OLDEST else None
    return f"{first}-{last}" if 0 <= first < last <= OLDEST or first == last == 0 else None


def parse_bounds(band: str) -> Bounds:
    """Return the first and last year of a band; ValueError of a text not written as one."""
    if not re.fullmatch(PATTERN, band):
        raise ValueError("not an age band")
    first, _, last = band.rstrip("+").partition("-")
    return int(first), int(last) if last else OLDEST


def sort_bands(bands: Iterable[str]) -> list[str]:
    """Return each band once, by its first year, then its last."""
    return sorted(set(bands), key=parse_bounds)


def is_under(band: str, age: int) -> bool | None:
    """Return whether all in a band are younger than `age`; None where some may be, or unknown."""
    if band == UNKNOWN:
        return None
    first, last = parse_bounds(band)
    if last < age:
        return True
    return None if first < age else False
