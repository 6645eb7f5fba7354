"""Write figures, days and lists as words, in the language in use.

Sentences are Jinja templates; `write` turns every value put into one to text: 12,345, or November
22, 2026. A template may choose "was" or "were" and have an optional part, no more: where it would
branch there are two sentences, and code chooses by what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel import dates as babel_dates
from babel import numbers
from jinja2 import Environment, StrictUndefined

from longevity.words import dates, language
from longevity.words.absent import Absent, Count, say_absence
from longevity.words.language import LANGUAGES, find_locale, translate

MINUS = "−"


def write(value: Any) -> Any:
    """Write a value in a template: 12,345, November 22, 2026, "a, b and c"; text as it is.

    None is written as "unknown", and never as blank or 0.
    """
    if value is None:
        return translate("unknown")
    if isinstance(value, date):
        return dates.format_long(value)
    if isinstance(value, list | tuple):
        return join_phrases(value)
    if isinstance(value, str) or not hasattr(value, "__int__"):
        return value
    return numbers.format_decimal(int(value), locale=find_locale())


def agree(value: int, *forms: str) -> str:
    """Choose the form that agrees with a number: `{{ met|agree("was", "were") }}`.

    Where a language has more plurals than forms are given, as Spanish has one for millions, the
    last form is used.
    """
    categories = ("zero", "one", "two", "few", "many", "other")
    plural = find_locale().plural_form
    known = [name for name in categories if name in {*plural.tags, "other"}]
    return forms[min(known.index(plural(int(value))), len(forms) - 1)]


def count(value: int, *forms: str) -> str:
    """Write a number with its noun: `{{ exits|count("exit", "exits") }}`."""
    return f"{write(value)} {agree(value, *forms)}"


def join_phrases(words: Sequence[Any]) -> str:
    """Join words: "a", "a and b", "a, b and c"; by semicolons where one of them has a comma."""
    texts = [str(write(word)) for word in words]
    if len(texts) < 2 or not any("," in text for text in texts):
        return join_words(texts)
    return f"{'; '.join(texts[:-1])}; {language.choose_and(texts[-1])} {texts[-1]}"


def format_share(part: int, whole: int, least_base: int) -> str:
    """Write a share as "12.5%", or as "3 of 9" where the whole is under `least_base`.

    Only all is written as 100%, and only none as 0%: otherwise "over 99.9%" or "under 0.1%".
    """
    if whole < least_base or not whole:
        return translate("{part} of {whole}", part=write(part), whole=write(whole))
    percent = 100 * part / whole
    if 0 < percent < 0.05:
        return translate("under {number}", number="0.1%")
    if 99.95 <= percent < 100:
        return translate("over {number}", number="99.9%")
    return f"{percent:.1f}%"


def write_dollars(amount: float) -> str:
    """Write whole dollars: $268,161."""
    whole = round(amount)
    return str(
        numbers.format_currency(whole, "USD", "¤#,##0", find_locale(), currency_digits=False)
    )


def name_weekday(day: date) -> str:
    """Write the day of the week, cut short: Sun."""
    return str(babel_dates.format_date(day, "EEE", locale=find_locale()))


def start_sentence(text: str) -> str:
    """Write the first letter large, and leave the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def _make_environment() -> Environment:
    """Return the Jinja environment of sentences, with the filters they can use."""
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # plain text: a page escapes what it shows
        finalize=write,
    )
    environment.filters |= {
        "agree": agree,
        "count": count,
        "day_alone": dates.shorten_day_of_year,
        "filed": dates.format_source_date,
        "fact": language.translate_fact,
        "dollars": write_dollars,
        "join": join_phrases,
        "month": dates.format_month,
        "share": format_share,
        "short": dates.format_short,
        "weekday": name_weekday,
        "year": str,
        "start": start_sentence,
    }
    return environment


# One for each language: Jinja writes constants, such as "unknown", when it compiles a template.
ENVIRONMENTS = {name: _make_environment() for name in LANGUAGES}

join_words = language.join_words
format_day = dates.format_long


def format_number(value: float | int) -> str:
    """Format a whole number with thousands separated: 12,345."""
    return f"{int(value):,}"


def format_count(count: Count) -> str:
    """Return a count as it is shown, or why there is none."""
    return say_absence(count) if isinstance(count, Absent) else format_number(count)


def split_first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence and the rest, "" where there is only one.

    The full stop of a word of one or two letters, as in St. Vincent, ends no sentence.
    """
    end = re.search(r"(?<=[\w)%]{3})\. (?=\S)", text)
    return (text[: end.start() + 1], text[end.end() :]) if end else (text, "")


def count_noun(value: int, one: str, many: str | None = None) -> str:
    """Write a number and its noun in agreement: "1 victim", "2 victims"."""
    return f"{format_number(value)} {one if value == 1 else many or one + 's'}"


def format_period(start: date, until: date) -> str:
    """Write the half-open period [start, until) by its first and last day.

    Only whole years are named by their number, so that a part of a year is never
    called the year.
    """
    last = until - timedelta(days=1)
    if (start.month, start.day) == (1, 1) and (last.month, last.day) == (12, 31):
        return dates.format_years(start.year, last.year)
    if start == last:
        return format_day(start)
    first = dates.format_day_of_year(start) if start.year == last.year else format_day(start)
    return translate("{day} to {last_day}", day=first, last_day=format_day(last))


def format_ratio(value: float, decimals: int) -> str:
    """Write a ratio: "1.25"; "just over 1" where it would be rounded to 1 and is not."""
    if value != 1 and round(value, decimals) == 1:
        return translate("just over 1" if value > 1 else "just under 1")
    return f"{value:,.{decimals}f}"


def format_during(start: date, until: date) -> str:
    """Write when, to follow a clause: "in 2016", "from January 1 to March 31, 2018"."""
    when = format_period(start, until)
    if when.isdecimal():
        return translate("in {when}", when=when)
    if (until - start).days == 1:
        return translate("on {when}", when=when)
    if all(day.timetuple().tm_yday == 1 for day in (start, until)):
        return translate("from {years}", years=when)
    return translate("from {when}", when=when)


def format_percentage_change(current: float, previous: float, least_base: int) -> str | None:
    """Format the change in percent with its sign, "+12%"; None where `previous` is under
    `least_base`: a percentage of a small number misleads.
    """
    if previous < least_base or not previous:
        return None
    change = 100 * (current - previous) / previous
    if round(change) == 0:
        return translate("under {number}", number="1%") if change else "0%"
    return f"{'+' if change > 0 else MINUS}{abs(change):.0f}%"


def label_share(part: int, whole: int, least_base: int) -> str:
    """Write the label of a bar: its share and count, "30% (25)"; "3 of 9" under `least_base`."""
    if whole < least_base or not whole:
        return format_share(part, whole, least_base)
    percent = f"{100 * part / whole:.0f}"
    if part and percent == "0":
        percent = "<1"
    elif part < whole and percent == "100":
        percent = ">99"
    return f"{percent}% ({format_number(part)})"
