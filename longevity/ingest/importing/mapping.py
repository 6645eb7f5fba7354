"""A mapping file: how the columns of one source become extracts of the contract.

`load` reads the TOML strictly; what each key does is in docs/import.md. The
reading of single columns is in `column_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
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

from longevity.errors import ConfigError
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME, Column, Extract, Kind
from longevity.ingest.extracts_file import Days
from longevity.ingest.importing.column_rules import ColumnRule, Texts, Words
from longevity.settings import Settings, toml_file
from longevity.settings.toml_file import (
    Point,
    SettingError,
    Table,
    TomlFile,
    check_keys,
    one_of,
    read_zone,
    refuse,
)

ALWAYS_MISSING = frozenset({"", "n/a", "null", "nan", "#n/a"})
# The keys that one extract alone has.
EXTRACT_BY_KEY = {
    **dict.fromkeys(("crs", "point", "address", "piled_points", "grouped_by"), "incidents"),
    **dict.fromkeys(("spread", "holds", "holds_weapons"), "victims"),
}
# What says the same as a key.
TWICE = {
    "point": "longitude and latitude",
    "grouped_by": "incident_id",
    "spread": "outcome or victim_id",
    "only_when_given": "spread",
}


class SourceRule(Table):
    """`[source]`: how the file is written. Nothing given is found out from the file itself."""

    format: Annotated[str, one_of("csv", "xlsx", "parquet")] | None = None
    """`csv`, `xlsx` or `parquet`; else the first bytes tell"""
    encoding: (
        Annotated[
            str,
            one_of("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1"),
        ]
        | None
    ) = None
    """`utf-8`, `utf-16`, `utf-16-le`, `utf-16-be`, `windows-1252`, `iso-8859-1`; else by the byte
    order mark, else UTF-8 when the whole file is, else Windows-1252 (and a remark)"""
    delimiter: (
        Annotated[
            str,
            refuse(
                lambda sign: len(sign) != 1 or sign in '"\r\n',
                "must be one character, such as ';' or a tab.",
            ),
        ]
        | None
    ) = None
    """`";"`; else the one of `,` `;` tab `\\|` by which your columns are found"""
    sheet: str | None = None
    """sheet of a workbook; else the first, and a remark where there are others"""
    header_row: Annotated[
        int, refuse(lambda row: row < 1, "must be 1 or more: the first row of the file is 1.")
    ] = 1
    """the row the column names stand in; else 1"""
    names: Annotated[
        Texts, refuse(lambda names: len(set(names)) < len(names), "gives one name twice.")
    ] = ()
    """`["id", "date"]`: column names of a file without a header; `header_row` is then the first row
    of data"""
    missing: Annotated[Words, AfterValidator(lambda words: words | {""})] = ALWAYS_MISSING
    """`["", "NSA", "?"]`: words that mean "nothing", in any case; else empty, `N/A`, `NULL`, `NaN`,
    `#N/A`. A word in a value map is always read"""
    decimal: Annotated[str, one_of(".", ",")] = "."
    """decimal sign of coordinates and numbers; else `.`"""
    part: str | None = None
    """`"nightly"`: the name under which this source is kept; else the file's name. Give one when
    the file is called something else each time"""
    local_time_zone: Annotated[ZoneInfo, read_zone("America/Denver")]
    """`"America/Denver"`: the zone the places of this file lie in: times with an offset become its
    local time; else the program's `time_zone`"""
    data_through: Days | None = None
    """`2018-03-31`: last day the source is complete for, of every city it has rows of; `{ east =
    2018-03-31, west = 2018-03-19 }` says it by city, for quiet cities too. `--data-through` wins"""
    data_from: Days | None = None
    """`2014-01-01`: first day the source is complete for, or by city as above. Rows before it are
    kept and counted nowhere; Sources counts those of incidents as left out, for who may
    read the rows. Of enforcement, invitations, services and which group shot it says from when
    their absence means something ([decision
    83](decisions/0083-before-a-file-begins-nothing-is-known.md))"""

    @classmethod
    def prepare(cls, raw: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Return the table with the program's zone where it names none."""
        zone = context["settings"].time_zone.key
        return super().prepare({"local_time_zone": zone} | raw, context)


class PointRule(Table):
    """One source column that holds both coordinates."""

    column: str = Field(alias="from")
    order: Annotated[str, one_of("detected", "latitude_first", "longitude_first")] = "detected"


class VictimCounts(Table):
    """Counts that become victims: `total` stands in for `nonfatal` when given."""

    fatal: str | None = None
    nonfatal: str | None = None
    total: str | None = None
    missing_is_zero: bool = False

    @model_validator(mode="after")
    def _check_counts(self) -> VictimCounts:
        if not self.sources:
            raise SettingError('is empty: give fatal = "…" and nonfatal = "…".')
        if self.total is not None and (self.nonfatal is not None or self.fatal is None):
            raise SettingError("takes total only together with fatal, and without nonfatal.")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns that hold the counts."""
        return tuple(c for c in (self.fatal, self.nonfatal, self.total) if c is not None)

    @property
    def counts_one(self) -> bool:
        """Whether it counts the killed alone, or the wounded alone."""
        return len(self.sources) == 1


def _check_crs(name: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(name)
    except CRSError:
        raise SettingError(
            f"is '{name}', which is unknown.", "Give a code such as EPSG:2234."
        ) from None
    return name


def _check_held(words: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    key = "outcomes" if info.field_name == "outcomes_held" else "weapons"
    if not words:
        raise SettingError("is empty: it says that the source holds nobody.")
    return victim_coverage.check_words(words, key)


Held = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(_check_held)] | None


class ExtractRule(Table):
    """How a row of the source becomes a row of one extract.

    The context has the `extract`, the rules of its `columns`, and `wants_victims`: whether the
    mapping makes victims of rows of their own, so that several may be of one incident.
    """

    extract: InstanceOf[Extract] = Field(exclude=True)
    columns: dict[str, ColumnRule]
    once_per_key: bool
    on_conflict: Annotated[str, one_of("separate", "refuse")] = "separate"
    only_when_given: str | None = None
    crs: Annotated[str, AfterValidator(_check_crs)] | None = None
    """`"EPSG:2234"`: the system of the coordinates, when they are not degrees"""
    point: (
        Annotated[
            PointRule, BeforeValidator(lambda raw: {"from": raw} if isinstance(raw, str) else raw)
        ]
        | None
    ) = None
    """`{ from = "location", order = "latitude_first" }`: both coordinates in one column: `(41.3,
    -72.9)`, `POINT (-72.9 41.3)`, GeoJSON. `order` is for bare pairs: `latitude_first`,
    `longitude_first`, or `detected` (the default: the order that lies in the region of the
    cities)"""
    address: str | None = None
    """the column with the address, block or crossing. It is read and never kept: it says which
    points are one place, however many rows lie on them"""
    piled_points: Annotated[tuple[Point, ...], Field(strict=False)] = ()
    """`[[-72.923, 41.3048]]`: coordinates ([longitude, latitude]) that stand for "somewhere in the
    city", no place of it"""
    grouped_by: Texts = ()
    """`["date", "time", "block"]`, without a key: rows that agree in these columns are one
    incident"""
    spread: VictimCounts | None = None
    outcomes_held: Held = Field(default=None, alias="holds")
    weapons_held: Held = Field(default=None, alias="holds_weapons")

    @classmethod
    def prepare(cls, raw: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Refuse keys that this extract has not; return the table with all that is not in it."""
        extract: Extract = context["extract"]
        keys = [k for k in cls.list_keys() if EXTRACT_BY_KEY.get(k, extract.name) == extract.name]
        check_keys(raw, keys)
        joined = extract.name == "incidents" and context["wants_victims"]
        given = {"extract": extract, "columns": context["columns"]}
        return {"once_per_key": joined, **raw, **given}

    @model_validator(mode="after")
    def _check_consistent(self) -> ExtractRule:
        found = next(self._find_contradictions(), None)
        if found:
            raise SettingError(found[1], "", found[0])
        return self

    def _find_contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what contradicts something else: the key, and why."""
        columns, spread = self.columns, self.spread
        pair = [name for name in ("longitude", "latitude") if name in columns]
        if len(pair) == 1:
            yield "columns", f"maps '{pair[0]}' without the other coordinate."
        if not all(columns[name].sources for name in pair):
            yield "columns", "gives a coordinate as a constant: a place is of one row."
        if self.crs is not None and not self.has_place:
            yield "crs", "is given, but no coordinates are mapped."
        for key in ("on_conflict", "grouped_by"):
            if key in self.model_fields_set and not self.once_per_key:
                yield key, "needs once_per_key = true: several rows of one key."
        twice = {
            "point": self.point is not None and pair,
            "grouped_by": self.grouped_by and "incident_id" in columns,
            "spread": spread is not None and {"outcome", "victim_id"} & columns.keys(),
            "only_when_given": spread is not None and self.only_when_given,
        }
        for key in filter(twice.get, twice):
            yield key, f"says what {TWICE[key]} says too: keep one of them."

    @property
    def holds(self) -> dict[str, tuple[str, ...]]:
        """What the source holds of victims, by the key of `extracts.toml`; nothing said: all.

        Where it is not said, a constant says it: a mapping that makes nobody but the killed
        knows nothing of the wounded.
        """
        result = {}
        for key, held in (("outcomes", self.outcomes_held), ("weapons", self.weapons_held)):
            column = self.columns.get(victim_coverage.COLUMNS[key])
            if held is not None:
                result[key] = held
            elif column is not None and column.constant not in (None, "unknown"):
                result[key] = (str(column.constant),)
        if self.spread is not None and self.spread.counts_one and self.outcomes_held is None:
            result["outcomes"] = ("fatal",) if self.spread.fatal is not None else ("nonfatal",)
        return result

    @property
    def has_place(self) -> bool:
        """Whether coordinates are made."""
        return self.point is not None or "longitude" in self.columns

    @property
    def sources(self) -> set[str]:
        """Every source column it reads."""
        rules = [*self.columns.values()]
        rules += [rule.ethnicity for rule in rules if rule.ethnicity is not None]
        names: set[str | None] = {name for rule in rules for name in rule.sources}
        names.update(self.grouped_by, self.spread.sources if self.spread else ())
        names |= {self.only_when_given, self.address, self.point.column if self.point else None}
        return {name for name in names if name is not None}

    @property
    def inherited(self) -> tuple[Column, ...]:
        """Required columns not mapped here that another extract of the row supplies."""
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
        """The extract of which a source row is one row; refused rows count for it."""
        if "victims" in self.extracts and self.extracts["victims"].spread is not None:
            return "incidents"
        for name, rule in self.extracts.items():
            if not rule.once_per_key:
                return name
        return next(iter(self.extracts))

    @property
    def spread(self) -> VictimCounts | None:
        """The counts that become victims, when the source has them."""
        victims = self.extracts.get("victims")
        return victims.spread if victims is not None else None


def load_mapping(path: Path, settings: Settings) -> Mapping:
    """Read a mapping file; a ConfigError names file, line, key and the nearest valid one."""
    file = toml_file.read_toml(path)
    root = file.table((), ("source", *BY_NAME))
    extracts = [name for name in BY_NAME if name in root]
    source = file.check(SourceRule, ("source",), settings=settings)
    if not extracts:
        raise ConfigError(
            f"{path}: no extract is mapped.", "Add a table such as [incidents.columns]."
        )
    wants_victims = "victims" in extracts and "spread" not in file.table(("victims",))
    mapping = Mapping(
        path,
        source,
        {
            name: file.check(
                ExtractRule,
                (name,),
                extract=BY_NAME[name],
                columns=_read_columns(file, BY_NAME[name], settings),
                wants_victims=wants_victims,
            )
            for name in extracts
        },
    )
    for rule in mapping.extracts.values():
        _check_complete(file, mapping, rule)
    return mapping


def _read_columns(file: TomlFile, extract: Extract, settings: Settings) -> dict[str, ColumnRule]:
    columns = {column.name: column for column in extract.columns}
    keys = (extract.name, "columns")
    mapped = file.table(keys, columns)
    return {
        name: file.check(ColumnRule, (*keys, name), column=column, settings=settings)
        for name, column in columns.items()
        if name in mapped
    }


def _check_complete(file: TomlFile, mapping: Mapping, rule: ExtractRule) -> None:
    """Refuse a mapping that could never fill a required column."""
    if rule.spread is not None and "incidents" not in mapping.extracts:
        what = "needs [incidents.columns] in the same file."
        raise file.error((("victims", "spread"), what, "A row with counts is an incident."))
    made = {rule.extract.own_key, *rule.columns}
    if rule.spread is not None:
        made.add("outcome")
    if "occurred_at" in rule.columns:
        made.add("occurred_precision")
    if any("city" in other.columns for other in mapping.extracts.values()):
        made.add("city")
    for column in rule.extract.columns:
        foreign = column in rule.inherited and column.parent and column.parent[0]
        if column.name in made or not column.required or column.has_unknown:
            continue
        if foreign in mapping.extracts:
            continue
        keys = (rule.extract.name, "columns")
        what = f"does not say where '{column.name}' comes from."
        do = (
            f'Write {column.name} = "a column of the source" or '
            f"{column.name} = {{ constant = … }} under [{'.'.join(keys)}]."
        )
        raise file.error((keys, what, do))
