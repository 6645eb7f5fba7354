"""The language of sentences: Jinja templates with what figures, days and lists need.

A figure is written with its thousands apart and a day in full, as the language has them (Babel).
A template agrees a word and has an optional part, no more: where it wants a branch there are two
sentences, and what was found chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel import Locale, dates, numbers
from jinja2 import Environment, StrictUndefined

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
            return dates.format_date(value, "long", locale=self._locale)
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
        return str(dates.format_skeleton("yMMMM", day, locale=self._locale))

    def shorten_day(self, day: date) -> str:
        """Write a day with its month cut short: Nov 22, 2026."""
        return str(dates.format_date(day, "medium", locale=self._locale))

    def name_weekday(self, day: date) -> str:
        """Write the day of the week, cut short: Sun."""
        return str(dates.format_date(day, "EEE", locale=self._locale))

    def write_day_alone(self, day: date) -> str:
        """Write a day without its year: Nov 22."""
        return str(dates.format_skeleton("MMMd", day, locale=self._locale))


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
