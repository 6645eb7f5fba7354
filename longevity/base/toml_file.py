"""Read a TOML file so that nothing in it is silently ignored.

A pydantic model says which keys a table has and what each holds. Whatever is wrong becomes a
sentence with the file, the line, the key and, where there is one, the nearest that is valid.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
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

from longevity.base import files, labels
from longevity.base.errors import ConfigError, suggest_nearest

COMMENT = re.compile(r"^[ \t]*#.*", re.MULTILINE)
LONGEST_QUOTED = 80  # characters of a key in a sentence
MOST_PROBLEMS = 10
MOST_DOTS = 200  # in a line: tomllib takes seconds for a key of ten thousand parts
MISSING = "is missing."
SHOULD = re.compile(r"^\w+ should")
# pydantic's error for a default that could not be computed because another field is wrong. Only the
# error of that other field is reported.
FOLLOWS = "default_factory_not_called"
Keys = tuple[str | int, ...]  # from the root to a value; a number is a place in a list
Problem = tuple[Keys, str, str]  # where, what is wrong, what to do
Model = TypeVar("Model", bound=BaseModel)


class SettingError(ValueError):
    """What is wrong with a value, and what to do about it; raised by validators of settings.

    `keys` lead to the place in the value that is wrong, `"lines", "name"`; none if all of it is.
    """

    def __init__(self, what: str, do: str = "", *keys: str) -> None:
        self.what, self.do, self.keys = what, do, keys
        super().__init__(what)


def check_keys(
    raw: Mapping[str, Any], known: Iterable[str], required: Iterable[str] = (), *keys: str
) -> None:
    """Raise SettingError for the first required key that is missing, or else the first unknown one.

    `raw` is a table as TOML gives it; `keys` lead to it from the value that is validated.
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
    """A table of a TOML file: each of its keys is a field of the model.

    A field declared with `exclude=True` is no key: the code fills it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _prepare(cls, raw: Any, info: ValidationInfo) -> Any:
        return cls.prepare(raw, info.context or {}) if isinstance(raw, dict) else raw

    @classmethod
    def prepare(cls, raw: dict[str, Any], _context: dict[str, Any]) -> dict[str, Any]:
        """Refuse missing and unknown keys; return the table that the fields are validated from.

        Subclasses extend it to rewrite a table first.
        """
        keys = cls.list_keys()
        check_keys(raw, keys, [key for key, field in keys.items() if field.is_required()])
        return raw

    @classmethod
    def list_keys(cls) -> dict[str, FieldInfo]:
        """Return its fields by their keys."""
        fields = cls.model_fields.items()
        return {field.alias or name: field for name, field in fields if not field.exclude}


def refuse(is_wrong: Callable[[Any], Any], what: str, do: str = "") -> AfterValidator:
    """Return a validator that refuses values for which `is_wrong` holds.

    `what` and `do` are the error's sentences; VALUE in `what` is replaced by the value.
    """

    def check(value: Any) -> Any:
        if is_wrong(value):
            raise SettingError(what.replace("VALUE", str(value)), do)
        return value

    return AfterValidator(check)


def known_keys(*known: str) -> BeforeValidator:
    """Return a validator that refuses any other key of a table, and puts its keys in this order."""

    def check(table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        check_keys(table, known)
        return {key: table[key] for key in known if key in table}

    return BeforeValidator(check)


def one_of(*words: str) -> AfterValidator:
    """Return a validator that refuses any other word."""

    def check(word: str) -> str:
        if word not in words:
            raise SettingError(f"is '{word}'.", suggest_nearest(word, words))
        return word

    return AfterValidator(check)


def label(longest: int) -> AfterValidator:
    """Return a validator that refuses text that is no label (`labels`) or longer than `longest`."""

    def check(text: str) -> str:
        problem = labels.find_label_problem(text, longest)
        if problem:
            raise SettingError(f"{problem}.")
        return text

    return AfterValidator(check)


def read_zone(example: str) -> PlainValidator:
    """Return a validator that reads a time zone by its IANA name; `example` is for its error."""

    def read(name: Any) -> ZoneInfo:
        try:
            return ZoneInfo(check_text(name))
        except (ZoneInfoNotFoundError, OSError, ValueError) as error:
            raise SettingError(f"is '{name}'.", f"Give an IANA name such as {example}.") from error

    return PlainValidator(read)


def check_text(value: Any) -> str:
    """Return a value if it is text; SettingError otherwise."""
    if not isinstance(value, str):
        raise SettingError("must be text.")
    return value


@dataclass(frozen=True)
class TomlFile:
    """A TOML file as it was read."""

    path: Path
    text: str
    raw: dict[str, Any]

    def error(self, *problems: Problem) -> ConfigError:
        """Return an error that names each problem's file, line and key, a problem a line."""
        sentences = []
        for keys, what, do in problems[:MOST_PROBLEMS]:
            named = [key for key in keys if isinstance(key, str)]
            line = self._find_line(named[:-1] if what == MISSING else named)
            name = ".".join(named)
            name = name if len(name) <= LONGEST_QUOTED else f"{name[:LONGEST_QUOTED]}…"
            sentences.append((f"{self.path}{line}: '{name}' {what}", do))
        if len(sentences) == 1:
            return ConfigError(*sentences[0])
        return ConfigError("\n".join(" ".join(sentence).strip() for sentence in sentences))

    def _find_line(self, keys: list[str]) -> str:
        """Return where a key is in the file, ", line 12"; "" where it is not found.

        For `cities`, `hartford`, `name` it searches for the first at the beginning of a line and
        for each of the others after the one before: tomllib keeps no line numbers.
        """
        text = COMMENT.sub("", self.text)
        at, begin = 0, r"^[ \t]*\[*"
        for key in keys:
            name = rf"""{begin}["']?{re.escape(key)}["']?[ \t]*[].=]"""
            found = re.compile(name, re.MULTILINE).search(text, at)
            if found is None:
                break
            at, begin = found.end() - 1, r"(?<![\w-])"
        return f", line {text.count(chr(10), 0, at) + 1}" if at else ""

    def table(self, keys: tuple[str, ...], known: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the table that `keys` lead to, as it was read; {} where there is none.

        ConfigError if it is no table, or has a key that is not in `known` (None: any key may be
        there).
        """
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
        """Return what is under `keys`, by default the whole file, validated as `model`.

        A table that is not there is read as an empty one. Validators find `context`, and the
        file's `folder`, in pydantic's context. ConfigError names all that is wrong.
        """
        value: Any = self.raw if not keys else self.table(keys[:-1]).get(keys[-1], {})
        context["folder"] = self.path.resolve().parent
        try:
            return model.model_validate(value, context=context)
        except ValidationError as error:
            found = [_read_problem(e) for e in error.errors() if e["type"] != FOLLOWS]
        raise self.error(*(((*keys, *where), what, do) for where, what, do in found))


def _read_problem(error: Mapping[str, Any]) -> Problem:
    """Turn one of pydantic's errors into a `Problem`.

    Our validators raise SettingError with the words to use. Pydantic's own "Input should be a valid
    date" becomes "must be a valid date.".
    """
    wrong = error.get("ctx", {}).get("error")
    if isinstance(wrong, SettingError):
        return (*error["loc"], *wrong.keys), wrong.what, wrong.do
    return error["loc"], f"{SHOULD.sub('must', error['msg'])}.", ""


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file; ConfigError when it cannot be read."""
    other = files.describe_other_kind(path)
    if other:
        raise ConfigError(f"{path} cannot be read: it {other}.", "Give the path of a TOML file.")
    try:
        # An editor may have put a byte order mark in front.
        text = path.read_text(encoding="utf-8-sig")
        for number, line in enumerate(COMMENT.sub("", text).splitlines(), start=1):
            if line.count(".") > MOST_DOTS:
                what = f"{path}, line {number} has more than {MOST_DOTS} dots."
                raise ConfigError(what, "Write a long list or text in several lines.")
        return TomlFile(path, text, tomllib.loads(text))
    except FileNotFoundError as error:
        raise ConfigError(f"{path} does not exist.", "Give the path of a TOML file.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        said = str(error).partition(";")[0]
        raise ConfigError(f"{path} is not valid TOML: {said}.") from error
