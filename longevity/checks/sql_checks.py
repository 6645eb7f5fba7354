"""The checks that are SQL files: what each finds, its sentence and what to do are its header.

A check is `checks/RULE.sql`, or `RULE-OF_WHAT.sql` where a rule has several. It answers with a row
a finding, whose columns are the facts of its sentence, or with a row for each row that breaks the
rule, as `at_row`. It reads the extracts by their names, the tables that `prepare_tables` makes, and
`checks/relations/`, what several checks read. docs/check.md lists all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from longevity.checks.findings import ROWS_NAMED, Finding, Severity, make_finding
from longevity.dates import format_long
from longevity.geography.stacked_points import PILED_WITHIN_YEARS
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.contract import BY_NAME, EARLIEST_YEAR
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.shooting_hours import describe_odd_hours
from longevity.ingest.typed_columns import SQL_TYPES
from longevity.scratch import quote_identifier, quote_text
from longevity.settings import Settings

FOLDER = Path(__file__).parent
RELATIONS = FOLDER / "relations"
KEYS = ("Do", "On", "Severity", "Of", "Reads", "Thresholds", "Found", "As", "Why")
_KEY = re.compile(rf"^-- ({'|'.join(KEYS)}): (.*)$")
_ON = re.compile(r"(?P<extract>extracts\.toml|\w+)(\.(?P<column>\w+))?( \((?P<kind>.+)\))?")
_THRESHOLD = re.compile(r"\$(\w+)")
_FACT = re.compile(r"\{(\w+)\}")
ANY = "any"  # of a check whose answer says the extract


@dataclass(frozen=True)
class SqlFile:
    """A check or a relation: its sentence, the keys of its header, its statement."""

    name: str
    sentence: str
    header: Mapping[str, str]
    sql: str

    @property
    def rule(self) -> str:
        """The rule a check is of."""
        return self.name.partition("-")[0]

    @property
    def reads(self) -> list[str]:
        """The extracts and relations it needs, beyond the extract it is about."""
        return self.header.get("Reads", "").split(", ") if "Reads" in self.header else []

    @property
    def on(self) -> dict[str, str]:
        """The extract, column and kind of value it is about."""
        found = _ON.fullmatch(self.header["On"])
        return {name: value or "" for name, value in found.groupdict().items()} if found else {}

    @property
    def thresholds(self) -> dict[str, str]:
        """Its thresholds as written; empty ones are those of the configuration."""
        pairs = [text.partition(" = ") for text in self.header.get("Thresholds", "").split(", ")]
        return {name: value for name, _, value in pairs if name}


@cache
def load_files(folder: Path) -> dict[str, SqlFile]:
    """Return the checks, or the relations, of a folder by name."""
    return {path.stem: _read_file(path) for path in sorted(folder.glob("*.sql"))}


def _read_file(path: Path) -> SqlFile:
    head, _, sql = path.read_text(encoding="utf-8").partition("\n\n")
    parts: dict[str, list[str]] = {"": []}
    for line in head.splitlines():
        if found := _KEY.match(line):
            parts[found[1]] = [found[2]]
        else:
            parts[next(reversed(parts))].append(line.removeprefix("--").strip())
    header = {name: " ".join(lines) for name, lines in parts.items()}
    return SqlFile(path.stem, header.pop(""), header, sql.strip())


def read_threshold(check: str, name: str) -> float:
    """Return a number that a check judges by."""
    return float(load_files(FOLDER)[check].thresholds[name])


# Fewer placed show another pattern than all do.
PLACED = read_threshold("few_placed", "placed")


def bind_thresholds(file: SqlFile, given: Mapping[str, object]) -> str:
    """Return the statement of a file with its thresholds; `given` has those it does not say."""

    def write(name: str) -> str:
        value = file.thresholds[name] or given[name]
        return f"DATE '{value}'" if isinstance(value, date) else str(value)

    return _THRESHOLD.sub(lambda found: write(found[1]), file.sql)


def fill_sentence(text: str, facts: Mapping[str, Any]) -> str:
    """Return a sentence of a header with the facts it names: days in full, lists with commas."""

    def show(value: Any) -> str:
        if isinstance(value, date):
            return format_long(value)
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    return _FACT.sub(lambda found: show(facts[found[1]]), text)


def list_given_thresholds(settings: Settings, today: date) -> dict[str, object]:
    """Return the thresholds that no header says."""
    return {
        "today": today,
        "earliest_year": EARLIEST_YEAR,
        "piled_rows": settings.thresholds.piled_rows,
        "piled_within_years": PILED_WITHIN_YEARS,
    }


def read_piles_sql(settings: Settings) -> str:
    """Return the SQL of the coordinates of `incidents` on which rows are piled: city, point."""
    thresholds = list_given_thresholds(settings, date.max)
    return bind_thresholds(load_files(RELATIONS)["piles"], thresholds)


@dataclass
class Folder:
    """What checks are asked of: a database with a view or table an extract, and what is said of it.

    `rows`: of each extract that is there; None where its rows cannot be read. `unread`: extract and
    column that are missing or cannot be read. `foreign`: files called synthetic that are not.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    declared: ExtractsFile
    today: date
    rows: Mapping[str, int | None]
    unread: set[tuple[str, str]] = field(default_factory=set)
    foreign: Sequence[str] = ()
    _made: set[str] = field(default_factory=set, init=False)

    def find_problems(self, checks: Sequence[str] | None = None) -> Iterator[Finding]:
        """Yield what all checks find, or those named."""
        for name, check in load_files(FOLDER).items():
            if (checks is None or name in checks) and self._can_be_asked(check):
                for relation in check.reads:
                    self._make_relation(relation)
                yield from self._ask(check)

    def prepare_tables(self) -> None:
        """Make what checks read beside the extracts, and an empty table for each that is absent."""
        cities, declared = self.settings.cities, self.declared
        for name, extract in BY_NAME.items():
            if self.rows.get(name) is None:
                columns = ", ".join(
                    f"{quote_identifier(column.name)} {SQL_TYPES[column.kind]}"
                    for column in extract.columns
                )
                self._make_table(name, f"at_row BIGINT, {columns}", [])
        days = [
            (name, city, declared.data_from.get(name, {}).get(city), through)
            for name in BY_NAME
            for city, through in (
                dict.fromkeys(declared.data_from.get(name, {}))
                | dict(declared.data_through.get(name, {}))
            ).items()
        ]
        self._make_table(
            "cities", "city TEXT, name TEXT", [(c.id, c.name) for c in cities.values()]
        )
        self._make_table(
            "declared", "extract TEXT, city TEXT, data_from DATE, data_through DATE", days
        )
        self._make_table(
            "holds",
            "key TEXT, city TEXT, held TEXT[]",
            [
                (key, city, list(words))
                for key in victim_coverage.COLUMNS
                for city, words in declared.holds[key].items()
            ],
        )
        self._make_table(
            "quarantined", "extract TEXT, refused BIGINT", declared.quarantined.items()
        )
        self._make_table(
            "files",
            "extract TEXT, rows BIGINT, required BOOLEAN, key TEXT",
            [
                (name, rows, BY_NAME[name].required, BY_NAME[name].key[0])
                for name, rows in self.rows.items()
            ],
        )
        self._make_table("foreign_files", "file TEXT", [(name,) for name in self.foreign])
        self._make_table(
            "area_of_use",
            "crs TEXT, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE",
            _find_area_of_use(self.settings) if "incidents" in self.rows else [],
        )
        supplied = " UNION ALL ".join(
            f"SELECT DISTINCT {quote_text(name)} AS extract, city FROM {name}" for name in BY_NAME
        )
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW supplied AS {supplied}")
        self.connection.create_function(
            "describe_odd_hours",
            describe_odd_hours,
            [duckdb.list_type("BIGINT")],
            "VARCHAR",
            null_handling="special",
        )

    def _make_table(self, name: str, columns: str, rows: Any) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        if rows := list(rows):
            marks = ", ".join("?" for _ in rows[0])
            self.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    def _can_be_asked(self, check: SqlFile) -> bool:
        """Return whether what a check reads is there, and whether it is asked of such data."""
        needed = {check.on["extract"], *check.reads} & BY_NAME.keys()
        if any(self.rows.get(name) is None for name in needed):
            return False
        # Synthetic data are whole by construction.
        return "Of" not in check.header or self.declared.kind == "real"

    def _make_relation(self, name: str) -> None:
        """Make a relation and those it reads, unless it is there."""
        if name in BY_NAME or name in self._made:
            return
        file = load_files(RELATIONS)[name]
        for other in file.reads:
            self._make_relation(other)
        kind = "VIEW" if file.header.get("As") == "view" else "TABLE"
        given = list_given_thresholds(self.settings, self.today)
        self.connection.execute(f"CREATE TEMP {kind} {name} AS {bind_thresholds(file, given)}")
        self._made.add(name)

    def _ask(self, check: SqlFile) -> Iterator[Finding]:
        given = list_given_thresholds(self.settings, self.today)
        sql = bind_thresholds(check, given)
        facts = self.connection.sql(sql).columns
        if "at_row" in facts:
            if (check.on["extract"], check.on["column"]) in self.unread:
                return  # that it cannot be read has been said
            others = "".join(f"{name}, " for name in facts if name != "at_row")
            sql = (
                f"SELECT {others}COUNT(*) AS rows, MIN(at_row, {ROWS_NAMED}) AS at_rows "
                f"FROM ({sql}) GROUP BY ALL"
            )
        answer = self.connection.execute(sql)
        names = [column[0] for column in answer.description]
        for row in answer.fetchall():
            yield from self._make_finding(check, dict(zip(names, row, strict=True)), given)

    def _make_finding(
        self, check: SqlFile, found: dict[str, Any], given: Mapping[str, object]
    ) -> Iterator[Finding]:
        city = found.get("city", "")
        if found.get("rows") == 0 or (city and city not in self.settings.cities):
            return
        about = check.on | {name: found[name] for name in ("extract", "kind") if name in found}
        severity, _, acceptable = check.header["Severity"].partition(", ")
        severity = found.get("severity", severity)
        name = self.settings.cities[city].name if city else ""
        facts = {**given, **check.thresholds, **found, "city": name}
        is_toml = about["extract"] == extracts_file.NAME
        yield make_finding(
            found.get("file") or about["extract"] + ("" if is_toml else ".parquet"),
            check.rule,
            fill_sentence(check.sentence, facts),
            fill_sentence(check.header["Do"], facts),
            severity=_read_severity(severity),
            column=found.get("field") or about["column"] or None,
            kind_of_value=about["kind"],
            rows=found.get("at_rows", ()),
            count=found.get("rows", 1),
            acceptable=acceptable == "acceptable" and severity == "error",
            city=city,
            days=[(first, last) for first, last in found.get("days") or ()],
        )


def _read_severity(text: str) -> Severity:
    return "error" if text == "error" else "warning"


def _find_area_of_use(settings: Settings) -> list[tuple[Any, ...]]:
    """Return where cities can be, in degrees; nothing where that is unknown."""
    from pyproj import CRS

    crs = settings.projected_crs
    area = CRS.from_user_input(crs).area_of_use
    # An area across the 180th meridian has its west east of its east: left unchecked.
    if not area or area.west >= area.east:
        return []
    return [(crs, area.west, area.south, area.east, area.north)]
