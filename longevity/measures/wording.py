"""Words for figures, days and lists: the one place where a figure becomes a sentence.

Sentences are Jinja templates, filled with what `LanguageFormats` writes. A figure is written with
its thousands apart and a day in full, as the language has them (Babel). A template agrees a word
and has an optional part, no more: where it wants a branch there are two sentences, and what was
found chooses. Every direction in a sentence is derived here from the two numbers it is about, so
that no caption can say a rise is a fall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from babel import Locale, numbers
from babel import dates as babel_dates
from jinja2 import Environment, StrictUndefined

from longevity import dates, errors, labels
from longevity.absent import Absent, Count

MINUS = "−"
# What joins the last two of a list, by language. Babel's own English has a comma before it.
AND = {"en": "and"}
UNKNOWN = {"en": "unknown"}


class LanguageFormats:
    """How one language writes figures."""

    def __init__(self, language: str) -> None:
        self._locale = Locale(language)
        self._and = AND[language]
        self._unknown = UNKNOWN[language]

    def write(self, value: Any) -> Any:
        """Write what a template names: 12,345, November 22, 2026, a list; text as it is.

        What is missing is unknown, and never blank or a nought.
        """
        if value is None:
            return self._unknown
        if isinstance(value, date):
            return babel_dates.format_date(value, "long", locale=self._locale)
        if isinstance(value, list | tuple):
            return self.join(value)
        if isinstance(value, str) or not hasattr(value, "__int__"):
            return value
        return numbers.format_decimal(int(value), locale=self._locale)

    def agree(self, value: int, *forms: str) -> str:
        """Choose the form that agrees with a number: `{{ met|agree("was", "were") }}`."""
        categories = ("zero", "one", "two", "few", "many", "other")
        plural = self._locale.plural_form
        known = [name for name in categories if name in {*plural.tags, "other"}]
        return forms[known.index(plural(int(value)))]

    def count(self, value: int, *forms: str) -> str:
        """Write a number with its noun: `{{ exits|count("exit", "exits") }}`."""
        return f"{self.write(value)} {self.agree(value, *forms)}"

    def join(self, words: Sequence[Any]) -> str:
        """Join in a row: "a", "a and b", "a, b and c"; with semicolons where one has a comma."""
        texts = [str(self.write(word)) for word in words]
        if len(texts) < 2:
            return "".join(texts)
        if any("," in text for text in texts):
            return f"{'; '.join(texts[:-1])}; {self._and} {texts[-1]}"
        return f"{', '.join(texts[:-1])} {self._and} {texts[-1]}"

    def share(self, part: int, whole: int, least_base: int) -> str:
        """Write a share: a percentage, or "n of d" where the whole is under `least_base`.

        A share that is not all is never written 100%, nor one that is not nothing 0%.
        """
        if whole < least_base or not whole:
            return f"{self.write(part)} of {self.write(whole)}"
        percent = 100 * part / whole
        if 0 < percent < 0.05:
            return "under 0.1%"
        if 99.95 <= percent < 100:
            return "over 99.9%"
        return f"{percent:.1f}%"

    def write_dollars(self, amount: float) -> str:
        """Write whole dollars: $268,161."""
        whole = round(amount)
        return str(
            numbers.format_currency(whole, "USD", "¤#,##0", self._locale, currency_digits=False)
        )

    def write_decimal(self, value: float) -> str:
        """Write a number with a decimal where it has one: 7.5, 8."""
        return str(numbers.format_decimal(value, "#,##0.#", self._locale))

    def name_month(self, day: date) -> str:
        """Write a month: November 2026."""
        return str(babel_dates.format_skeleton("yMMMM", day, locale=self._locale))

    def shorten_day(self, day: date) -> str:
        """Write a day with its month cut short: Nov 22, 2026."""
        return str(babel_dates.format_date(day, "medium", locale=self._locale))

    def name_weekday(self, day: date) -> str:
        """Write the day of the week, cut short: Sun."""
        return str(babel_dates.format_date(day, "EEE", locale=self._locale))

    def write_day_alone(self, day: date) -> str:
        """Write a day without its year: Nov 22."""
        return str(babel_dates.format_skeleton("MMMd", day, locale=self._locale))


def start_sentence(text: str) -> str:
    """Write the first letter large, and leave the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def _make_environment(language: str) -> Environment:
    words = LanguageFormats(language)
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # plain text: a page escapes what it shows
        finalize=words.write,
    )
    environment.filters |= {
        "agree": words.agree,
        "count": words.count,
        "day_alone": words.write_day_alone,
        "decimal": words.write_decimal,
        "dollars": words.write_dollars,
        "join": words.join,
        "month": words.name_month,
        "share": words.share,
        "short": words.shorten_day,
        "weekday": words.name_weekday,
        "year": str,
        "start": start_sentence,
    }
    return environment


ENVIRONMENTS = {language: _make_environment(language) for language in AND}

# Written as the sentences of measures write them.
_ENGLISH = LanguageFormats("en")
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
