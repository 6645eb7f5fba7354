"""Words for numbers: the one place where a figure becomes a sentence.

Every direction in a sentence is derived here from the two numbers it is
about, so that no caption can say a rise is a fall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from longevity import dates, errors, labels
from longevity.absent import Absent, Count
from longevity.measures import templates

MINUS = "−"
# Written as the sentences of measures write them.
_ENGLISH = templates.LanguageFormats("en")
start_sentence = templates.start_sentence
join_words = errors.join_words
format_day = dates.format_long
join_phrases = _ENGLISH.join  # words that may hold commas themselves: "a, b; c, d; and e, f"
format_share = _ENGLISH.share


def format_number(value: float | int) -> str:
    """Format a whole number with thousands separated: 12,345."""
    return f"{int(value):,}"


def format_count(count: Count) -> str:
    """Return a count as it is shown, or why there is none."""
    return count.value if isinstance(count, Absent) else format_number(count)


def escape_markdown(text: str) -> str:
    """Escape text from outside, so that Markdown shows it as it stands, on one line.

    Signs that nobody sees, those that turn the direction of text among them, are left out.
    """
    text = labels.UNSEEN.sub("", re.sub(r"[\r\n\t\v\f\u2028\u2029]+", " ", text))
    for sign in "\\`*_{}[]<>#$|~:&":
        text = text.replace(sign, "\\" + sign)
    return text


def split_first_sentence(text: str) -> tuple[str, str]:
    """Split off the first sentence; the rest is empty where there is one only.

    A short word with a full stop, as in St. Vincent, ends none.
    """
    end = re.search(r"(?<=[\w)%]{3})\. (?=\S)", text)
    return (text[: end.start() + 1], text[end.end() :]) if end else (text, "")


def count_noun(value: int, one: str, many: str | None = None) -> str:
    """Write a number and its noun in agreement: "1 victim", "2 victims"."""
    return f"{format_number(value)} {one if value == 1 else many or one + 's'}"


def format_day_without_year(value: date) -> str:
    """Format a day without its year: November 22."""
    return f"{value:%B} {value.day}"


def format_period(start: date, until: date) -> str:
    """Write the half-open period [start, until) by its first and last day.

    Only whole years are named by their number, so that a part of a year is never
    called the year.
    """
    last = until - timedelta(days=1)
    if (start.month, start.day) == (1, 1) and (last.month, last.day) == (12, 31):
        return str(start.year) if start.year == last.year else f"{start.year} to {last.year}"
    if start == last:
        return format_day(start)
    if start.year == last.year:
        return f"{format_day_without_year(start)} to {format_day(last)}"
    return f"{format_day(start)} to {format_day(last)}"


def format_ratio(value: float, decimals: int) -> str:
    """Write a ratio, never as 1 where it is more or less."""
    if value != 1 and round(value, decimals) == 1:
        return "just over 1" if value > 1 else "just under 1"
    return f"{value:,.{decimals}f}"


def format_years(first: int, last: int) -> str:
    """Write years from the first to the last: "2008 to 2025", "2008"."""
    return str(first) if first == last else f"{first} to {last}"


def join_years(years: Iterable[int]) -> str:
    """Write years in order, those in a row by their ends: "2013 to 2019 and 2025"."""
    rows: list[list[int]] = []
    for year in sorted(years):
        if rows and rows[-1][1] == year - 1:
            rows[-1][1] = year
        else:
            rows.append([year, year])
    return join_words([format_years(*ends) for ends in rows])


def format_during(start: date, until: date) -> str:
    """Write when, to follow a clause: "in 2016", "from January 1 to March 31, 2018"."""
    words = format_period(start, until)
    if words.isdecimal():
        return f"in {words}"
    return f"on {words}" if (until - start).days == 1 else f"from {words}"


def format_percentage_change(current: float, previous: float, least_base: int) -> str | None:
    """Format the change in percent with its sign; None on a base under `least_base`.

    A percentage on a small base misleads, and on zero does not exist.
    """
    if previous < least_base or not previous:
        return None
    change = 100 * (current - previous) / previous
    if round(change) == 0:
        return "under 1%" if change else "0%"
    return f"{'+' if change > 0 else MINUS}{abs(change):.0f}%"


def label_share(part: int, whole: int, least_base: int) -> str:
    """Write the share that a bar is as long as, and its count: "30% (25)", "3 of 9" of few."""
    if whole < least_base or not whole:
        return format_share(part, whole, least_base)
    percent = f"{100 * part / whole:.0f}"
    if part and percent == "0":
        percent = "<1"
    elif part < whole and percent == "100":
        percent = ">99"
    return f"{percent}% ({format_number(part)})"
