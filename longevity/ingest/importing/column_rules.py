"""How one column of an extract is read from the source: the tables of a mapping."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from longevity import age_bands, labels
from longevity.ingest.contract import LONGEST_CODE, Column, Kind
from longevity.settings import Settings
from longevity.strict_toml import Table, suggest_nearest

NUMBER_FORMATS = ("excel", "excel_1904", "unix_days", "epoch_seconds", "epoch_milliseconds")
DATE_WORDS = ("iso", *NUMBER_FORMATS)
DATED = (Kind.DAY, Kind.MOMENT)
MOST_PATTERNS, LONGEST_PATTERN = 20, 100
RACE = "race_ethnicity"
ETHNICITY = Column("ethnicity", Kind.BOOLEAN, "Whether Hispanic.", required=False)
# How sources say whether somebody is Hispanic, beside yes and no.
ETHNICITIES = {
    **dict.fromkeys(("hispanic", "hispanic or latino", "hispanic/latino", "latino", "h"), True),
    **dict.fromkeys(("not hispanic", "not hispanic or latino", "non-hispanic"), False),
    **dict.fromkeys(("non hispanic", "not hispanic/latino", "non-hispanic/latino"), False),
}
UNKNOWN_ETHNICITIES = frozenset({"unknown", "unk", "u"})


@dataclass(frozen=True)
class ColumnRule:
    """One column: where it comes from and how it is read."""

    column: Column
    sources: tuple[str, ...] = ()
    constant: Any = None
    values: dict[str, Any] | None = None  # folded word -> value
    otherwise: Any = None  # for words not in `values`
    when_missing: Any = None
    missing: frozenset[str] = frozenset()
    unreadable_is_missing: bool = False
    formats: tuple[str, ...] = ("iso",)
    zone: ZoneInfo | None = None  # None: the local zone of the configuration
    z_is_local: bool | None = None  # None: nobody said
    midnight_is_unknown: bool | None = None
    prefix: str = ""
    coded: bool = False
    ages: bool = False
    ignore: str = ""
    ethnicity: ColumnRule | None = None  # whether Hispanic, where race is a column of its own


def fold_case(word: str) -> str:
    """Return a word as words are compared: without case and outer blanks."""
    return word.strip().casefold()


def read_texts(table: Table, key: str, default: Any) -> tuple[str, ...] | None:
    """Return a list of texts; one text alone counts as a list of one."""
    value = table.raw(key, default)
    if value is None:
        return None
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(i, str) for i in items):
        raise table.error(key, "must be text, or a list of texts.")
    return tuple(items)


def read_column(table: Table, column: Column, settings: Settings) -> ColumnRule:
    """Return the rule of one column: a source column's name, or a table of keys."""
    if isinstance(table.raw(column.name), str):
        return ColumnRule(column, (table.text(column.name),))
    inner = table.table(column.name)
    sources = read_texts(inner, "from", ()) or ()
    constant = inner.raw("constant", None)
    if bool(sources) == (constant is not None):
        raise table.error(column.name, "needs either 'from' or 'constant'.")
    if constant is not None:
        inner.finish()
        return ColumnRule(
            column, constant=_check_value(inner, "constant", constant, column, settings)
        )
    if len(sources) > 1 and column.kind not in (*DATED, Kind.CODE):
        raise inner.error("from", "takes one column here: only dates, times and codes join more.")
    options: dict[str, Any] = {
        "missing": frozenset(fold_case(w) for w in read_texts(inner, "missing", ()) or ()),
        "unreadable_is_missing": inner.choice("unreadable", ("refused", "missing"), "refused")
        == "missing",
    }
    if options["unreadable_is_missing"] and column.required and not column.has_unknown:
        raise inner.error("unreadable", "cannot be 'missing': the column is required.")
    if inner.has("when_missing"):
        word = inner.raw("when_missing")
        options["when_missing"] = _check_value(inner, "when_missing", word, column, settings)
    options.update(_read_kind_keys(inner, column, settings))
    inner.finish()
    return ColumnRule(column, sources, **options)


def _read_kind_keys(table: Table, column: Column, settings: Settings) -> dict[str, Any]:
    """Return the keys that only columns of this kind have."""
    if column.kind in DATED:
        return _read_dates(table, column)
    if column.kind is Kind.CODE:
        prefix = table.text("prefix", "")
        if not set(prefix) <= CODE_CHARACTERS or len(prefix) > LONGEST_CODE // 2:
            raise table.error("prefix", "may hold up to 32 letters, digits, - _ . and : only.")
        return {"prefix": prefix, "coded": table.boolean("coded", False)}
    if column.kind in (Kind.INTEGER, Kind.DECIMAL):
        return {"ignore": table.text("ignore", "")}
    return _read_words(table, column, settings)


CODE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")


def _read_words(table: Table, column: Column, settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if column.kind is Kind.BAND:
        options["ages"] = table.boolean("ages", False)
    if column.name == RACE and table.has(ETHNICITY.name):
        options["ethnicity"] = _read_ethnicity(table, settings)
    if table.has("values"):
        inner = table.table("values")
        values: dict[str, Any] = {}
        for word in inner.names():
            value = _check_value(inner, word, inner.raw(word), column, settings)
            if values.setdefault(fold_case(word), value) != value:
                raise inner.error(word, "is given twice with different values.")
        options["values"] = values
    if table.has("otherwise"):
        word = table.raw("otherwise")
        options["otherwise"] = _check_value(table, "otherwise", word, column, settings)
    return options


def _read_ethnicity(table: Table, settings: Settings) -> ColumnRule:
    """Return the rule of the column that says whether somebody is Hispanic."""
    rule = read_column(table, ETHNICITY, settings)
    if not rule.sources:
        raise table.error(ETHNICITY.name, "needs 'from': of a constant there is nothing to read.")
    return replace(
        rule,
        values=ETHNICITIES | (rule.values or {}),
        missing=rule.missing | UNKNOWN_ETHNICITIES,
    )


def _read_dates(table: Table, column: Column) -> dict[str, Any]:
    formats = read_texts(table, "format", ("iso",)) or ()
    if not formats:
        raise table.error("format", "is empty.", suggest_nearest("iso", DATE_WORDS))
    if len(formats) > MOST_PATTERNS:
        raise table.error("format", f"lists more than {MOST_PATTERNS} patterns.")
    for pattern in formats:
        if wrong := labels.find_label_problem(pattern, LONGEST_PATTERN):
            raise table.error("format", f"{wrong}.")
        if "%" not in pattern and pattern not in DATE_WORDS:
            raise table.error(
                "format",
                f"is '{pattern}', neither a pattern such as %m/%d/%Y nor a known word.",
                suggest_nearest(pattern, DATE_WORDS),
            )
        if "%" in pattern:
            _check_pattern(table, pattern)
    _check_one_reading(table, formats)
    options: dict[str, Any] = {
        "formats": formats,
        "z_is_local": table.boolean("z_is_local", None),
        "zone": table.zone("time_zone", "UTC", None),
    }
    if column.kind is Kind.MOMENT:
        options["midnight_is_unknown"] = table.boolean("midnight_is_unknown", None)
    return options


def _check_pattern(table: Table, pattern: str) -> None:
    """Refuse a pattern that does not give a whole date back when a date is written with it."""
    sample, another_year = datetime(2013, 11, 28), datetime(2014, 11, 28)
    yearless = sample.strftime(pattern) == another_year.strftime(pattern)
    # A day without a year is read differently from one Python to the next: it is given one.
    readable = f"%Y {pattern}" if yearless else pattern
    try:
        text = sample.strftime(readable.replace("%z", "+0000"))
        back = pd.to_datetime(text, format=readable, utc=True)
    except (ValueError, TypeError, re.error) as error:  # the last where a part is there twice
        raise table.error(
            "format", f"is '{pattern}', which cannot be read as a date pattern."
        ) from error
    if yearless or back.date() != sample.date():
        raise table.error("format", f"is '{pattern}', which does not hold a whole date.")


def _check_one_reading(table: Table, formats: Iterable[str]) -> None:
    """Refuse patterns of which two read one text as two days: the first listed would decide."""
    patterns = ["%Y-%m-%d" if each == "iso" else each for each in formats]
    patterns = [pattern.replace("%z", "+0000") for pattern in patterns if "%" in pattern]
    sample = datetime(2013, 3, 5, 13, 20)
    for one, other in itertools.permutations(patterns, 2):
        back = pd.to_datetime(sample.strftime(one), format=other, errors="coerce")
        if not pd.isna(back) and back.date() != sample.date():
            raise table.error(
                "format",
                f"holds '{one}' and '{other}', which read '{sample.strftime(one)}' as two "
                "different days.",
                "Keep the one the source writes; if it writes both, ask for one of them.",
            )


def _check_value(table: Table, key: str, value: Any, column: Column, settings: Settings) -> Any:
    """Check a constant, or the target of a value map, against what the column holds."""
    kinds_by_kind: dict[Kind, tuple[tuple[type, ...], str]] = {
        Kind.BOOLEAN: ((bool,), "true or false"),
        Kind.INTEGER: ((int,), "a whole number"),
        Kind.DECIMAL: ((int, float), "a number"),
        Kind.DAY: ((date,), "a date such as 2014-04-01"),
        Kind.MOMENT: ((date,), "a date, or a date with a time"),
    }
    kinds, noun = kinds_by_kind.get(column.kind, ((str,), "text"))
    wrong = not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)
    if wrong or (column.kind is Kind.DAY and isinstance(value, datetime)):
        raise table.error(key, f"must be {noun}.")
    if column.kind is Kind.CHOICE:
        _check_choice(table, key, value, column.choices)
    if column.kind is Kind.BAND:
        return _check_band(table, key, value)
    if column.kind is Kind.CITY:
        _check_choice(table, key, value, settings.cities)
    if column.kind is Kind.CODE and not (
        set(value) <= CODE_CHARACTERS and 0 < len(value) <= LONGEST_CODE
    ):
        raise table.error(key, "must be letters, digits, - _ . and : only, 64 at most.")
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise table.error(key, "must be local, without a time zone.")
    return value


def _check_band(table: Table, key: str, value: str) -> str:
    band = age_bands.parse_band(value)
    if band is None:
        raise table.error(key, f"gives '{value}', which is no age band.", age_bands.EXAMPLES)
    return band


def _check_choice(table: Table, key: str, value: str, valid: Iterable[str]) -> None:
    words = list(valid)
    if value not in words:
        raise table.error(key, f"gives '{value}'.", suggest_nearest(value, words))
