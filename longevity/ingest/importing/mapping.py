"""A mapping file: how the columns of one source become extracts of the contract.

`load_mapping` reads the TOML strictly; what each key does is in docs/import.md. The
reading of single columns is in `column_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, InstanceOf, ValidationInfo, model_validator

from longevity.base import toml_file
from longevity.base.errors import ConfigError
from longevity.base.toml_file import SettingError, Table, TomlFile, check_keys, one_of, refuse
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME, Column, Extract, Kind
from longevity.ingest.extracts_file import Days
from longevity.ingest.importing.column_rules import ColumnRule, Words
from longevity.settings import Settings
from longevity.settings.models import read_crs

ALWAYS_MISSING = frozenset({"", "n/a", "null", "nan", "#n/a"})
# The keys that only one extract may have.
EXTRACT_BY_KEY = {
    **dict.fromkeys(("crs", "point", "address"), "incidents"),
    **dict.fromkeys(("spread", "holds", "holds_weapons"), "victims"),
}


class SourceRule(Table):
    """`[source]`: how the file is written. Nothing given is found out from the file itself."""

    encoding: Annotated[str, one_of("utf-8", "utf-16", "windows-1252")] | None = None
    """`utf-8`, `utf-16`, `windows-1252`; else by the byte order mark, else UTF-8 when the whole
    file is, else Windows-1252 (and a remark)"""
    sheet: str | None = None
    """sheet of a workbook; else the first, and a remark where there are others"""
    header_row: Annotated[
        int, refuse(lambda row: row < 1, "must be 1 or more: the first row of the file is 1.")
    ] = 1
    """the row with the names of the columns; else 1"""
    missing: Annotated[Words, AfterValidator(lambda words: words | {""})] = ALWAYS_MISSING
    """`["", "NSA", "?"]`: words that mean "nothing", in any case; else empty, `N/A`, `NULL`, `NaN`,
    `#N/A`. A word in a value map is always read"""
    part: str | None = None
    """`"nightly"`: the name under which this source is kept; else the file's name. Give one when
    the file is called something else each time"""
    data_through: Days | None = None
    """`2018-03-31`: last day the source is complete for, of every city it has rows of; `{ east =
    2018-03-31, west = 2018-03-19 }` says it by city, for quiet cities too. `--data-through` wins"""
    data_from: Days | None = None
    """`2014-01-01`: first day the source is complete for, or by city as above. Rows before it are
    kept and counted nowhere; Sources counts those of incidents as left out, for who may
    read the rows. Of enforcement, invitations, services and which group shot it says from when
    their absence means something ([decision
    83](decisions/0083-before-a-file-begins-nothing-is-known.md))"""


class VictimCounts(Table):
    """The source's columns with the numbers of victims, where a row is an incident (`spread`)."""

    fatal: str
    nonfatal: str
    missing_is_zero: bool = False


def _check_crs(name: str) -> str:
    """Refuse a text that names no coordinate system, as "EPSG:2234" does."""
    read_crs(name, "Give a code such as EPSG:2234.")
    return name


def _check_held(words: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Refuse words of `holds` that are none of the contract's: ("fatal",) is one that is."""
    if not words:
        raise SettingError("is empty: it says that the source holds no one.")
    key = "outcomes" if info.field_name == "outcomes_held" else "weapons"
    return victim_coverage.check_words(words, key)


HeldWords = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(_check_held)] | None


class ExtractRule(Table):
    """How a row of the source becomes a row of one extract: a table of the mapping.

    `once_per_key`: several source rows may be about one incident, and are merged by its key;
    `spread`: victims are made from counts. The validation context has the `extract`, the rules of
    its `columns`, and `wants_victims`: whether each victim has a source row.
    """

    extract: InstanceOf[Extract] = Field(exclude=True)
    columns: dict[str, ColumnRule]
    once_per_key: bool
    only_when_given: str | None = None
    crs: Annotated[str, AfterValidator(_check_crs)] | None = None
    """`"EPSG:2234"`: the system of the coordinates, when they are not degrees"""
    point: str | None = None
    """`"location"`: the column with both coordinates, in the place of `longitude` and `latitude`:
    `(41.3, -72.9)`, `POINT (-72.9 41.3)`, GeoJSON, at its end. The order is the one that lies in
    the region of the cities"""
    address: str | None = None
    """the column with the address, block or crossing. It is read and never kept: it says which
    points are one place, however many rows lie on them"""
    spread: VictimCounts | None = None
    outcomes_held: HeldWords = Field(default=None, alias="holds")
    weapons_held: HeldWords = Field(default=None, alias="holds_weapons")

    @classmethod
    def prepare(cls, raw: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Refuse keys that this extract cannot have; return the table with what the context has.

        Incidents are `once_per_key` by default where each victim has a row.
        """
        extract: Extract = context["extract"]
        keys = [k for k in cls.list_keys() if EXTRACT_BY_KEY.get(k, extract.name) == extract.name]
        check_keys(raw, keys)
        joined = extract.name == "incidents" and context["wants_victims"]
        given = {"extract": extract, "columns": context["columns"]}
        return {"once_per_key": joined, **raw, **given}

    @model_validator(mode="after")
    def _check_consistent(self) -> ExtractRule:
        """Refuse a mapping in which two keys contradict each other, or say the same twice."""
        pair = [n for n in ("longitude", "latitude") if n in self.columns]
        counted = {"outcome", "victim_id"} & self.columns.keys()
        wrong = {
            "columns": (len(pair) == 1 or not all(self.columns[n].sources for n in pair))
            and "needs longitude and latitude both, each from a column.",
            "crs": self.crs and not self.has_place and "is given, but no coordinates are mapped.",
            "point": self.point and pair and "says what longitude and latitude say too.",
            "spread": self.spread
            and (counted or self.only_when_given)
            and "says what outcome, victim_id and only_when_given say too.",
        }
        for key, what in wrong.items():
            if what:
                raise SettingError(str(what), "", key)
        return self

    @property
    def holds(self) -> dict[str, tuple[str, ...]]:
        """Which victims the source lists at all: {"outcomes": ("fatal",)}; a key not in it: all.

        Where the mapping does not say it, a constant does: one that makes every victim fatal
        comes from a source that does not list the wounded.
        """
        result = {}
        for key, held in (("outcomes", self.outcomes_held), ("weapons", self.weapons_held)):
            column = self.columns.get(victim_coverage.COLUMNS[key])
            if held is not None:
                result[key] = held
            elif column is not None and column.constant not in (None, "unknown"):
                result[key] = (str(column.constant),)
        return result

    @property
    def has_place(self) -> bool:
        """Whether the mapping reads coordinates."""
        return self.point is not None or "longitude" in self.columns

    @property
    def sources(self) -> set[str]:
        """Every source column it reads."""
        names = {name for rule in self.columns.values() for name in rule.sources}
        names |= {self.spread.fatal, self.spread.nonfatal} if self.spread else set()
        return names | {n for n in (self.only_when_given, self.address, self.point) if n}

    @property
    def inherited(self) -> tuple[Column, ...]:
        """Required columns not mapped here, which another extract of the same row supplies.

        The city, and foreign keys: a victim's `incident_id` is that of the row's incident.
        """
        return tuple(
            c
            for c in self.extract.columns
            if c.required
            and c.name not in self.columns
            and (c.kind is Kind.CITY or (c.parent and c.parent[0] != self.extract.name))
        )


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file."""

    path: Path
    source: SourceRule
    extracts: dict[str, ExtractRule]

    @property
    def sources(self) -> set[str]:
        """Every source column the mapping reads."""
        return set().union(*(rule.sources for rule in self.extracts.values()))

    @property
    def primary(self) -> str:
        """The extract of which each source row is a row: refused rows are counted as its rows."""
        names = ["incidents"] if self.spread else []
        names += [name for name, rule in self.extracts.items() if not rule.once_per_key]
        return [*names, *self.extracts][0]

    @property
    def spread(self) -> VictimCounts | None:
        """The counts that become victims, when the source has them."""
        victims = self.extracts.get("victims")
        return victims.spread if victims is not None else None


def load_mapping(path: Path, settings: Settings) -> Mapping:
    """Read a mapping file; ConfigError with file, line, key and the nearest valid key if wrong."""
    file = toml_file.read_toml(path)
    root = file.table((), ("source", *BY_NAME))
    extracts = [extract for name, extract in BY_NAME.items() if name in root]
    if not extracts:
        raise ConfigError(
            f"{path}: no extract is mapped.", "Add a table such as [incidents.columns]."
        )
    wants_victims = "victims" in root and "spread" not in file.table(("victims",))
    rules = {
        extract.name: file.check(
            ExtractRule,
            (extract.name,),
            extract=extract,
            columns=_read_columns(file, extract, settings),
            wants_victims=wants_victims,
        )
        for extract in extracts
    }
    source = file.check(SourceRule, ("source",), settings=settings)
    for rule in rules.values():
        _check_complete(file, rules, rule)
    return Mapping(path, source, rules)


def _read_columns(file: TomlFile, extract: Extract, settings: Settings) -> dict[str, ColumnRule]:
    """Return the rules of an extract's columns, of those the mapping has."""
    columns = {column.name: column for column in extract.columns}
    keys = (extract.name, "columns")
    mapped = file.table(keys, columns)
    return {
        name: file.check(ColumnRule, (*keys, name), column=column, settings=settings)
        for name, column in columns.items()
        if name in mapped
    }


def _check_complete(file: TomlFile, rules: dict[str, ExtractRule], rule: ExtractRule) -> None:
    """Refuse a mapping in which nothing fills a required column of an extract (`rule`)."""
    if rule.spread is not None and "incidents" not in rules:
        what = "needs [incidents.columns] in the same file."
        raise file.error((("victims", "spread"), what, "A row with counts is an incident."))
    # The columns that are filled: from the source, made up, or by another extract of the row.
    made = {rule.extract.own_key, *rule.columns, "occurred_precision"}
    made |= {"outcome"} if rule.spread is not None else set()
    made |= {"city"} if any("city" in other.columns for other in rules.values()) else set()
    made |= {c.name for c in rule.inherited if c.parent and c.parent[0] in rules}
    for column in rule.extract.columns:
        if column.required and not column.has_unknown and column.name not in made:
            keys = (rule.extract.name, "columns")
            what = f"does not say where '{column.name}' comes from."
            do = (
                f'Write {column.name} = "a column of the source" or '
                f"{column.name} = {{ constant = … }} under [{'.'.join(keys)}]."
            )
            raise file.error((keys, what, do))
