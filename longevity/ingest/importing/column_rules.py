"""How one column of an extract is read from a city's file: a rule in a mapping file.

`outcome = { from = "Fatal", values = { Y = "fatal" } }`. `make docs` writes the table of
docs/import.md from `ColumnRule`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    ValidationInfo,
    model_validator,
)

from longevity.base.errors import suggest_nearest
from longevity.base.toml_file import SettingError, Table, check_keys, read_zone, refuse
from longevity.ingest.contract import LONGEST_CODE, Column, Kind
from longevity.ingest.importing.values import (
    CODE,
    build_reader,
    fold_case,
    list_words,
    refuse_value,
)

SAMPLE = datetime(2013, 3, 5, 13, 20, tzinfo=UTC)  # to try formats on: no two parts are alike
DATED = (Kind.DAY, Kind.MOMENT)
WORDS = (Kind.CITY, Kind.TEXT, Kind.CHOICE, Kind.BAND, Kind.BOOLEAN)
# The keys that not every column has, and the kinds that have them.
KINDS_BY_KEY = {
    "format": DATED,
    "time_zone": DATED,
    "z_is_local": DATED,
    "midnight_is_unknown": (Kind.MOMENT,),
    "prefix": (Kind.CODE,),
    "coded": (Kind.CODE,),
    "values": WORDS,
    "otherwise": WORDS,
    "ages": (Kind.BAND,),
}


def _read_texts(value: Any) -> tuple[str, ...]:
    """Return a text, or a list of texts, as a tuple."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise SettingError("must be text, or a list of texts.")
    return tuple(items)


def _fold_words(value: Any) -> frozenset[str]:
    return frozenset(map(fold_case, _read_texts(value)))


def _read_values(words: Mapping[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Read a table of `values`: {"Y": "fatal"} becomes {"y": "fatal"}, checked for the column."""
    values: dict[str, Any] = {}
    for word, meant in words.items():
        value = _read_value(meant, info, word)
        if values.setdefault(fold_case(word), value) != value:
            raise SettingError("is given twice with different values.", "", word)
    return values


def _check_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a format that reads no whole date, and two that read one text as different days."""
    patterns = ["%Y-%m-%d" if pattern == "iso" else pattern for pattern in formats]
    for name, pattern in zip(formats, patterns, strict=True):
        if _read_back(pattern, pattern) != SAMPLE.date():
            raise SettingError(
                f"is '{name}', no pattern of a whole date such as %m/%d/%Y, nor iso."
            )
    for one, other in itertools.permutations(patterns, 2):
        if _read_back(one, other) not in (None, SAMPLE.date()):  # as %m/%d/%Y and %d/%m/%Y
            raise SettingError(
                f"holds '{one}' and '{other}', which read one text as two different days.",
                "Keep the one the source writes; if it writes both, ask for one of them.",
            )
    return formats


def _read_back(written: str, read: str) -> date | None:
    """Return the day that the format `read` finds in SAMPLE written by `written`; None if none."""
    try:
        if SAMPLE.strftime(read) == SAMPLE.replace(year=SAMPLE.year + 1).strftime(read):
            return None  # without a year, of which Python warns from 3.13 on
        return datetime.strptime(SAMPLE.strftime(written), read).date()
    except (ValueError, re.error):  # re.error where a format has a part twice
        return None


def _read_value(value: Any, info: ValidationInfo, *keys: str) -> Any:
    """Read a value given in the mapping, such as a constant, as the column's own kind.

    SettingError where the contract does not allow it. `keys` lead to it, for the error.
    """
    context = info.context or {}
    column: Column = context["column"]
    if column.kind in DATED:
        if not isinstance(value, date) or getattr(value, "tzinfo", None):
            raise SettingError("must be a local date or time, such as 2014-04-01.", "", *keys)
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    read = build_reader(column, context["settings"])(text)
    if read is None:
        words = {str(word) for word in list_words(column, context["settings"]).values()}
        advice = suggest_nearest(text, words) or str(refuse_value(column, "It"))
        raise SettingError(f"gives '{text}'.", advice, *keys)
    return read


Texts = Annotated[tuple[str, ...], BeforeValidator(_read_texts)]
Words = Annotated[frozenset[str], BeforeValidator(_fold_words)]


class ColumnRule(Table):
    """How one column is read: from which columns of the source, and how.

    The contract's `column` comes from the validation context.
    """

    column: InstanceOf[Column] = Field(exclude=True)
    sources: Texts = Field(default=(), alias="from")
    """the source's column, `from = "town"`; a list joins several: dates and times with a blank (see
    below), all else with `-`"""
    constant: Annotated[Any, AfterValidator(_read_value)] = None
    """the same in each row, instead of `from`: `constant = "firearm"`"""
    missing: Words = frozenset()
    """more words that mean "nothing" in this column: `missing = ["999"]`"""
    values: Annotated[dict[str, Any], AfterValidator(_read_values)] = Field(default_factory=dict)
    """of words, cities, texts, yes and no: source word = contract word, in any case: `values = { Y
    = "fatal", N = "nonfatal" }`; `""` is an empty cell"""
    otherwise: Annotated[Any, AfterValidator(_read_value)] = None
    """of the same: for words that are neither in `values` nor the contract's: `otherwise =
    "unknown"`"""
    ages: bool = False
    """of `age_band`: an age in years, from 1 to 97, becomes one of the bands 0-14, 15-17, 18-24,
    25-29, 30-34, 35-44, 45-54, 55+; 0, 98 and 99 are codes for unknown in many files, so their rows
    are refused until `missing` or `values` says what they are"""
    formats: Annotated[Texts, AfterValidator(_check_formats)] = Field(
        default=("iso",), alias="format"
    )
    """of dates and times: how they are written, `format = ["%m/%d/%Y %H:%M", "%m/%d/%Y"]`: see
    below"""
    zone: Annotated[ZoneInfo | None, read_zone("UTC")] = Field(default=None, alias="time_zone")
    """of dates and times: the zone of those that carry none; else local: `time_zone = "UTC"`"""
    z_is_local: bool | None = None
    """of dates and times: whether a `Z` or an offset is really local time; `false`: it is what it
    says"""
    midnight_is_unknown: bool | None = None
    """of `occurred_at`: whether 00:00 means that the hour is not known: precision `day`"""
    prefix: Annotated[
        str,
        refuse(
            lambda prefix: not CODE.fullmatch(prefix) or len(prefix) > LONGEST_CODE // 2,
            "may hold up to 32 letters, digits, - _ . and : only.",
        ),
    ] = ""
    """of codes: put before each: `prefix = "gva-"`"""
    coded: bool = False
    """of codes: makes an opaque one of a record number (see *Keys*)"""

    @model_validator(mode="before")
    @classmethod
    def _read_name(cls, raw: Any) -> Any:
        """Return `"town"` as `{"from": "town"}`: a name alone is short for such a table."""
        return {"from": raw} if isinstance(raw, str) else raw

    @classmethod
    def prepare(cls, raw: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Refuse keys that this kind of column cannot have; return the table with its column."""
        column: Column = context["column"]
        kinds = {key: KINDS_BY_KEY.get(key, (column.kind,)) for key in cls.list_keys()}
        known = [key for key in kinds if column.kind in kinds[key]]
        check_keys(raw, ("from", "constant") if "constant" in raw else known)
        if (raw.get("from", []) != []) == ("constant" in raw):
            raise SettingError("needs either 'from' or 'constant'.")
        return {**raw, "column": column}

    @property
    def where(self) -> str:
        """The source's columns, in words."""
        return " and ".join(f"'{name}'" for name in self.sources)
