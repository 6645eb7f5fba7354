"""A mapping file: how the columns of one source become extracts of the contract.

`load` reads the TOML strictly; what each key does is in docs/import.md. The
reading of single columns is in `column_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from longevity import strict_toml
from longevity.errors import ConfigError
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME, Column, Extract, Kind
from longevity.ingest.importing.column_rules import ColumnRule, read_column, read_texts
from longevity.settings import Settings
from longevity.strict_toml import Table, suggest_nearest

FORMATS = ("csv", "xlsx", "parquet")
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1")
ALWAYS_MISSING = ("", "n/a", "null", "nan", "#n/a")
ON_CONFLICT = ("separate", "refuse")
ORDERS = ("detected", "latitude_first", "longitude_first")
HOLDS = {"holds": "outcomes", "holds_weapons": "weapons"}  # key of [victims]: of extracts.toml


@dataclass(frozen=True)
class SourceRule:
    """How the file is written. Nothing given is found out from the file itself."""

    format: str | None
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int
    names: tuple[str, ...]
    missing: frozenset[str]
    decimal: str
    part: str | None
    data_through: date | dict[str, date] | None
    data_from: date | dict[str, date] | None
    local_time_zone: ZoneInfo  # of the places of its rows


@dataclass(frozen=True)
class PointRule:
    """One source column that holds both coordinates."""

    column: str
    order: str


@dataclass(frozen=True)
class VictimCounts:
    """Counts that become victims: `total` stands in for `nonfatal` when given."""

    fatal: str | None
    nonfatal: str | None
    total: str | None
    missing_is_zero: bool

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns that hold the counts."""
        return tuple(c for c in (self.fatal, self.nonfatal, self.total) if c is not None)

    @property
    def counts_one(self) -> bool:
        """Whether it counts the killed alone, or the wounded alone."""
        return len(self.sources) == 1


@dataclass(frozen=True)
class ExtractRule:
    """How a row of the source becomes a row of one extract."""

    extract: Extract
    columns: dict[str, ColumnRule]
    once_per_key: bool = False
    on_conflict: str = "separate"
    only_when_given: str | None = None
    crs: str | None = None
    point: PointRule | None = None
    piled_points: tuple[tuple[float, float], ...] = ()
    address: str | None = None
    grouped_by: tuple[str, ...] = ()
    spread: VictimCounts | None = None
    holds: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def has_place(self) -> bool:
        """Whether coordinates are made."""
        return self.point is not None or "longitude" in self.columns

    @property
    def sources(self) -> set[str]:
        """Every source column it reads."""
        rules = [*self.columns.values()]
        rules += [rule.ethnicity for rule in rules if rule.ethnicity is not None]
        names = {name for rule in rules for name in rule.sources}
        names.update(self.grouped_by)
        if self.only_when_given is not None:
            names.add(self.only_when_given)
        if self.address is not None:
            names.add(self.address)
        if self.point is not None:
            names.add(self.point.column)
        if self.spread is not None:
            names.update(self.spread.sources)
        return names

    @property
    def inherited(self) -> tuple[Column, ...]:
        """Required columns not mapped here that another extract of the row supplies."""
        return tuple(
            c
            for c in self.extract.columns
            if c.required
            and c.name not in self.columns
            and (c.kind is Kind.CITY or _find_foreign(self.extract, c) is not None)
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


def is_derivable(extract: Extract) -> bool:
    """Return whether a missing key can be made up: it is one code that nothing else defines."""
    if len(extract.key) != 1:
        return False
    column = extract.column(extract.key[0])
    return column.kind is Kind.CODE and column.references is None


def has_unknown(column: Column) -> bool:
    """Return whether a missing value of this column is said by the word `unknown`."""
    return column.required and column.has_unknown


def _find_foreign(extract: Extract, column: Column) -> str | None:
    """Return the other extract whose key this column repeats."""
    if column.references is None:
        return None
    other = column.references.partition(".")[0]
    return other if other != extract.name else None


def load_mapping(path: Path, settings: Settings) -> Mapping:
    """Read a mapping file; a ConfigError names file, key and the nearest valid one."""
    root = strict_toml.load_toml(path)
    source = _read_source(root.table("source", {}), settings)
    names = [name for name in BY_NAME if root.has(name)]
    root.finish()
    if not names:
        raise ConfigError(
            f"{path}: no extract is mapped.", "Add a table such as [incidents.columns]."
        )
    wants_victims = "victims" in names and not root.table("victims").has("spread")
    extracts = {
        name: _read_extract(BY_NAME[name], root.table(name), settings, wants_victims)
        for name in names
    }
    mapping = Mapping(path, source, extracts)
    for rule in extracts.values():
        _check_complete(mapping, rule)
    return mapping


def _read_source(table: Table, settings: Settings) -> SourceRule:
    delimiter = table.text("delimiter", None)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise table.error("delimiter", "must be one character, such as ';' or a tab.")
    header_row = table.integer("header_row", 1)
    if header_row < 1:
        raise table.error("header_row", "must be 1 or more: the first row of the file is 1.")
    words = read_texts(table, "missing", None)
    missing = ALWAYS_MISSING if words is None else ("", *words)
    rule = SourceRule(
        format=table.choice("format", FORMATS, None),
        encoding=table.choice("encoding", ENCODINGS, None),
        delimiter=delimiter,
        sheet=table.text("sheet", None),
        header_row=header_row,
        names=read_texts(table, "names", ()) or (),
        missing=frozenset(word.strip().casefold() for word in missing),
        decimal=table.choice("decimal", (".", ","), "."),
        part=table.text("part", None),
        data_through=_read_days(table, "data_through", settings),
        data_from=_read_days(table, "data_from", settings),
        local_time_zone=table.zone("local_time_zone", "America/Denver", settings.time_zone),
    )
    if len(set(rule.names)) != len(rule.names):
        raise table.error("names", "gives one name twice.")
    table.finish()
    return rule


def _read_days(table: Table, key: str, settings: Settings) -> date | dict[str, date] | None:
    """Return one day for every city, or a day by city."""
    value = table.raw(key, None)
    if not isinstance(value, dict):
        day: date | None = table.day(key, None)
        return day
    cities = table.table(key)
    days = {city: cities.day(city) for city in settings.cities if cities.has(city)}
    cities.finish()
    return days


def _read_extract(
    extract: Extract, table: Table, settings: Settings, wants_victims: bool
) -> ExtractRule:
    columns = _read_columns(extract, table, settings)
    is_incidents = extract.name == "incidents"
    spread = _read_spread(table) if extract.name == "victims" else None
    rule = ExtractRule(
        extract=extract,
        columns=columns,
        once_per_key=table.boolean("once_per_key", is_incidents and wants_victims),
        on_conflict=table.choice("on_conflict", ON_CONFLICT, "separate"),
        only_when_given=table.text("only_when_given", None),
        crs=_read_crs(table) if is_incidents else None,
        point=_read_point_rule(table) if is_incidents else None,
        piled_points=_read_piled_points(table) if is_incidents else (),
        address=table.text("address", None) if is_incidents else None,
        grouped_by=(read_texts(table, "grouped_by", ()) or ()) if is_incidents else (),
        spread=spread,
        holds=_read_holds(table, columns, spread) if extract.name == "victims" else {},
    )
    table.finish()
    _check_consistent(rule, table)
    return rule


def _read_columns(extract: Extract, table: Table, settings: Settings) -> dict[str, ColumnRule]:
    inner = table.table("columns", {})
    rules = {
        column.name: read_column(inner, column, settings)
        for column in extract.columns
        if inner.has(column.name)
    }
    inner.finish()
    return rules


def _check_consistent(rule: ExtractRule, table: Table) -> None:
    columns = rule.columns
    lonely = {"longitude", "latitude"} & set(columns)
    if len(lonely) == 1:
        raise table.error("columns", f"maps '{lonely.pop()}' without the other coordinate.")
    if rule.point is not None and lonely:
        raise table.error("point", "is given beside longitude and latitude: keep one of them.")
    for name in lonely:
        if not columns[name].sources:
            raise table.error("columns", f"gives '{name}' as a constant: a place is of one row.")
    if rule.crs is not None and not rule.has_place:
        raise table.error("crs", "is given, but no coordinates are mapped.")
    if rule.grouped_by and "incident_id" in columns:
        raise table.error("grouped_by", "is given beside incident_id: keep one of them.")
    if table.has("on_conflict") and not rule.once_per_key:
        raise table.error("on_conflict", "needs once_per_key = true: several rows of one key.")
    if rule.grouped_by and not rule.once_per_key:
        raise table.error("grouped_by", "needs once_per_key = true: several rows, one incident.")
    if rule.spread is not None and "outcome" in columns:
        raise table.error("spread", "is given beside outcome: the counts say the outcome.")
    if rule.spread is not None and rule.only_when_given is not None:
        raise table.error("only_when_given", "is given beside spread: a count of 0 says it.")
    if rule.spread is not None and "victim_id" in columns:
        raise table.error("spread", "is given beside victim_id: one row makes several victims.")


def _check_complete(mapping: Mapping, rule: ExtractRule) -> None:
    """Refuse a mapping that could never fill a required column."""
    others = [r for r in mapping.extracts.values() if r is not rule]
    if rule.spread is not None and "incidents" not in mapping.extracts:
        raise ConfigError(
            f"{mapping.path}: 'victims.spread' needs [incidents.columns] in the same file.",
            "A row with counts is an incident.",
        )
    derived = set(rule.extract.key) if is_derivable(rule.extract) else set()
    if rule.spread is not None:
        derived.add("outcome")
    if "occurred_at" in rule.columns:
        derived.add("occurred_precision")
    for column in rule.extract.columns:
        if not column.required or column.name in rule.columns or column.name in derived:
            continue
        if has_unknown(column):
            continue
        if column.kind is Kind.CITY and any("city" in r.columns for r in others):
            continue
        if _find_foreign(rule.extract, column) in mapping.extracts:
            continue
        mapped = f"{rule.extract.name}.columns"
        raise ConfigError(
            f"{mapping.path}: '{mapped}' does not say where '{column.name}' comes from.",
            f'Write {column.name} = "a column of the source" or '
            f"{column.name} = {{ constant = … }} under [{mapped}].",
        )


def _read_crs(table: Table) -> str | None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    name: str | None = table.text("crs", None)
    if name is None:
        return None
    try:
        CRS.from_user_input(name)
    except CRSError as error:
        raise table.error(
            "crs", f"is '{name}', which is unknown.", "Give a code such as EPSG:2234."
        ) from error
    return name


def _read_point_rule(table: Table) -> PointRule | None:
    if not table.has("point"):
        return None
    if isinstance(table.raw("point"), str):
        return PointRule(table.text("point"), "detected")
    inner = table.table("point")
    rule = PointRule(inner.text("from"), inner.choice("order", ORDERS, "detected"))
    inner.finish()
    return rule


def _read_piled_points(table: Table) -> tuple[tuple[float, float], ...]:
    points = []
    for pair in table.items("piled_points", []):
        numbers = isinstance(pair, list) and all(
            isinstance(n, (int, float)) and not isinstance(n, bool) for n in pair
        )
        if not numbers or len(pair) != 2:
            raise table.error(
                "piled_points", "must be a list of [longitude, latitude] in degrees (WGS 84)."
            )
        points.append((float(pair[0]), float(pair[1])))
    return tuple(points)


def _read_spread(table: Table) -> VictimCounts | None:
    if not table.has("spread"):
        return None
    inner = table.table("spread")
    spread = VictimCounts(
        fatal=inner.text("fatal", None),
        nonfatal=inner.text("nonfatal", None),
        total=inner.text("total", None),
        missing_is_zero=inner.boolean("missing_is_zero", False),
    )
    inner.finish()
    if not spread.sources:
        raise table.error("spread", 'is empty: give fatal = "…" and nonfatal = "…".')
    if spread.total is not None and (spread.nonfatal is not None or spread.fatal is None):
        raise table.error("spread", "takes total only together with fatal, and without nonfatal.")
    return spread


def _read_holds(
    table: Table, columns: dict[str, ColumnRule], spread: VictimCounts | None
) -> dict[str, tuple[str, ...]]:
    """Return what the source holds of victims, by the key of `extracts.toml`; nothing said: all.

    Where it is not said, a constant says it: a mapping that makes nobody but the killed
    knows nothing of the wounded.
    """
    result = {}
    for name, key in HOLDS.items():
        column = columns.get(victim_coverage.COLUMNS[key])
        if table.has(name):
            result[key] = victim_coverage.read_words(table, name, key)
            if not result[key]:
                raise table.error(name, "is empty: it says that the source holds nobody.")
        elif column is not None and column.constant not in (None, "unknown"):
            result[key] = (str(column.constant),)
    if spread is not None and spread.counts_one and not table.has("holds"):
        result["outcomes"] = ("fatal",) if spread.fatal is not None else ("nonfatal",)
    return result


# Names publishers give one thing, compared in small letters without signs.
MEANINGS = (
    {"lat", "latitude", "y", "ycoord", "ycoordinate", "pointy", "geolat"},
    {"lon", "lng", "long", "longitude", "x", "xcoord", "xcoordinate", "pointx", "geolon"},
    {"date", "day", "datetime", "occurdate", "occurreddate", "occurredon", "occurredat"},
)


def missing_column_error(name: str, source: str, names: list[str], mapping: Mapping) -> ConfigError:
    """Return the error for a column that the mapping names and the source lacks."""
    short = [n for n in names[:500] if 0 < len(n) <= 80 and n.isprintable()]
    meaning: set[str] = next((words for words in MEANINGS if _plain_name(name) in words), set())
    alike = [other for other in short if _plain_name(other) in meaning]
    return ConfigError(
        f"{mapping.path} reads the column '{name}', which {source} does not have.",
        f"Did you mean '{alike[0]}'?" if alike else suggest_nearest(name, short),
    )


def _plain_name(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
