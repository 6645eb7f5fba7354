"""How one column of an extract is read from the source: the tables of a mapping.

`make docs` writes the table of docs/import.md from `ColumnRule`.
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

from longevity import age_bands
from longevity.errors import suggest_nearest
from longevity.ingest.contract import LONGEST_CODE, Column, Kind
from longevity.settings.toml_file import SettingError, Table, check_keys, one_of, read_zone, refuse

NUMBER_FORMATS = ("excel", "excel_1904", "unix_days", "epoch_seconds", "epoch_milliseconds")
DATE_WORDS = ("iso", *NUMBER_FORMATS)
DATED = (Kind.DAY, Kind.MOMENT)
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
WORDS = (Kind.CITY, Kind.TEXT, Kind.CHOICE, Kind.BAND, Kind.BOOLEAN)
CODE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")
RACE = "race_ethnicity"
ETHNICITY = Column("ethnicity", Kind.BOOLEAN, "Whether Hispanic.", required=False)
# How sources say whether somebody is Hispanic, beside yes and no.
ETHNICITIES = {
    **dict.fromkeys(("hispanic", "hispanic or latino", "hispanic/latino", "latino", "h"), True),
    **dict.fromkeys(("not hispanic", "not hispanic or latino", "non-hispanic"), False),
    **dict.fromkeys(("non hispanic", "not hispanic/latino", "non-hispanic/latino"), False),
}
UNKNOWN_ETHNICITIES = frozenset({"unknown", "unk", "u"})
# The keys that not every column has, and the kinds that have them.
KINDS_BY_KEY = {
    "format": DATED,
    "time_zone": DATED,
    "z_is_local": DATED,
    "midnight_is_unknown": (Kind.MOMENT,),
    "prefix": (Kind.CODE,),
    "coded": (Kind.CODE,),
    "ignore": NUMBERS,
    "values": WORDS,
    "otherwise": WORDS,
    "ages": (Kind.BAND,),
}
# What a constant, or the target of a value map, is in TOML; text where the kind is not here.
TYPES_BY_KIND: dict[Kind, tuple[tuple[type, ...], str]] = {
    Kind.BOOLEAN: ((bool,), "true or false"),
    Kind.INTEGER: ((int,), "a whole number"),
    Kind.DECIMAL: ((int, float), "a number"),
    Kind.DAY: ((date,), "a date such as 2014-04-01"),
    Kind.MOMENT: ((date,), "a date, or a date with a time"),
}


def fold_case(word: str) -> str:
    """Return a word as words are compared: without case and outer blanks."""
    return word.strip().casefold()


def _read_texts(value: Any) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise SettingError("must be text, or a list of texts.")
    return tuple(items)


def _fold_words(value: Any) -> frozenset[str]:
    return frozenset(map(fold_case, _read_texts(value)))


def _check_sources(sources: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if len(sources) > 1 and _column(info).kind not in (*DATED, Kind.CODE):
        raise SettingError("takes one column here: only dates, times and codes join more.")
    return sources


def _check_unreadable(word: str, info: ValidationInfo) -> str:
    column = _column(info)
    if word == "missing" and column.required and not column.has_unknown:
        raise SettingError("cannot be 'missing': the column is required.")
    return word


def _read_values(words: Mapping[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Return what words mean, by the words folded."""
    values: dict[str, Any] = {}
    for word, meant in words.items():
        try:
            value = _check_value(meant, info)
        except SettingError as error:
            raise SettingError(error.what, error.do, word) from None
        if values.setdefault(fold_case(word), value) != value:
            raise SettingError("is given twice with different values.", "", word)
    return values


def _check_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    if not formats:
        raise SettingError("is empty.", suggest_nearest("iso", DATE_WORDS))
    for pattern in formats:
        if "%" in pattern:
            _check_pattern(pattern)
        elif pattern not in DATE_WORDS:
            raise SettingError(
                f"is '{pattern}', neither a pattern such as %m/%d/%Y nor a known word.",
                suggest_nearest(pattern, DATE_WORDS),
            )
    for one, other in itertools.permutations(formats, 2):
        _check_one_reading(one, other)
    return formats


def _read_back(day: datetime, written: str, read: str) -> date | None:
    """Return the day that a pattern reads where another one wrote a day; None where none."""
    try:
        return datetime.strptime(day.strftime(written), read).date()
    except (ValueError, re.error):  # the last where a part is there twice
        return None


def _check_pattern(pattern: str) -> None:
    """Refuse a pattern that does not give a whole date back when a date is written with it."""
    sample = datetime(2013, 11, 28, tzinfo=UTC)
    if _read_back(sample, pattern, pattern) != sample.date():
        raise SettingError(f"is '{pattern}', which cannot be read back as a whole date.")


def _check_one_reading(one: str, other: str) -> None:
    """Refuse patterns that read one text as two days: the first listed would decide."""
    sample = datetime(2013, 3, 5, 13, 20, tzinfo=UTC)
    one, other = ("%Y-%m-%d" if pattern == "iso" else pattern for pattern in (one, other))
    if "%" in one and _read_back(sample, one, other) not in (None, sample.date()):
        raise SettingError(
            f"holds '{one}' and '{other}', which read '{sample.strftime(one)}' as two "
            "different days.",
            "Keep the one the source writes; if it writes both, ask for one of them.",
        )


def _check_value(value: Any, info: ValidationInfo) -> Any:
    """Check a constant, or the target of a value map, against what the column holds."""
    column = _column(info)
    types, noun = TYPES_BY_KIND.get(column.kind, ((str,), "text"))
    wrong = not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
    if wrong or (column.kind is Kind.DAY and isinstance(value, datetime)):
        raise SettingError(f"must be {noun}.")
    if column.kind is Kind.BAND:
        band = age_bands.parse_band(value)
        if band is None:
            raise SettingError(f"gives '{value}', which is no age band.", age_bands.EXAMPLES)
        return band
    cities = (info.context or {})["settings"].cities
    choices = {Kind.CHOICE: column.choices, Kind.CITY: list(cities)}.get(column.kind)
    if choices is not None and value not in choices:
        raise SettingError(f"gives '{value}'.", suggest_nearest(value, choices))
    if column.kind is Kind.CODE and not (
        set(value) <= CODE_CHARACTERS and 0 < len(value) <= LONGEST_CODE
    ):
        raise SettingError("must be letters, digits, - _ . and : only, 64 at most.")
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise SettingError("must be local, without a time zone.")
    return value


def _read_ethnicity(raw: Any, info: ValidationInfo) -> ColumnRule:
    """Return the rule of the column that says whether somebody is Hispanic."""
    rule = ColumnRule.model_validate(raw, context={**(info.context or {}), "column": ETHNICITY})
    if not rule.sources:
        raise SettingError("needs 'from': of a constant there is nothing to read.")
    values = ETHNICITIES | (rule.values or {})
    return rule.model_copy(update={"values": values, "missing": rule.missing | UNKNOWN_ETHNICITIES})


def _column(info: ValidationInfo) -> Column:
    column: Column = (info.context or {})["column"]
    return column


Texts = Annotated[tuple[str, ...], BeforeValidator(_read_texts)]
Words = Annotated[frozenset[str], BeforeValidator(_fold_words)]
Value = Annotated[Any, AfterValidator(_check_value)]


class ColumnRule(Table):
    """One column: where it comes from and how it is read. The `column` is in the context."""

    column: InstanceOf[Column] = Field(exclude=True)
    sources: Annotated[Texts, AfterValidator(_check_sources)] = Field(default=(), alias="from")
    """the source's column, `from = "town"`; a list joins several: dates and times with a blank (see
    below), codes with `-`"""
    constant: Value = None
    """the same in each row, instead of `from`: `constant = "firearm"`"""
    missing: Words = frozenset()
    """more words that mean "nothing" in this column: `missing = ["999"]`"""
    when_missing: Value = None
    """the value when there is nothing: `when_missing = "unknown"`"""
    unreadable: Annotated[str, one_of("refused", "missing"), AfterValidator(_check_unreadable)] = (
        "refused"
    )
    """`"missing"`: a value of an optional column that cannot be read leaves the cell empty, counted
    in a remark; else the row is refused"""
    values: Annotated[dict[str, Any], AfterValidator(_read_values)] | None = None
    """of words, cities, texts, yes and no: source word = contract word, in any case: `values = { Y
    = "fatal", N = "nonfatal" }`"""
    otherwise: Value = None
    """of the same: for words that are neither in `values` nor the contract's: `otherwise =
    "unknown"`"""
    ages: bool = False
    """of `age_band`: an age in years, from 1 to 97, becomes one of the bands 0-14, 15-17, 18-24,
    25-29, 30-34, 35-44, 45-54, 55+; 0, 98 and 99 are codes for unknown in many files, so their rows
    are refused until `missing` or `values` says what they are"""
    ethnicity: Annotated[Any, AfterValidator(_read_ethnicity)] = None
    """of `race_ethnicity`: the column that says whether somebody is Hispanic, where race is one of
    its own (see *Race and ethnicity*): `ethnicity = "Ethnicity"`"""
    formats: Annotated[Texts, AfterValidator(_check_formats)] = Field(
        default=("iso",), alias="format"
    )
    """of dates and times: how they are written, `format = ["%m/%d/%Y %H:%M", "%m/%d/%Y"]`: see
    below"""
    zone: Annotated[ZoneInfo | None, read_zone("UTC")] = Field(default=None, alias="time_zone")
    """of dates and times: the zone of those that carry none; else local: `time_zone = "UTC"`"""
    z_is_local: bool | None = None
    """of dates and times: whether a `Z`, an offset or an epoch is really local time; `false`: it is
    what it says"""
    midnight_is_unknown: bool | None = None
    """of `occurred_at`: whether 00:00 means that nobody knows the hour: precision `day`"""
    prefix: Annotated[
        str,
        refuse(
            lambda prefix: not set(prefix) <= CODE_CHARACTERS or len(prefix) > LONGEST_CODE // 2,
            "may hold up to 32 letters, digits, - _ . and : only.",
        ),
    ] = ""
    """of codes: put before each: `prefix = "gva-"`"""
    coded: bool = False
    """of codes: makes an opaque one of a record number (see *Keys*)"""
    ignore: str = ""
    """of numbers: letters left out before reading: `ignore = "$,"`"""

    @model_validator(mode="before")
    @classmethod
    def _read_name(cls, raw: Any) -> Any:
        """Return a column's name alone as the table that it stands for."""
        return {"from": raw} if isinstance(raw, str) else raw

    @classmethod
    def prepare(cls, raw: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Refuse the keys that this kind of column has not; return the table with its column."""
        column: Column = context["column"]
        known = [
            key
            for key in cls.list_keys()
            if column.kind in KINDS_BY_KEY.get(key, (column.kind,))
            and (key != ETHNICITY.name or column.name == RACE)
        ]
        check_keys(raw, ("from", "constant") if "constant" in raw else known)
        if (raw.get("from", []) != []) == ("constant" in raw):
            raise SettingError("needs either 'from' or 'constant'.")
        return {**raw, "column": column}
