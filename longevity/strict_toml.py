"""Read a TOML file so that nothing in it is silently ignored, and nothing in it hurts the reader.

Every key is asked for by name and kind; a key nobody asked for is an error
that names the file, the key and the nearest key that would have been valid.
A running server reads its file again and again: one that would take memory, or
a value no code could count with, is an error like any other.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from longevity import files
from longevity.errors import ConfigError

LARGEST = 256 * 1024  # bytes; ours has 5,000, and 8,000 words of a mapping fit
# Python's reader takes time and memory by the square of a key's parts: 100,000 took 19 GB.
LONG_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}""")
LARGEST_NUMBER = 10**12
YEARS = range(1900, 2200)  # in which days lie
LONGEST_TEXT = 5000  # characters; a city's context has 4,000 at most
LONGEST_QUOTED = 80  # characters of a key in a sentence
_REQUIRED: Any = object()
MOST_LISTED = 10
CLOSE = 0.6  # at 0.5 half the letters in order are enough: `lat` was `date`


def suggest_nearest(word: str, valid: Iterable[str]) -> str:
    """Return a sentence naming the valid word closest to `word`, or listing all, ten at most.

    A word that goes on where `word` ends is closer than one that shares its letters:
    `latitude` is meant by `lat`, `date` is not.
    """
    words = sorted(valid)
    longer = [
        each for each in words if len(word) >= 3 and each.casefold().startswith(word.casefold())
    ]
    close = difflib.get_close_matches(word, longer, n=1, cutoff=0)
    close = close or difflib.get_close_matches(word, words, n=1, cutoff=CLOSE)
    if close:
        return f"Did you mean '{close[0]}'?"
    if not words:
        return ""
    if len(words) > MOST_LISTED:
        nearest = difflib.get_close_matches(word, words, n=MOST_LISTED, cutoff=0)
        return f"Nearest of {len(words):,}: " + ", ".join(nearest) + "."
    return "Valid: " + ", ".join(words) + "."


def load_toml(path: Path) -> Table:
    """Return the root table of a TOML file; ConfigError when it cannot be read."""
    other = files.describe_other_kind(path)
    if other:
        raise ConfigError(f"{path} cannot be read: it {other}.", "Give the path of a TOML file.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ConfigError(f"{path} is larger than {LARGEST // 1024} KiB.")
        text = data.decode("utf-8-sig")  # an editor may have put a byte order mark in front
        long_key = LONG_KEY.search(text)
        if long_key:
            line = text.count("\n", 0, long_key.start()) + 1
            raise ConfigError(f"{path}: line {line} has a key of too many parts.")
        raw = tomllib.loads(text)
    except FileNotFoundError as error:
        raise ConfigError(f"{path} does not exist.", "Give the path of a TOML file.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ConfigError(
            f"{path} cannot be read: it holds a number of too many digits, or is nested too deeply."
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    return Table(path, "", raw)


class Table:
    """One table of a TOML file, read key by key.

    Ask for each key with the method of its kind, then call `finish`, which
    refuses whatever was not asked for.
    """

    def __init__(self, path: Path, name: str, raw: dict[str, Any]) -> None:
        self.path = path
        self.name = name
        self._raw = raw
        self._asked: set[str] = set()

    def where(self, key: str) -> str:
        """Return the dotted name of a key, for a sentence."""
        return f"{self.name}.{key}" if self.name else key

    def error(self, key: str, what: str, do: str = "") -> ConfigError:
        """Return a ConfigError about one key of this table."""
        where = self.where(key)
        if len(where) > LONGEST_QUOTED:
            where = f"{where[:LONGEST_QUOTED]}…"
        return ConfigError(f"{self.path}: '{where}' {what}", do)

    def names(self) -> list[str]:
        """Return the keys as written, in order."""
        return list(self._raw)

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        self._asked.add(key)
        return key in self._raw

    def raw(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return the value of a key, of whatever kind."""
        self._asked.add(key)
        if key in self._raw:
            return self._raw[key]
        if default is _REQUIRED:
            raise self.error(key, "is missing.", self._instead(key))
        return default

    def _instead(self, key: str) -> str:
        """Return the key that may have been meant to be the one that is missing."""
        others = [other for other in self._raw if other not in self._asked]
        close = difflib.get_close_matches(key, others, n=1, cutoff=0.75)
        return f"Did you mean '{key}' by '{close[0]}'?" if close else ""

    def _typed(self, key: str, default: Any, kinds: tuple[type, ...], noun: str) -> Any:
        value = self.raw(key, default)
        if value is default:
            return value
        if isinstance(value, bool) and bool not in kinds:
            raise self.error(key, f"must be {noun}.")
        if not isinstance(value, kinds):
            raise self.error(key, f"must be {noun}.")
        if isinstance(value, int | float) and LARGEST_NUMBER < abs(value) < math.inf:
            raise self.error(key, f"must be {noun} of at most {LARGEST_NUMBER:,}.")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return a string."""
        value = self._typed(key, default, (str,), "text")
        if value is not default and "\0" in value:
            raise self.error(key, "holds the character NUL.")
        if value is not default and len(value) > LONGEST_TEXT:
            raise self.error(key, f"is longer than {LONGEST_TEXT:,} characters.")
        return value

    def integer(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return a whole number."""
        return self._typed(key, default, (int,), "a whole number")

    def number(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return a finite number, whole or not."""
        value = self._typed(key, default, (int, float), "a number")
        if value is not default and not math.isfinite(value):
            raise self.error(key, "must be a number that is finite.")
        return value

    def boolean(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return true or false."""
        return self._typed(key, default, (bool,), "true or false")

    def zone(self, key: str, example: str, default: Any = _REQUIRED) -> Any:
        """Return a time zone by its IANA name; `example` is one to give instead of a wrong one."""
        name = self.text(key, default)
        if name is default:
            return name
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            do = f"Give an IANA name such as {example}."
            raise self.error(key, f"is '{name}'.", do) from error

    def day(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return a date without a time."""
        value = self._typed(key, default, (date,), "a date such as 2014-04-01")
        if isinstance(value, datetime):
            raise self.error(key, "must be a date without a time.")
        if value is not default and value.year not in YEARS:
            raise self.error(key, f"is {value}, which cannot be meant.")
        return value

    def choice(self, key: str, valid: Iterable[str], default: Any = _REQUIRED) -> Any:
        """Return one of a few words."""
        value = self.text(key, default)
        words = list(valid)
        if value is not default and value not in words:
            raise self.error(key, f"is '{value}'.", suggest_nearest(str(value), words))
        return value

    def items(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return a list."""
        return self._typed(key, default, (list,), "a list")

    def table(self, key: str, default: Any = _REQUIRED) -> Table:
        """Return a table inside this one; an empty one when absent and default is given."""
        value = self.raw(key, default)
        if value is default and value is not _REQUIRED:
            value = default or {}
        if not isinstance(value, dict):
            raise self.error(key, "must be a table.")
        return Table(self.path, self.where(key), value)

    def finish(self) -> None:
        """Refuse the first key nobody asked for, naming the nearest valid one."""
        for key in self._raw:
            if key not in self._asked:
                raise self.error(key, "is not a known key.", suggest_nearest(key, self._asked))
