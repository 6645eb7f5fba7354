"""Check a folder of extracts against the contract: every finding, in one pass.

The rules are generated from the contract's declarations and run by DuckDB over the
parquet files, so that ten million rows are checked without holding them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
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
    suggest_nearest,
    suggest_remedy,
)
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, EARLIEST_YEAR, EXTRACTS, Kind
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.origins import Origins
from longevity.ingest.validation import personal_data
from longevity.ingest.validation.coverage import find_coverage_problems
from longevity.ingest.validation.findings import ROWS_NAMED, Finding, make_finding, make_printable
from longevity.ingest.validation.folder import ExtractFile, read_folder, unreadable_finding
from longevity.ingest.validation.personal_data import Look
from longevity.ingest.validation.relations import find_relation_problems
from longevity.ingest.validation.rules import Rule, list_row_rules
from longevity.ingest.validation.scratch import Databases, quote_identifier, quote_text
from longevity.progress import Progress, ignore_progress
from longevity.settings import Settings

RUNNING_FROM = 20
LONGEST_SENTENCE = 400


def check_extracts(
    directory: Path, settings: Settings, today: date, progress: Progress = ignore_progress
) -> list[Finding]:
    """Return everything that is wrong with a folder of extracts, in the order of the contract.

    Errors stop a publish, warnings do not. No finding holds a value of the data; those
    about rows that were imported name the source's own.
    UsageError when `directory` is not a folder.
    """
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a folder.", "Give the folder of the extracts.")
    try:
        declared = extracts_file.read_extracts_file(directory, settings)
        findings: list[Finding] = []
    except ConfigError as error:
        declared = ExtractsFile()
        findings = [_unread_relations_finding(error)]
    with (
        tempfile.TemporaryDirectory(prefix="longevity-") as spill,
        Databases(Path(spill) / "spill") as databases,
    ):
        files, of_files = read_folder(directory, databases)
        findings += of_files
        findings += _check_generator_mark(directory, declared)
        findings += _check_declared_days(declared, files, settings, today)
        whole: dict[str, ExtractFile] = {}
        for file in files:
            progress(f"Checking {file.extract.name}.")
            try:
                findings += _check_rows(databases.connection, file, settings, declared, today)
                whole[file.extract.name] = file
            except (duckdb.BinderException, duckdb.ParserException):
                raise  # our own SQL, not the file
            except duckdb.Error as error:
                _raise_if_disk_full(error)
                databases.renew()
                findings.append(unreadable_finding(file.file))
        progress("Checking keys and references.")
        findings += _check_relations(databases, whole, settings, declared)
    origins = Origins(directory)
    return [_add_origin(finding, origins) for finding in sorted(findings, key=_sort_key)]


def _check_generator_mark(directory: Path, declared: ExtractsFile) -> list[Finding]:
    """Find real data called synthetic, which would be open to everybody."""
    if declared.kind != "synthetic":
        return []
    return [
        make_finding(
            name,
            "not_generated",
            f"{extracts_file.NAME} says that the data are synthetic, and `demo` did not write "
            "this file, or not as it is now.",
            'Say kind = "real": what is synthetic is open to everybody. Synthetic data are made '
            "with `python -m longevity demo --out DIR`.",
        )
        for name in generator_mark.find_foreign(directory)
    ]


def find_readable(directory: Path, settings: Settings) -> dict[str, str] | None:
    """Return by extract the SQL that reads it, of a folder whose every column can be; else None."""
    try:
        extracts_file.read_extracts_file(directory, settings)
    except ConfigError:
        return None
    with (
        tempfile.TemporaryDirectory(prefix="longevity-") as spill,
        Databases(Path(spill) / "spill") as databases,
    ):
        files, findings = read_folder(directory, databases)
    if any(one.severity == "error" for one in findings):
        return None
    return {one.extract.name: f"({one.typed})" for one in files}


def _add_origin(finding: Finding, origins: Origins) -> Finding:
    if not finding.rows:
        return finding
    extract = finding.file.removesuffix(".parquet")
    return replace(finding, origin=origins.in_words(extract, finding.rows))


def _check_relations(
    databases: Databases, whole: dict[str, ExtractFile], settings: Settings, declared: ExtractsFile
) -> list[Finding]:
    """Return what rows owe each other; a file that proves damaged only now is left out and told."""
    findings: list[Finding] = []
    while True:
        try:
            for name, file in whole.items():
                databases.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {file.typed}")
            files = {name: file.file for name, file in whole.items()}
            return findings + _check_rows_together(databases.connection, files, settings, declared)
        except (duckdb.BinderException, duckdb.ParserException):
            raise  # our own SQL, not a file
        except duckdb.Error as error:
            _raise_if_disk_full(error)
            damaged = [
                name
                for name in whole
                if not _can_be_related(databases, whole[name], settings, declared)
            ]
            # When each does alone it is not known which is at fault: none is trusted.
            findings += [
                unreadable_finding(whole.pop(name).file) for name in damaged or list(whole)
            ]


def _check_rows_together(
    connection: duckdb.DuckDBPyConnection,
    files: dict[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> list[Finding]:
    """Return what is wrong with rows taken together, over the views named after the extracts."""
    return [
        *find_relation_problems(connection, files, settings),
        *find_coverage_problems(connection, files, settings, declared),
    ]


def _raise_if_disk_full(error: duckdb.Error) -> None:
    """Raise DataError where there was no room to work in: no file is at fault then."""
    if is_disk_full(error):
        raise DataError(
            f"The check stopped: {describe_error(error)} in {tempfile.gettempdir()}.",
            suggest_remedy(error),
        ) from error


def _can_be_related(
    databases: Databases, file: ExtractFile, settings: Settings, declared: ExtractsFile
) -> bool:
    """Return whether a file can be read for keys and references on its own, by a new database."""
    databases.renew()
    name, connection = file.extract.name, databases.connection
    values = ", ".join(quote_identifier(column.name) for column in file.extract.columns)
    try:
        connection.execute(f"CREATE VIEW {name} AS {file.typed}")
        connection.execute(f"SELECT max(hash({values})) FROM {name}").fetchall()
        _check_rows_together(connection, {name: file.file}, settings, declared)
    except duckdb.Error as error:
        _raise_if_disk_full(error)
        return False
    finally:
        databases.renew()
    return True


def _unread_relations_finding(error: ConfigError) -> Finding:
    what = make_printable(error.what, LONGEST_SENTENCE)
    return make_finding(
        extracts_file.NAME, "extracts_file", what, make_printable(error.do, LONGEST_SENTENCE)
    )


def _sort_key(finding: Finding) -> tuple[int, str, int, str, str]:
    """Return what sorts a finding as the contract does: extracts, their columns, rules."""
    stem = finding.file.removesuffix(".parquet")
    order = [extract.name for extract in EXTRACTS]
    at = order.index(stem) if stem in order else -1
    names = [column.name for column in BY_NAME[stem].columns] if at >= 0 else []
    column = names.index(finding.column) if finding.column in names else -1
    return at, finding.file, column, finding.rule, finding.sentence


def _check_declared_days(
    declared: ExtractsFile, files: list[ExtractFile], settings: Settings, today: date
) -> Iterator[Finding]:
    """Yield what is wrong with the days `extracts.toml` declares."""
    supplied = {file.extract.name for file in files}
    for extract in BY_NAME:
        through = declared.data_through.get(extract, {})
        begins = declared.data_from.get(extract, {})
        if (through or begins) and extract not in supplied:
            yield make_finding(
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
                yield make_finding(
                    extracts_file.NAME,
                    key,
                    f"{key} of {extract} is {what} for {names}.",
                    "A source is complete from data_from to data_through, at most today.",
                    kind_of_value="a date",
                    count=len(wrong),
                )


def _check_rows(
    connection: duckdb.DuckDBPyConnection,
    file: ExtractFile,
    settings: Settings,
    declared: ExtractsFile,
    today: date,
) -> list[Finding]:
    """Return what the rows of one file break on their own."""
    connection.execute(f"CREATE OR REPLACE VIEW given AS {file.typed}")
    rules = list_row_rules(file.extract, settings, declared, today)
    rules += _lossy_rules(file)
    # Nothing can be said of the values of a column that is not there or cannot be read;
    # that it is not has been said.
    unread = {column.name for column in file.extract.columns if column.name not in file.types}
    rules = [rule for rule in rules if rule.column not in unread]
    searched = _list_searched_columns(file)
    counts = ["count(*)"]
    counts += [f"count(*) FILTER (WHERE {rule.condition})" for rule in rules]
    counts += [
        f"count(*) FILTER (WHERE {personal_data.match_any(looks, value)})"
        for _, value, looks in searched
    ]
    rows, *broken = connection.execute(f"SELECT {', '.join(counts)} FROM given").fetchall()[0]
    findings = list(_check_emptiness(file, rows))
    for rule, count in zip(rules, broken, strict=False):
        if count:
            findings.append(_broken_rule_finding(connection, file, rule, count))
    for (column, value, looks), count in zip(searched, broken[len(rules) :], strict=True):
        if count:
            findings += _find_personal_data(connection, file, column, value, looks)
    reported_columns = {finding.column for finding in findings if finding.rule == "personal_data"}
    return findings + list(_find_record_numbers(connection, file, reported_columns))


def _check_emptiness(file: ExtractFile, rows: int) -> Iterator[Finding]:
    if rows == 0 and file.extract.required:
        yield make_finding(
            file.file,
            "no_rows",
            "the extract has no rows.",
            "Supply at least one." if file.extract.name == "incidents" else "Is that right?",
            severity="error" if file.extract.name == "incidents" else "warning",
            kind_of_value="a file",
        )


_LOSSY = {
    Kind.INTEGER: ("a number", "a number that is not whole, or too large."),
    Kind.DAY: ("a date and time", "a day with a time of day."),
    Kind.MOMENT: ("a date", "a date that is out of reach."),
}


def _lossy_rules(file: ExtractFile) -> list[Rule]:
    """Return a rule for each column held in a type that may say more than the contract's."""
    return [
        Rule(
            "lossy_value",
            column.name,
            quote_identifier(f"lossy:{column.name}"),
            *_LOSSY[column.kind],
            "Write the column in the type the contract says.",
        )
        for column in file.extract.columns
        if file.lossy(column.name)
    ]


def _broken_rule_finding(
    connection: duckdb.DuckDBPyConnection, file: ExtractFile, rule: Rule, count: int
) -> Finding:
    do = rule.do
    if rule.words:
        worst = connection.execute(
            f"SELECT {quote_identifier(str(rule.column))} FROM given WHERE {rule.condition} "
            "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
        # `nearest` names valid words only, never the one that was met.
        do = suggest_nearest(str(worst[0]) if worst else "", rule.words)
    return make_finding(
        file.file,
        rule.name,
        rule.what,
        do,
        severity=rule.severity,
        column=rule.column,
        kind_of_value=rule.kind_of_value,
        rows=_find_first_rows(connection, rule.condition),
        count=count,
    )


def _find_first_rows(connection: duckdb.DuckDBPyConnection, condition: str) -> list[int]:
    rows = connection.execute(
        f"SELECT at_row FROM given WHERE {condition} ORDER BY at_row LIMIT {ROWS_NAMED}"
    ).fetchall()
    return [row for (row,) in rows]


def _list_searched_columns(file: ExtractFile) -> list[tuple[str, str, tuple[Look, ...]]]:
    """Return the columns searched for personal data: name, SQL of the value, what to look for."""
    searched = []
    for column in file.extract.columns:
        looks = personal_data.select_looks(column)
        # A word among the choices is none; one that is not has been refused already.
        if looks and column.kind in (Kind.CODE, Kind.TEXT) and column.name in file.types:
            searched.append((column.name, quote_identifier(column.name), looks))
    for name in file.extra_texts:
        searched.append((name, quote_identifier(f"extra:{name}"), personal_data.select_looks(None)))
    return searched


def _find_personal_data(
    connection: duckdb.DuckDBPyConnection,
    file: ExtractFile,
    column: str,
    value: str,
    looks: tuple[Look, ...],
) -> Iterator[Finding]:
    by_kind: dict[str, list[str]] = {}
    for look in looks:
        condition = look.condition(value)
        if look is personal_data.GIVEN:
            condition = f"({condition} AND NOT {personal_data.match_institution(value)})"
        if _is_by_chance(connection, look, condition, value):
            continue
        by_kind.setdefault(look.kind, []).append(condition)
    for kind, conditions in by_kind.items():
        either = " OR ".join(conditions)
        count = connection.execute(f"SELECT count(*) FROM given WHERE {either}").fetchall()[0][0]
        if count:
            yield make_finding(
                file.file,
                "personal_data",
                f"the value looks like {kind}.",
                "Replace it by an opaque code, for instance a letter and a running number; no "
                "extract may hold it.",
                column=column,
                kind_of_value=kind,
                rows=_find_first_rows(connection, either),
                count=count,
            )


def _find_record_numbers(
    connection: duckdb.DuckDBPyConnection, file: ExtractFile, reported_columns: set[str | None]
) -> Iterator[Finding]:
    """Find columns of codes nearly all of which are long numbers, and not running ones.

    Not of `reported_columns`, which look like something worse, nor of those that repeat a code.
    """
    for column in file.extract.columns:
        if column.kind is not Kind.CODE or column.references or column.name in reported_columns:
            continue
        if column.name not in file.types:
            continue
        value = quote_identifier(column.name)
        looks_like = quote_text(personal_data.RECORD_NUMBER)
        run = f"regexp_extract(regexp_extract({value}, {looks_like}), '\\d+')"
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
        yield make_finding(
            file.file,
            "personal_data",
            f"{numbers} of {codes} codes hold a long number, as records are numbered; it leads "
            "back to the record, and to the people in it.",
            f'Write {column.name} = {{ from = "…", coded = true }} in the mapping '
            "(docs/import.md), or replace it by an opaque code.",
            column=column.name,
            kind_of_value="a record number",
            rows=_find_first_rows(connection, long),
            count=numbers,
        )


def _is_by_chance(
    connection: duckdb.DuckDBPyConnection, look: Look, condition: str, value: str
) -> bool:
    """Return whether a column of harmless numbers has a look: too few have it, or they run."""
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
