"""Check a folder of extracts against the contract: every finding, in one pass.

The rules are generated from the contract's declarations and run by DuckDB over the
parquet files, so that ten million rows are checked without holding them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from longevity.errors import (
    ConfigError,
    DataError,
    UsageError,
    describe_error,
    is_disk_full,
    suggest_remedy,
)
from longevity.intake import extracts_file, generated
from longevity.intake.checking import personal_data
from longevity.intake.checking.coverage import coverage_findings
from longevity.intake.checking.findings import ROWS_NAMED, Finding, found, printable
from longevity.intake.checking.folder import Given, look_at, unreadable
from longevity.intake.checking.personal_data import Look
from longevity.intake.checking.relations import relation_findings
from longevity.intake.checking.rules import Rule, row_rules
from longevity.intake.checking.scratch import Databases, identifier, text
from longevity.intake.contract import BY_NAME, EARLIEST_YEAR, EXTRACTS, Kind
from longevity.intake.extracts_file import ExtractsFile
from longevity.intake.origins import Origins
from longevity.settings import Settings
from longevity.strict_toml import suggest_nearest

Progress = Callable[[str], None]
RUNNING_FROM = 20
LONGEST_SENTENCE = 400


def silent(_: str) -> None:
    """Progress for nobody."""


def check(
    directory: Path, settings: Settings, today: date, progress: Progress = silent
) -> list[Finding]:
    """Everything that is wrong with a folder of extracts, in the order of the contract.

    Errors stop a publish, warnings do not. No finding holds a value of the data; those
    about rows that were imported name the source's own.
    UsageError when `directory` is not a folder.
    """
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a folder.", "Give the folder of the extracts.")
    try:
        said = extracts_file.read(directory, settings)
        findings: list[Finding] = []
    except ConfigError as error:
        said = ExtractsFile()
        findings = [_not_understood(error)]
    with (
        tempfile.TemporaryDirectory(prefix="longevity-") as spill,
        Databases(Path(spill) / "spill") as databases,
    ):
        given, of_files = look_at(directory, databases)
        findings += of_files
        findings += _not_generated(directory, said)
        findings += _declared(said, given, settings, today)
        whole: dict[str, Given] = {}
        for one in given:
            progress(f"Checking {one.extract.name}.")
            try:
                findings += _rows(databases.connection, one, settings, said, today)
                whole[one.extract.name] = one
            except (duckdb.BinderException, duckdb.ParserException):
                raise  # our own SQL, not the file
            except duckdb.Error as error:
                _not_the_disk(error)
                databases.renew()
                findings.append(unreadable(one.file))
        progress("Checking keys and references.")
        findings += _relations(databases, whole, settings, said)
    origins = Origins(directory)
    return [_traced(finding, origins) for finding in sorted(findings, key=_place)]


def _not_generated(directory: Path, said: ExtractsFile) -> list[Finding]:
    """Real data called synthetic would be open to everybody."""
    if said.kind != "synthetic":
        return []
    return [
        found(
            name,
            "not_generated",
            f"{extracts_file.NAME} says that the data are synthetic, and `demo` did not write "
            "this file, or not as it is now.",
            'Say kind = "real": what is synthetic is open to everybody. Synthetic data are made '
            "with `python -m longevity demo --out DIR`.",
        )
        for name in generated.foreign(directory)
    ]


def readable(directory: Path, settings: Settings) -> dict[str, str] | None:
    """By extract the SQL that reads it, of a folder whose every column can be; else None."""
    try:
        extracts_file.read(directory, settings)
    except ConfigError:
        return None
    with (
        tempfile.TemporaryDirectory(prefix="longevity-") as spill,
        Databases(Path(spill) / "spill") as databases,
    ):
        given, findings = look_at(directory, databases)
    if any(one.severity == "error" for one in findings):
        return None
    return {one.extract.name: f"({one.typed})" for one in given}


def _traced(finding: Finding, origins: Origins) -> Finding:
    if not finding.rows:
        return finding
    extract = finding.file.removesuffix(".parquet")
    return replace(finding, origin=origins.in_words(extract, finding.rows))


def _relations(
    databases: Databases, whole: dict[str, Given], settings: Settings, said: ExtractsFile
) -> list[Finding]:
    """What rows owe each other; a file that proves damaged only now is left out and told."""
    findings: list[Finding] = []
    while True:
        try:
            for name, one in whole.items():
                databases.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {one.typed}")
            files = {name: one.file for name, one in whole.items()}
            return findings + _together(databases.connection, files, settings, said)
        except (duckdb.BinderException, duckdb.ParserException):
            raise  # our own SQL, not a file
        except duckdb.Error as error:
            _not_the_disk(error)
            damaged = [
                name for name in whole if not _relates(databases, whole[name], settings, said)
            ]
            # When each does alone it is not known which is at fault: none is trusted.
            findings += [unreadable(whole.pop(name).file) for name in damaged or list(whole)]


def _together(
    connection: duckdb.DuckDBPyConnection,
    files: dict[str, str],
    settings: Settings,
    said: ExtractsFile,
) -> list[Finding]:
    """What is wrong with rows taken together, over the views named after the extracts."""
    return [
        *relation_findings(connection, files, settings),
        *coverage_findings(connection, files, settings, said),
    ]


def _not_the_disk(error: duckdb.Error) -> None:
    """Raise DataError where there was no room to work in: no file is at fault then."""
    if is_disk_full(error):
        raise DataError(
            f"The check stopped: {describe_error(error)} in {tempfile.gettempdir()}.",
            suggest_remedy(error),
        ) from error


def _relates(databases: Databases, given: Given, settings: Settings, said: ExtractsFile) -> bool:
    """Whether a file can be read for keys and references on its own, by a new database."""
    databases.renew()
    name, connection = given.extract.name, databases.connection
    values = ", ".join(identifier(column.name) for column in given.extract.columns)
    try:
        connection.execute(f"CREATE VIEW {name} AS {given.typed}")
        connection.execute(f"SELECT max(hash({values})) FROM {name}").fetchall()
        _together(connection, {name: given.file}, settings, said)
    except duckdb.Error as error:
        _not_the_disk(error)
        return False
    finally:
        databases.renew()
    return True


def _not_understood(error: ConfigError) -> Finding:
    what = printable(error.what, LONGEST_SENTENCE)
    return found(extracts_file.NAME, "extracts_file", what, printable(error.do, LONGEST_SENTENCE))


def _place(finding: Finding) -> tuple[int, str, int, str, str]:
    """In the order of the contract: extracts, their columns, rules."""
    stem = finding.file.removesuffix(".parquet")
    order = [extract.name for extract in EXTRACTS]
    at = order.index(stem) if stem in order else -1
    names = [column.name for column in BY_NAME[stem].columns] if at >= 0 else []
    column = names.index(finding.column) if finding.column in names else -1
    return at, finding.file, column, finding.rule, finding.sentence


def _declared(
    said: ExtractsFile, given: list[Given], settings: Settings, today: date
) -> Iterator[Finding]:
    """What is wrong with the days `extracts.toml` declares."""
    there = {one.extract.name for one in given}
    for extract in BY_NAME:
        through = said.data_through.get(extract, {})
        begins = said.data_from.get(extract, {})
        if (through or begins) and extract not in there:
            yield found(
                extracts_file.NAME,
                "declared_without_extract",
                f"days of {extract} are declared, and no {extract}.parquet can be read.",
                "Hand it over, or take the line out.",
                severity="warning",
            )
        earliest = date(EARLIEST_YEAR, 1, 1)
        late = [city for city, day in through.items() if day > today]
        early = [city for city, day in (through | begins).items() if day < earliest]
        crossed = [
            city for city, day in begins.items() if day > min(through.get(city, today), today)
        ]
        for key, wrong, what in (
            ("data_through", late, "in the future"),
            ("data_through", early, f"before {EARLIEST_YEAR}"),
            ("data_from", crossed, "after the day it is complete through"),
        ):
            if wrong:
                names = ", ".join(settings.cities[city].name for city in sorted(wrong))
                yield found(
                    extracts_file.NAME,
                    key,
                    f"{key} of {extract} is {what} for {names}.",
                    "A source is complete from data_from to data_through, at most today.",
                    kind_of_value="a date",
                    count=len(wrong),
                )


def _rows(
    connection: duckdb.DuckDBPyConnection,
    given: Given,
    settings: Settings,
    said: ExtractsFile,
    today: date,
) -> list[Finding]:
    """What the rows of one file break on their own."""
    connection.execute(f"CREATE OR REPLACE VIEW given AS {given.typed}")
    rules = row_rules(given.extract, settings, said, today)
    rules += _lossy(given)
    # Nothing can be said of the values of a column that is not there or cannot be read;
    # that it is not has been said.
    unread = {column.name for column in given.extract.columns if column.name not in given.types}
    rules = [rule for rule in rules if rule.column not in unread]
    searched = _searched(given)
    counted = ["count(*)"]
    counted += [f"count(*) FILTER (WHERE {rule.condition})" for rule in rules]
    counted += [
        f"count(*) FILTER (WHERE {personal_data.any_of(looks, value)})"
        for _, value, looks in searched
    ]
    rows, *broken = connection.execute(f"SELECT {', '.join(counted)} FROM given").fetchall()[0]
    findings = list(_no_rows(given, rows))
    for rule, count in zip(rules, broken, strict=False):
        if count:
            findings.append(_broken(connection, given, rule, count))
    for (column, value, looks), count in zip(searched, broken[len(rules) :], strict=True):
        if count:
            findings += _personal(connection, given, column, value, looks)
    known = {one.column for one in findings if one.rule == "personal_data"}
    return findings + list(_record_numbers(connection, given, known))


def _no_rows(given: Given, rows: int) -> Iterator[Finding]:
    if rows == 0 and given.extract.required:
        yield found(
            given.file,
            "no_rows",
            "the extract has no rows.",
            "Hand over at least one." if given.extract.name == "incidents" else "Is that right?",
            severity="error" if given.extract.name == "incidents" else "warning",
            kind_of_value="a file",
        )


_LOSSY = {
    Kind.INTEGER: ("a number", "a number that is not whole, or too large."),
    Kind.DAY: ("a date and time", "a day with a time of day."),
    Kind.MOMENT: ("a date", "a date that is out of reach."),
}


def _lossy(given: Given) -> list[Rule]:
    """A rule for each column held in a type that may say more than the contract's."""
    return [
        Rule(
            "lossy_value",
            column.name,
            identifier(f"lossy:{column.name}"),
            *_LOSSY[column.kind],
            "Write the column in the type the contract says.",
        )
        for column in given.extract.columns
        if given.lossy(column.name)
    ]


def _broken(connection: duckdb.DuckDBPyConnection, given: Given, rule: Rule, count: int) -> Finding:
    do = rule.do
    if rule.words:
        worst = connection.execute(
            f"SELECT {identifier(str(rule.column))} FROM given WHERE {rule.condition} "
            "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
        # `nearest` names valid words only, never the one that was met.
        do = suggest_nearest(str(worst[0]) if worst else "", rule.words)
    return found(
        given.file,
        rule.name,
        rule.what,
        do,
        severity=rule.severity,
        column=rule.column,
        kind_of_value=rule.kind_of_value,
        rows=_first_rows(connection, rule.condition),
        count=count,
    )


def _first_rows(connection: duckdb.DuckDBPyConnection, condition: str) -> list[int]:
    rows = connection.execute(
        f"SELECT at_row FROM given WHERE {condition} ORDER BY at_row LIMIT {ROWS_NAMED}"
    ).fetchall()
    return [row for (row,) in rows]


def _searched(given: Given) -> list[tuple[str, str, tuple[Look, ...]]]:
    """The columns searched for personal data: name, SQL of the value, what to look for."""
    searched = []
    for column in given.extract.columns:
        looks = personal_data.looks(column)
        # A word among the choices is none; one that is not has been refused already.
        if looks and column.kind in (Kind.CODE, Kind.TEXT) and column.name in given.types:
            searched.append((column.name, identifier(column.name), looks))
    for name in given.extra_texts:
        searched.append((name, identifier(f"extra:{name}"), personal_data.looks(None)))
    return searched


def _personal(
    connection: duckdb.DuckDBPyConnection,
    given: Given,
    column: str,
    value: str,
    looks: tuple[Look, ...],
) -> Iterator[Finding]:
    by_kind: dict[str, list[str]] = {}
    for look in looks:
        condition = look.condition(value)
        if look is personal_data.GIVEN:
            condition = f"({condition} AND NOT {personal_data.names_a_body(value)})"
        if _by_chance(connection, look, condition, value):
            continue
        by_kind.setdefault(look.kind, []).append(condition)
    for kind, conditions in by_kind.items():
        either = " OR ".join(conditions)
        count = connection.execute(f"SELECT count(*) FROM given WHERE {either}").fetchall()[0][0]
        if count:
            yield found(
                given.file,
                "personal_data",
                f"the value looks like {kind}.",
                "Replace it by an opaque code, for instance a letter and a running number; no "
                "extract may hold it.",
                column=column,
                kind_of_value=kind,
                rows=_first_rows(connection, either),
                count=count,
            )


def _record_numbers(
    connection: duckdb.DuckDBPyConnection, given: Given, known: set[str | None]
) -> Iterator[Finding]:
    """Columns of codes nearly all of which are long numbers, and not running ones.

    Not of `known` ones, which look like something worse, nor of those that repeat a code.
    """
    for column in given.extract.columns:
        if column.kind is not Kind.CODE or column.references or column.name in known:
            continue
        if column.name not in given.types:
            continue
        value = identifier(column.name)
        run = (
            f"regexp_extract(regexp_extract({value}, {text(personal_data.RECORD_NUMBER)}), '\\d+')"
        )
        long = f"length({run}) >= {personal_data.RUN_OF_A_CODE} * length({value}) AND {run} <> ''"
        number = f"TRY_CAST({run} AS BIGINT)"
        codes, numbers, distinct, span = connection.execute(
            f"SELECT count({value}), count(*) FILTER (WHERE {long}), "
            f"count(DISTINCT {number}) FILTER (WHERE {long}), "
            f"max({number}) FILTER (WHERE {long}) - min({number}) FILTER (WHERE {long}) FROM given"
        ).fetchall()[0]
        running = span is not None and span < 4 * distinct
        few = numbers < personal_data.LEAST_RECORDS
        if few or running or numbers < personal_data.RECORD_SHARE * codes:
            continue
        yield found(
            given.file,
            "personal_data",
            f"{numbers} of {codes} codes hold a long number, as records are numbered; it leads "
            "back to the record, and to the people in it.",
            f'Write {column.name} = {{ from = "…", coded = true }} in the mapping '
            "(docs/import.md), or replace it by an opaque code.",
            column=column.name,
            kind_of_value="a record number",
            rows=_first_rows(connection, long),
            count=numbers,
        )


def _by_chance(
    connection: duckdb.DuckDBPyConnection, look: Look, condition: str, value: str
) -> bool:
    """Whether a column of harmless numbers has a look: too few have it, or they run."""
    if not (look.majority or look.unless_running):
        return False
    all_of, of_look, distinct, span = connection.execute(
        f"""
        SELECT count({value}), count(*) FILTER (WHERE {condition}),
            count(DISTINCT {value}) FILTER (WHERE {condition}),
            max(TRY_CAST({value} AS BIGINT)) FILTER (WHERE {condition})
                - min(TRY_CAST({value} AS BIGINT)) FILTER (WHERE {condition})
        FROM given
        """
    ).fetchall()[0]
    if look.majority and of_look * 2 < all_of:
        return True
    runs = distinct >= RUNNING_FROM and span is not None and span < 4 * distinct
    return look.unless_running and runs
