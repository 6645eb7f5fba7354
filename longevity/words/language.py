"""The language that words, numbers and days are written in: English unless inside `speaking("es")`.

Words in the code and its files are English. All that the public reads of them is in one file a
language, `locales/es.toml`; words of the code go through `translate`, which looks them up there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale
from pydantic import Field

from longevity.base.toml_file import Table, read_toml

FOLDER = Path(__file__).parent / "locales"
ENGLISH = "en"
_LIKE_Y = re.compile(r"h?[ií](?![aeou])", re.IGNORECASE)  # before which "y" is "e"
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)
K = TypeVar("K")
SPOKEN: set[str] = set()  # the English words of every `Spoken`, which all need a translation


class Words(Table):
    """The sentences of an entry of `words/*.toml` by name, as Jinja templates in one language.

    A table of them, `parts.met = "met in time"`, is read as a sentence "parts.met". `columns`: of
    a table of its rows, by heading, a column's name or the template of a cell.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    sentences: dict[str, str] = Field(default_factory=dict, exclude=True)

    @classmethod
    def prepare(cls, raw: dict[str, Any], _context: dict[str, Any]) -> dict[str, Any]:
        """Put the sentences apart: any key may be one's name."""
        columns: dict[str, Any] = {}
        sentences: dict[str, Any] = {}
        for name, words in raw.items():
            if name == "columns":
                columns = words
            elif isinstance(words, dict):
                sentences |= {f"{name}.{part}": text for part, text in words.items()}
            else:
                sentences[name] = words
        return {"columns": columns, "sentences": sentences}


class CountWords(Table):
    """What one count is called, and a clause with it."""

    noun: str
    clause: str


class Language(Table):
    """A language that English is translated to; `locales/es.toml` says what each table holds.

    `sentences` and `charts`: by the name of an entry of `words/*.toml`, or of a chart there.
    """

    name: str
    locale: str
    conjunction: str = Field(alias="and")
    words: dict[str, str]
    reference: dict[str, str]
    counted: dict[str, CountWords]
    edition: dict[str, str]
    sentences: dict[str, Words]
    charts: dict[str, Words]


def load_languages(folder: Path) -> dict[str, Language]:
    """Return the languages of a folder by their codes; ConfigError says what is wrong in a file."""
    return {path.stem: read_toml(path).check(Language) for path in sorted(folder.glob("*.toml"))}


TRANSLATED = load_languages(FOLDER)
# The rules that numbers and days of each follow.
LANGUAGES = {ENGLISH: Locale(ENGLISH)} | {
    code: Locale.parse(language.locale) for code, language in TRANSLATED.items()
}
NAMES = {ENGLISH: "English"} | {code: language.name for code, language in TRANSLATED.items()}


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


def translate(text: str, /, **parts: Any) -> str:
    """Return English words in the language in use, with `parts` put in for `{name}` in braces.

    Raises:
        LookupError: they have no translation; `make lint` finds those.
    """
    language = _language.get()
    if language != ENGLISH:
        words = TRANSLATED[language].words
        if text not in words:
            raise LookupError(f"'{text}' is not in longevity/words/locales/{language}.toml.")
        text = words[text]
    return text.format_map(parts) if parts else text


def translate_fact(text: str) -> str:
    """Return words of a reference file in the language in use, or as the file has them."""
    language = _language.get()
    if language == ENGLISH:
        return text
    own = TRANSLATED[language]
    return own.reference.get(text) or own.words.get(text, text)


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
    if language == ENGLISH:  # of which Babel has a comma before it
        return "and"
    return "e" if language == "es" and _LIKE_Y.match(word) else TRANSLATED[language].conjunction
