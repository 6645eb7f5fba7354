"""Write days for readers, in the language in use; files and commands take 2026-11-22.

Not in `measures.wording`, as releases and answers, which come before it, write days too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from babel import dates

from longevity.words.language import find_locale, join_words, translate

ISO = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")
FILED = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?!\d)(.*)")


def format_long(day: date) -> str:
    """Return a day in full, for sentences: November 22, 2026."""
    return str(dates.format_date(day, "long", find_locale()))


def format_short(day: date) -> str:
    """Return a day with its month cut short, for tables: Nov 22, 2026."""
    return str(dates.format_date(day, "medium", find_locale()))


def format_month(day: date) -> str:
    """Return a month and its year: November 2026."""
    return str(dates.format_skeleton("yMMMM", day, locale=find_locale()))


def shorten_month(day: date) -> str:
    """Return a month cut short and its year, for tables: Nov 2026."""
    return str(dates.format_skeleton("yMMM", day, locale=find_locale()))


def format_day_of_year(day: date) -> str:
    """Return a day without its year: November 22."""
    return str(dates.format_skeleton("MMMMd", day, locale=find_locale()))


def shorten_day_of_year(day: date) -> str:
    """Return a day without its year, its month cut short: Nov 22."""
    return str(dates.format_skeleton("MMMd", day, locale=find_locale()))


def shorten_all(text: str) -> str:
    """Return a text with its days as tables write them: 2026-11-22 becomes Nov 22, 2026.

    What only looks like a day, as 2026-13-40, stays as it is.
    """

    def shorten(match: re.Match[str]) -> str:
        try:
            return format_short(date.fromisoformat(match[0]))
        except ValueError:
            return match[0]

    return ISO.sub(shorten, text)


def format_source_date(text: str) -> str:
    """Return a date as a source gave it, in words as far as it is one: 2014-12 is December 2014."""
    match = FILED.fullmatch(text)
    if match is None:
        return text
    year, month, day, more = match.groups()
    try:
        filed = date(int(year), int(month), int(day or 1))
    except ValueError:
        return text
    return f"{format_long(filed) if day else format_month(filed)}{more}"


def format_years(first: int, last: int) -> str:
    """Write years from the first to the last: "2008 to 2025", "2008"."""
    years = translate("{first} to {last}", first=first, last=last)
    return str(first) if first == last else years


def join_years(years: Iterable[int]) -> str:
    """Write years in order, those in a row by their ends: "2013 to 2019 and 2025"."""
    rows: list[list[int]] = []
    for year in sorted(years):
        if rows and rows[-1][1] == year - 1:
            rows[-1][1] = year
        else:
            rows.append([year, year])
    return join_words([format_years(*ends) for ends in rows])
