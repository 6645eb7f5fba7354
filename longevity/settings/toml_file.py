"""Read a TOML file so that nothing in it is silently ignored, and nothing in it hurts the reader.

A pydantic model says which keys a table has and what each holds. Whatever is wrong becomes a
sentence with the file, the line, the key and, where there is one, the nearest that is valid.
A running server reads its file again and again: one that would take memory, or a value no
code could count with, is an error like any other.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo

from longevity import files, labels
from longevity.errors import ConfigError, suggest_nearest

LARGEST = 256 * 1024  # bytes; ours has 5,000, and 8,000 words of a mapping fit
# Python's reader takes time and memory by the square of a key's parts: 100,000 took 19 GB.
LONG_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}""")
COMMENT = re.compile(r"^[ \t]*#.*", re.MULTILINE)
LARGEST_NUMBER = 10**12
YEARS = range(1900, 2200)  # in which days lie
LONGEST_TEXT = 5000  # characters; a city's context has 4,000 at most
LONGEST_QUOTED = 80  # characters of a key in a sentence
MOST_PROBLEMS = 10
MISSING = "is missing."
# What a value must be, by pydantic's name of the error.
NOUNS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date such as 2014-04-01",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
Keys = tuple[str | int, ...]  # from the root to a value; a number is a place in a list
Problem = tuple[Keys, str, str]  # where, what is wrong, what to do
Model = TypeVar("Model", bound=BaseModel)


class SettingError(ValueError):
    """What is wrong with a value, and what to do; `keys` lead from the value to the place."""

    def __init__(self, what: str, do: str = "", *keys: str) -> None:
        self.what, self.do, self.keys = what, do, keys
        super().__init__(what)


def check_keys(
    raw: Mapping[str, Any], known: Iterable[str], required: Iterable[str] = (), *keys: str
) -> None:
    """Refuse the first key that is missing, or else that is not known, with the nearest that is.

    `keys` lead to the table from the value that is read.
    """
    known = list(known)
    unknown = [key for key in raw if key not in known]
    for key in required:
        if key not in raw:
            close = difflib.get_close_matches(key, unknown, n=1, cutoff=0.75)
            do = f"Did you mean '{key}' by '{close[0]}'?" if close else ""
            raise SettingError(MISSING, do, *keys, key)
    for key in unknown:
        raise SettingError("is not a known key.", suggest_nearest(key, known), *keys, key)


class Table(BaseModel):
    """A table of a TOML file, of which every key is a field. A field that is excluded is no key."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _prepare(cls, raw: Any, info: ValidationInfo) -> Any:
        return cls.prepare(raw, info.context or {}) if isinstance(raw, dict) else raw

    @classmethod
    def prepare(cls, raw: dict[str, Any], _context: dict[str, Any]) -> dict[str, Any]:
        """Refuse keys that are missing or not known; return the table as its fields read it."""
        keys = cls.list_keys()
        check_keys(raw, keys, [key for key, field in keys.items() if field.is_required()])
        return raw

    @classmethod
    def list_keys(cls) -> dict[str, FieldInfo]:
        """Return its fields by their keys."""
        fields = cls.model_fields.items()
        return {field.alias or name: field for name, field in fields if not field.exclude}


def refuse(is_wrong: Callable[[Any], bool], what: str, do: str = "") -> AfterValidator:
    """Return what refuses a value of which `is_wrong` holds; `VALUE` in the sentence is it."""

    def check(value: Any) -> Any:
        if is_wrong(value):
            raise SettingError(what.replace("VALUE", str(value)), do)
        return value

    return AfterValidator(check)


def known_keys(*known: str) -> BeforeValidator:
    """Return what refuses any other key of a table, and puts its keys in this order."""

    def check(table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        check_keys(table, known)
        return {key: table[key] for key in known if key in table}

    return BeforeValidator(check)


def one_of(*words: str) -> AfterValidator:
    """Return what refuses any other word."""

    def check(word: str) -> str:
        if word not in words:
            raise SettingError(f"is '{word}'.", suggest_nearest(word, words))
        return word

    return AfterValidator(check)


def label(longest: int) -> AfterValidator:
    """Return what refuses a text that is no label of at most so many characters."""

    def check(text: str) -> str:
        problem = labels.find_label_problem(text, longest)
        if problem:
            raise SettingError(f"{problem}.")
        return text

    return AfterValidator(check)


def read_zone(example: str) -> PlainValidator:
    """Return what reads a time zone by its IANA name; `example` is one to give in its place."""

    def read(name: Any) -> ZoneInfo:
        check_text(name)
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            raise SettingError(f"is '{name}'.", f"Give an IANA name such as {example}.") from None

    return PlainValidator(read)


def check_text(value: Any) -> str:
    """Return a value that is text."""
    if not isinstance(value, str):
        raise SettingError("must be text.")
    return value


def _read_point(pair: Any) -> Any:
    if not isinstance(pair, list) or [type(n) in (int, float) for n in pair] != [True, True]:
        raise SettingError("must be [longitude, latitude] in degrees (WGS 84).")
    return tuple(pair)


Point = Annotated[tuple[float, float], BeforeValidator(_read_point)]


@dataclass(frozen=True)
class TomlFile:
    """A TOML file as it was read."""

    path: Path
    text: str
    raw: dict[str, Any]

    def error(self, *problems: Problem) -> ConfigError:
        """Return the error of one problem, or of some, each in a line of its own."""
        sentences = [
            (f"{self.path}{self._find_line(keys, what)}: {_name(keys)} {what}", do)
            for keys, what, do in problems[:MOST_PROBLEMS]
        ]
        if len(sentences) == 1:
            return ConfigError(*sentences[0])
        return ConfigError("\n".join(" ".join(sentence).strip() for sentence in sentences))

    def _find_line(self, keys: Keys, what: str) -> str:
        """Return the line of a key, or of the table in which it is missing; "" where unknown.

        Each key is looked for behind the one before, the first at the beginning of a line.
        """
        text = COMMENT.sub("", self.text)
        at, begin = 0, r"^[ \t]*\[*"
        named = [key for key in keys if isinstance(key, str)]
        for key in named[:-1] if what == MISSING else named:
            name = rf"""{begin}["']?{re.escape(key)}["']?[ \t]*[].=]"""
            found = re.compile(name, re.MULTILINE).search(text, at)
            if found is None:
                break
            at, begin = found.end() - 1, r"(?<![\w-])"
        line = text.count("\n", 0, at) + 1
        return f", line {line}" if at else ""

    def table(self, keys: tuple[str, ...], known: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the table under `keys`, an absent one empty; ConfigError on a key not `known`."""
        value: Any = self.raw
        for depth, key in enumerate(keys):
            value = value.get(key, {})
            if not isinstance(value, dict):
                raise self.error((keys[: depth + 1], "must be a table.", ""))
        try:
            check_keys(value, value if known is None else known)
        except SettingError as error:
            raise self.error(((*keys, *error.keys), error.what, error.do)) from None
        return dict(value)

    def check(self, model: type[Model], keys: tuple[str, ...] = (), **context: Any) -> Model:
        """Return what is under `keys` as a model; a table that is absent is empty.

        Validators find `context`, and the `folder` of the file, in the context of pydantic.
        """
        value: Any = self.raw if not keys else self.table(keys[:-1]).get(keys[-1], {})
        context["folder"] = self.path.resolve().parent
        try:
            return model.model_validate(value, context=context)
        except ValidationError as error:
            problems = [
                ((*keys, *where), what, do)
                for where, what, do in map(_read_problem, error.errors())
                if what
            ]
        raise self.error(*problems)


def _name(keys: Keys) -> str:
    """Return the dotted name of a key, for a sentence; of what is in a list, with its place."""
    name = ".".join(key for key in keys if isinstance(key, str))
    if len(name) > LONGEST_QUOTED:
        name = f"{name[:LONGEST_QUOTED]}…"
    return " item ".join([f"'{name}'", *[str(key + 1) for key in keys if isinstance(key, int)][:1]])


def _read_problem(error: Mapping[str, Any]) -> Problem:
    """Return what one of pydantic's errors says; an empty sentence for what follows of another."""
    context = error.get("ctx", {})
    kind, wrong = error["type"], context.get("error")
    if isinstance(wrong, SettingError):
        return (*error["loc"], *wrong.keys), wrong.what, wrong.do
    if kind == "default_factory_not_called":
        return error["loc"], "", ""
    if kind == "greater_than":
        noun = "above zero"
    elif kind == "less_than_equal":
        noun = f"at most {context['le']:,g}"
    elif kind == "date_type" and isinstance(error["input"], datetime):
        noun = "a date without a time"
    else:
        noun = NOUNS[kind]
    return error["loc"], f"must be {noun}.", ""


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file; ConfigError when it cannot be read, or holds what cannot be meant."""
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
    found = TomlFile(path, text, raw)
    extremes = list(_find_extremes(raw, ()))
    if extremes:
        raise found.error(*extremes)
    return found


def _find_extremes(value: Any, keys: Keys) -> Iterator[Problem]:
    """Find what no code could count with or show: of any kind, under any key."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _find_extremes(part, (*keys, key))
    elif isinstance(value, str) and "\0" in value:
        yield keys, "holds the character NUL.", ""
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        yield keys, f"is longer than {LONGEST_TEXT:,} characters.", ""
    elif isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:  # NaN is neither
        yield keys, f"must be a finite number of at most {LARGEST_NUMBER:,}.", ""
    elif isinstance(value, date) and value.year not in YEARS:
        yield keys, f"is {value}, which cannot be meant.", ""
