"""Age bands: ranges of whole years, as publishers give them.

A band has one text: `0-17`, `18-30`, `65+`; `unknown` is the word for an age that was not given.
`read` understands how people write them. A single age is no band: an extract holds none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

UNKNOWN = "unknown"
# What ages in years become, and what a city gives whose bands are all among them. A source
# that has other bands gives its own.
AGE_BANDS = ("0-14", "15-17", "18-24", "25-29", "30-34", "35-44", "45-54", "55+", "unknown")
OLDEST = 120
EXAMPLES = "Write a range of whole years, such as 0-17, 18-30 or 65+, or unknown."
# How a band is written, as a regular expression that Python and DuckDB both take.
PATTERN = r"(0|[1-9][0-9]{0,2})(\+|-(0|[1-9][0-9]{0,2}))"

Bounds = tuple[int, int]  # the first and the last whole year

_N = r"(\d{1,3})"
# How people write a band, and its first and last year: of the numbers found, None is open.
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
_BESIDE = re.compile(r"^(?:ages?|aged) |(?: ?(?:years?|yrs?\.?))?(?: old| of age)?$")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def parse_band(text: str) -> str | None:
    """Return the band a text gives, as the contract writes it; None where it gives none.

    Read are such as `18–30`, `18 to 30 years`, `under 18`, `<18`, `17 and under`,
    `65 and over`, `65+`, `unknown`; a single age, a date and whatever runs backwards or
    beyond OLDEST are not.
    """
    plain = re.sub(r"\s+", " ", _DASHES.sub("-", text)).strip().casefold()
    if plain == UNKNOWN:
        return UNKNOWN
    plain = _BESIDE.sub("", plain)
    for way, ends in _WAYS:
        if match := way.fullmatch(plain):
            return _format_band(*ends(*map(int, match.groups())))
    return None


def _format_band(first: int, last: int | None) -> str | None:
    if not 0 <= first <= (OLDEST if last is None else last) <= OLDEST:
        return None
    return f"{first}+" if last is None else f"{first}-{last}"


def parse_bounds(band: str) -> Bounds:
    """Return the first and last year of a band; ValueError of a text that is no band."""
    if not re.fullmatch(PATTERN, band):
        raise ValueError("not an age band")
    first, _, last = band.rstrip("+").partition("-")
    return int(first), int(last) if last else OLDEST


def sort_bands(bands: Iterable[str]) -> list[str]:
    """Return each band once, by its first year, then its last."""
    return sorted(set(bands), key=parse_bounds)


def is_under(band: str, age: int) -> bool | None:
    """Return whether those in a band are younger than `age`; None where the band cannot say."""
    if band == UNKNOWN:
        return None
    first, last = parse_bounds(band)
    if last < age:
        return True
    return None if first < age else False
