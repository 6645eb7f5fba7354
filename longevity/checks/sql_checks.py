"""Runs the SQL checks on extracts that are tables of a database.

A check may read the extracts by their names, the tables that `prepare_tables` makes, and
`relations/`, queries that several checks share. It answers with one row for each finding, whose
columns fill its sentence; or with the number of each row that breaks the rule, `at_row`, and all of
them are one finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from longevity.base.scratch import create_table, quote_identifier
from longevity.checks.contract_rules import list_key_facts, list_reference_facts
from longevity.checks.findings import ROWS_NAMED, CheckFinding
from longevity.checks.sql_files import (
    FOLDER,
    KEYS,
    SqlFile,
    bind_sql,
    find_problem,
    load_files,
    load_relations,
)
from longevity.geography.stacked_points import PILED_WITHIN_YEARS
from longevity.ingest.contract import BY_NAME, EARLIEST_YEAR, SQL_TYPES
from longevity.ingest.extracts_file import ExtractsFile
from longevity.settings import Settings

# Made for the checks, next to the extracts. `supplied`: how many rows each extract has of a city.
# `events`: the dated rows of incidents and of the program's work, each with a hash of all but its
# key. The groups of incidents are left out: there is none of them whenever few are shot.
VIEWS = {
    "supplied": "SELECT {name!r} AS extract, city, COUNT(*) AS rows FROM {name} GROUP BY city",
    "events": "SELECT {name!r} AS extract, {event!r} AS field, city, "
    "CAST({event} AS DATE) AS day, at_row, "
    "hash(*COLUMNS(* EXCLUDE (at_row, {key}))) AS content FROM {name}",
}


def run_checks(
    connection: duckdb.DuckDBPyConnection, folder: Path, given: Mapping[str, Any]
) -> Iterator[CheckFinding]:
    """Yield what the checks in a folder of SQL files find in tables that are there.

    Publish asks them so of what it has built. `given`: values for the `$names` in their SQL.
    """
    for check in load_files(folder).values():
        sql = f"FROM ({bind_sql(check, given)}) ORDER BY ALL"
        for facts in _list_answers(connection, sql):
            yield find_problem(check, {**given, **facts})


@dataclass
class CheckedExtracts:
    """Extracts as tables of a database, and what was declared of them: what checks are run on.

    `rows`: how many each extract has, `{"victims": 812}`, of those that can be read. `unread`: by
    extract, columns that are missing or cannot be read. `foreign`: files of a folder that is called
    synthetic which the generator did not write.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    declared: ExtractsFile
    today: date
    rows: Mapping[str, int]
    unread: Mapping[str, set[str]] = field(default_factory=dict)
    foreign: Sequence[str] = ()
    _made: set[str] = field(default_factory=set, init=False)

    @property
    def thresholds(self) -> dict[str, Any]:
        """The numbers that checks judge by and that are not in their headers, by name."""
        return {
            "today": self.today,
            "earliest_year": EARLIEST_YEAR,
            "piled_rows": self.settings.thresholds.piled_rows,
            "piled_within_years": PILED_WITHIN_YEARS,
        }

    def find_problems(self, checks: Sequence[str] | None = None) -> Iterator[CheckFinding]:
        """Yield the findings of all checks, or of those that `checks` names."""
        for name, check in load_files(FOLDER).items():
            if (checks is None or name in checks) and self._can_be_asked(check):
                yield from self._ask(check, {})

    def find_key_problems(self) -> Iterator[CheckFinding]:
        """Yield keys that are there twice, and references to rows that are not there."""
        keys = load_files(KEYS)
        for name in self.rows:
            facts = list_key_facts(BY_NAME[name])
            yield from self._ask(keys["duplicate_key"], facts)
            if BY_NAME[name].own_key:
                yield from self._ask(keys["personal_data-records"], facts)
            for facts in list_reference_facts(BY_NAME[name]):
                if facts["parent"] in self.rows:
                    yield from self._ask(keys["dangling_reference"], facts)
                    yield from self._ask(keys["another_city"], facts)

    def prepare_tables(self) -> None:
        """Make the tables that checks read, and an empty one for each extract that is absent."""
        for name, extract in BY_NAME.items():
            if name not in self.rows:
                kinds = ", ".join(
                    f"{quote_identifier(column.name)} {SQL_TYPES[column.kind]}"
                    for column in extract.columns
                )
                create_table(self.connection, name, f"at_row BIGINT, {kinds}", [])
        said = self.declared
        begins, through = said.data_from, said.data_through
        tables: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
            "cities": (
                "city TEXT, name TEXT, ended_on DATE",
                [(city.id, city.name, city.ended_on) for city in self.settings.cities.values()],
            ),
            "files": (
                "extract TEXT, rows BIGINT, required BOOLEAN, key TEXT",
                [
                    (name, rows, BY_NAME[name].required, BY_NAME[name].key[0])
                    for name, rows in self.rows.items()
                ],
            ),
            "declared": (
                "extract TEXT, city TEXT, data_from DATE, data_through DATE",
                [
                    (name, city, begins.get(name, {}).get(city), through.get(name, {}).get(city))
                    for name in BY_NAME
                    for city in {**begins.get(name, {}), **through.get(name, {})}
                ],
            ),
            "holds": (
                "key TEXT, city TEXT, held TEXT[]",
                [
                    (key, city, list(words))
                    for key, cities in said.holds.items()
                    for city, words in cities.items()
                ],
            ),
            "quarantined": ("extract TEXT, refused BIGINT", [*said.quarantined.items()]),
            "foreign_files": ("file TEXT", [(name,) for name in self.foreign]),
        }
        for name, (columns, rows) in tables.items():
            create_table(self.connection, name, columns, rows)
        for view, select in VIEWS.items():
            parts = [
                select.format(name=name, event=extract.event, key=extract.own_key)
                for name, extract in BY_NAME.items()
                if view == "supplied" or (extract.own_key and extract.event and name != "people")
            ]
            self.connection.execute(f"CREATE VIEW {view} AS {' UNION ALL '.join(parts)}")

    def _make_relations(self, needed: Sequence[str]) -> None:
        """Make the tables of `relations/` that are needed, and what those need, each once."""
        relations = load_relations()
        for name in needed:
            if name in relations and name not in self._made:
                self._made.add(name)
                self._make_relations(relations[name].list_words("Reads"))
                sql = bind_sql(relations[name], self.thresholds)
                self.connection.execute(f"CREATE TABLE {name} AS {sql}")

    def _can_be_asked(self, check: SqlFile) -> bool:
        """Return whether the extracts that a check reads are there, and such data are asked.

        What may be the truth (`acceptable`) is asked of real data alone.
        """
        needed = {check.on.get("extract"), *check.list_words("Reads")} & BY_NAME.keys()
        # Synthetic data are whole by construction.
        is_asked = self.declared.kind == "real" or "acceptable" not in check.severity
        return is_asked and needed <= self.rows.keys()

    def _ask(self, check: SqlFile, given: Mapping[str, Any]) -> Iterator[CheckFinding]:
        """Run one check, and yield a finding for each row of its answer, or one of all its rows."""
        self._make_relations(check.list_words("Reads"))
        given = {**self.thresholds, **given}
        sql = bind_sql(check, given)
        if check.is_of_rows:
            if check.on.get("field") in self.unread.get(check.on.get("extract", ""), ()):
                return  # the column cannot be read, which is a finding of its own (`folder`)
            sql = (
                f"SELECT * EXCLUDE (at_row), COUNT(*) AS rows, "
                f"MIN(at_row, {ROWS_NAMED}) AS at_rows FROM ({sql}) GROUP BY ALL"
            )
        for facts in _list_answers(self.connection, sql):
            city = self.settings.cities.get(facts.get("city", ""))
            if facts.get("rows") != 0 and (city or "city" not in facts):
                about = {"id": city.id, "city": city.name} if city else {}
                yield find_problem(check, {**given, **facts, **about})


def _list_answers(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Return the rows of an answer by the names of its columns."""
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
