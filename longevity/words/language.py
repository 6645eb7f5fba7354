"""The language that words, numbers and days are written in: English unless inside `speaking("es")`.

Words in the code are English. Those that the public reads go through `translate`, which looks them
up in `locales/es.toml` ("withheld" = "reservado"); sentences of measures are in `words/*.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale

FOLDER = Path(__file__).parent / "locales"
REFERENCE = Path(__file__).parents[2] / "data" / "reference"
ENGLISH = "en"
# Each with the rules its numbers and days follow: Spanish as it is written in the United States.
LANGUAGES = {ENGLISH: Locale("en"), "es": Locale("es", "US")}
# What joins the last two of a list. Babel's own English has a comma before it.
AND = {ENGLISH: "and", "es": "y"}
_LIKE_Y = re.compile(r"h?[ií](?![aeou])", re.IGNORECASE)  # before which "y" is "e"
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)
K = TypeVar("K")
SPOKEN: set[str] = set()  # the English words of every `Spoken`, which all need a translation


def find_language() -> str:
    """Return the language in use: "en"."""
    return _language.get()


def find_locale() -> Locale:
    """Return the rules for numbers and days of the language in use."""
    return LANGUAGES[_language.get()]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use a language for what is written within."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def load_words(language: str) -> Mapping[str, str]:
    """Return the words of a language by the English ones: {"withheld": "reservado"}."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


@cache
def load_facts(language: str) -> Mapping[str, str]:
    """Return the words of `load_words` and those of `data/reference`, by the English ones."""
    facts = tomllib.loads((REFERENCE / f"{language}.toml").read_text("utf-8"))
    return {**load_words(language), **facts}


def translate(text: str, /, **parts: Any) -> str:
    """Return English words in the language in use, with `parts` put in for `{name}` in braces.

    Raises:
        LookupError: they have no translation; `make lint` finds those.
    """
    language = _language.get()
    if language != ENGLISH:
        words = load_words(language)
        if text not in words:
            raise LookupError(f"'{text}' is not in longevity/words/locales/{language}.toml.")
        text = words[text]
    return text.format_map(parts) if parts else text


def translate_fact(text: str) -> str:
    """Return words of a reference file in the language in use, or as the file has them."""
    language = _language.get()
    return text if language == ENGLISH else load_facts(language).get(text, text)


class Spoken(Mapping[K, str]):
    """A mapping translated when it is read: `Spoken({1: "yes"})[1]` is "sí" in Spanish.

    So a table of words can be a constant of a module. `words`: English words by key, or whatever
    `look_up` takes.
    """

    def __init__(self, words: Mapping[K, str], look_up: Callable[[str], str] = translate) -> None:
        self._words, self._look_up = words, look_up
        if look_up is translate:
            SPOKEN.update(words.values())

    def __getitem__(self, key: K) -> str:
        return self._look_up(self._words[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def join_words(words: Sequence[str]) -> str:
    """Join words in a row: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {choose_and(words[-1])} {words[-1]}"


def choose_and(word: str) -> str:
    """Return "and" as it is written before `word`: in Spanish "y", but "e" before the sound "i"."""
    language = _language.get()
    return "e" if language == "es" and _LIKE_Y.match(word) else AND[language]
