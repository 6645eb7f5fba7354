"""From the texts of a source to the rows of extracts: each different text is read once.

A source row is taken whole or refused whole: when any extract it feeds cannot
be filled, it feeds none and goes to the quarantine with every reason. In the
database each extract is a table with the number of its source row, also of rows that are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from longevity.ingest.contract import ARROW, SQL_TYPES, Column, Extract, Kind
from longevity.ingest.importing.column_rules import DATED, ColumnRule, fold_case
from longevity.ingest.importing.dates import Moment, build_date_reader
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import ExtractRule, Mapping, VictimCounts
from longevity.ingest.importing.places import build_place_reader, find_region
from longevity.ingest.importing.source import Source, add_rows
from longevity.ingest.importing.values import (
    PLAIN_NUMBER,
    RefusedValueError,
    build_reader,
    hash_text,
    read_number,
)
from longevity.scratch import create_table
from longevity.settings import Settings

# A date typed with a midnight that nobody meant, and a time typed with such a day zero.
EMPTY_CLOCK = re.compile(
    r"(?i)^\s*(\d\S*?)[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)\s*(?:Z|\+00(?::?00)?)?\s*$"
)
EMPTY_DAY = re.compile(r"^\s*(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ](?=\d)")
MOST_OF_A_ROW = 1000  # victims of one incident; more is a mistyped count
TEXTS_A_BLOCK = 20_000
# What import knows of a row that the contract has no column for.
HELPERS = {"_address": Kind.TEXT, "_fatal": Kind.INTEGER, "_nonfatal": Kind.INTEGER}
OPEN_ETHNICITY = (
    "does not say whether Hispanic, so race_ethnicity is `unknown`. If it is empty of whoever "
    "is not, say when_missing = false"
)
CROSSED_ETHNICITY = "says not Hispanic and the race says Hispanic: race_ethnicity is `unknown`"
REASON = pa.struct([(name, pa.string()) for name in ("rule", "sentence", "place", "text")])


@dataclass(frozen=True)
class ImportTerms:
    """What a source is read by, and the database it is read into. `key`: that of codes."""

    source: Source
    mapping: Mapping
    settings: Settings
    today: date
    key: bytes | None
    connection: duckdb.DuckDBPyConnection
    log: ImportLog


class Outcome(NamedTuple):
    """What the texts of a row say: a value for each of some columns, and what is odd.

    `reasons`: why the row is refused, each as REASON has it.
    """

    values: tuple[Any, ...]
    notes: tuple[str, ...] = ()
    reasons: tuple[dict[str, str | None], ...] = ()


Reader = Callable[..., Outcome]


class Step(NamedTuple):
    """What fills some columns from some columns of the source; from none, with a constant."""

    names: tuple[str, ...]
    sources: Sequence[str]
    read: Reader


def read_rows(terms: ImportTerms) -> None:
    """Make a table of each extract, with the columns of HELPERS; say what is wrong and odd."""
    terms.connection.execute(
        "INSERT INTO reasons SELECT row, rule, sentence, '', NULL FROM source WHERE raw IS NOT NULL"
    )
    for rule in terms.mapping.extracts.values():
        _find_used(rule, terms)
        kinds = {column.name: column.kind for column in rule.extract.columns} | HELPERS
        values, joins = dict.fromkeys(kinds, "NULL"), ""
        steps = [*_list_steps(rule, terms)]
        for number, step in enumerate(steps):
            joins += _read_step(step, f"step_{number}", kinds, terms)
            values |= {column: f"step_{number}.{column}" for column in step.names}
        columns = ", ".join(
            f"CAST({value} AS {SQL_TYPES[kinds[column]]}) AS {column}"
            for column, value in values.items()
        )
        terms.connection.execute(
            f"CREATE TABLE {rule.extract.name} AS "
            f"SELECT used.row, {columns} FROM used {joins} ORDER BY row"
        )
        for number in range(len(steps)):
            terms.connection.execute(f"DROP TABLE step_{number}")


def _name_cell(name: str, terms: ImportTerms) -> str:
    return f"c{terms.source.names.index(name)}"


def _find_used(rule: ExtractRule, terms: ImportTerms) -> None:
    """Name the rows that make one of the extract in the view `used`."""
    where = "raw IS NULL"
    if rule.only_when_given is not None:
        cell = _name_cell(rule.only_when_given, terms)
        texts = terms.connection.execute(f"SELECT DISTINCT {cell} FROM source").fetchall()
        missing = terms.mapping.source.missing
        given = [(text,) for (text,) in texts if not _is_missing(text, missing)]
        create_table(terms.connection, "given_texts", "text VARCHAR", given)
        where += f" AND {cell} IN (SELECT text FROM given_texts)"
    terms.connection.execute(f"CREATE OR REPLACE VIEW used AS SELECT * FROM source WHERE {where}")


def _read_step(step: Step, table: str, kinds: dict[str, Kind], terms: ImportTerms) -> str:
    """Read each different text into a table, and say what is odd; return what joins it to rows."""
    connection = terms.connection
    cells = [_name_cell(name, terms) for name in step.sources]
    schema = pa.schema(
        [
            *((f"text_{at}", pa.string()) for at in range(len(cells))),
            *((name, ARROW[kinds[name]]) for name in step.names),
            ("notes", pa.list_(pa.string())),
            ("reasons", pa.list_(REASON)),
        ]
    )
    add_rows(connection, table, schema, [()] * len(schema))
    texts = connection.cursor().execute(f"SELECT DISTINCT {', '.join(cells) or 'NULL'} FROM used")
    while block := texts.fetchmany(TEXTS_A_BLOCK):
        block = block if cells else [()]
        outcomes = [step.read(*row) for row in block]
        rows = [
            (*row, *o.values, o.notes, o.reasons) for row, o in zip(block, outcomes, strict=True)
        ]
        add_rows(connection, table, schema, [*zip(*rows, strict=True)])
    on = [f"used.{cell} IS NOT DISTINCT FROM {table}.text_{at}" for at, cell in enumerate(cells)]
    join = f"JOIN {table} ON {' AND '.join(on) or 'true'}"
    for log, said in (
        ("notes", "unnest(notes)"),
        ("reasons", "unnest(reasons, recursive := true)"),
    ):
        connection.execute(
            f"INSERT INTO {log} SELECT row, {said} FROM used {join} "
            f"WHERE len({log}) > 0 ORDER BY row"
        )
    return f" LEFT {join}"


def _list_steps(rule: ExtractRule, terms: ImportTerms) -> Iterator[Step]:
    """List what fills the columns; a column that no step fills is empty."""
    missing = terms.mapping.source.missing
    for column in rule.extract.columns:
        of_column = rule.columns.get(column.name)
        if column.name in ("longitude", "latitude") and rule.has_place:
            continue
        if of_column is None:
            if column.required and column.has_unknown:
                yield Step((column.name,), (), lambda: Outcome(("unknown",)))
        elif of_column.constant is not None:
            constant = Outcome(_spell_out(column, of_column.constant))
            yield Step(_name_parts(column), (), lambda outcome=constant: outcome)
        else:
            others = of_column.ethnicity.sources if of_column.ethnicity else ()
            sources = (*of_column.sources, *others)
            read = _build_column_reader(rule.extract, of_column, terms)
            yield Step(_name_parts(column), sources, read)
    if rule.has_place:
        yield _build_place_step(rule, terms)
    if rule.address is not None:
        yield Step(
            ("_address",),
            [rule.address],
            lambda text: Outcome((None if _is_missing(text, missing) else text,)),
        )
    if rule.grouped_by:
        yield Step(
            ("incident_id",),
            rule.grouped_by,
            lambda *texts: Outcome((_make_group_code(texts, missing, terms.key),)),
        )
    spread = terms.mapping.spread
    if rule.extract.name == "incidents" and spread is not None:
        read = _build_count_reader(spread, missing)
        yield Step(("_fatal", "_nonfatal"), spread.sources, read)


def _is_missing(text: str | None, missing: Collection[str]) -> bool:
    """Return whether a text is a word that means "missing"."""
    return text is None or fold_case(text) in missing


def _make_group_code(
    texts: Sequence[str | None], missing: Collection[str], key: bytes | None
) -> str:
    """Make one incident code for the rows that agree in the listed columns."""
    words = ["" if _is_missing(text, missing) else fold_case(text or "") for text in texts]
    return "g" + hash_text("\x1f".join(words), key)


# --- values -----------------------------------------------------------------


def _build_column_reader(extract: Extract, rule: ColumnRule, terms: ImportTerms) -> Reader:
    read = _build_value_reader(extract, rule, terms)
    if rule.ethnicity is not None:
        where = f"'{rule.ethnicity.sources[0]}'"
        read_ethnicity = _build_value_reader(extract, rule.ethnicity, terms)

        def read_race(race_text: str | None, text: str | None) -> Outcome:
            (race,), notes, reasons = read(race_text)
            (is_hispanic,), more_notes, more_reasons = read_ethnicity(text)
            value, odd = _add_ethnicity(race, is_hispanic)
            notes += (*more_notes, *[f"{where} {said}" for said in odd])
            return Outcome((value,), notes, reasons + more_reasons)

        return read_race

    def read_column(*texts: str | None) -> Outcome:
        (value,), notes, reasons = read(*texts)
        return Outcome(_spell_out(rule.column, value), notes, reasons)

    return read_column


def _build_value_reader(extract: Extract, rule: ColumnRule, terms: ImportTerms) -> Reader:
    """Return what reads a column, and refuses a row where there must be a value."""
    column, source = rule.column, terms.mapping.source
    if column.kind in DATED:
        read = build_date_reader(rule, source.local_time_zone, terms.source.native, terms.today)
    else:
        read = build_reader(rule, terms.settings, terms.key, source.decimal)
    missing = (source.missing | rule.missing).difference(rule.values or ())
    place = f"{extract.name}.{column.name}"
    where = " and ".join(f"'{name}'" for name in rule.sources)
    otherwise = "unknown" if column.required and column.has_unknown else None
    empty = Outcome((otherwise if rule.when_missing is None else rule.when_missing,))
    if empty.values == (None,) and column.required and column.name != extract.own_key:
        sentence = f"{where} is empty, and '{column.name}' cannot do without it."
        empty = Outcome((None,), (), (_refuse("missing_value", sentence),))

    def read_value(*texts: str | None) -> Outcome:
        given = [text for text in texts if text is not None and not _is_missing(text, missing)]
        if not given:
            return empty
        text = given[0] if len(texts) == 1 else _join_texts(given, column)
        try:
            value = read(text)
        except RefusedValueError as refused:
            if rule.unreadable == "missing":
                return Outcome(empty.values, (f"{refused.sentence} It is left empty",))
            return Outcome((None,), (), (_refuse(refused.rule, refused.sentence, place, text),))
        odd = value.odd if isinstance(value, Moment) else ()
        return Outcome((value,), tuple(f"{where}: {oddity}" for oddity in odd))

    return read_value


def _join_texts(texts: list[str], column: Column) -> str:
    if column.kind is Kind.CODE:
        return "-".join(text.strip() for text in texts)
    texts = [EMPTY_DAY.sub("", text) if at else text for at, text in enumerate(texts)]
    return " ".join(EMPTY_CLOCK.sub(r"\1", text).strip() for text in texts)


def _build_place_step(rule: ExtractRule, terms: ImportTerms) -> Step:
    region = find_region(terms.settings.projected_crs)
    read = build_place_reader(rule, terms.mapping.source.decimal, region)
    names = ("longitude", "latitude")
    axes = [rule.columns[axis] for axis in names if axis in rule.columns]
    sources = [rule.point.column] if rule.point else [axis.sources[0] for axis in axes]
    words = [terms.mapping.source.missing | axis.missing for axis in axes]
    words = words or [terms.mapping.source.missing]

    def read_place(*texts: str | None) -> Outcome:
        pairs = zip(texts, words, strict=True)
        given = [text for text, missing in pairs if text and not _is_missing(text, missing)]
        return Outcome(*read(given))

    return Step(names, sources, read_place)


def _refuse(
    rule: str, sentence: str, place: str = "", text: str | None = None
) -> dict[str, str | None]:
    return {"rule": rule, "sentence": sentence, "place": place, "text": text}


def _name_parts(column: Column) -> tuple[str, ...]:
    """Name the columns that `_spell_out` fills."""
    return (column.name, *(["occurred_precision"] if column.kind is Kind.MOMENT else []))


def _spell_out(column: Column, value: Any) -> tuple[Any, ...]:
    """Return a column's value, and of a time also how exact it is."""
    if column.kind is not Kind.MOMENT:
        return (value.at.date() if isinstance(value, Moment) else value,)
    if not isinstance(value, Moment):
        value = Moment(value, isinstance(value, datetime))
    return value.at, "minute" if value.timed else "day"


def _build_count_reader(spread: VictimCounts, missing: Collection[str]) -> Reader:
    """Return what reads how many were killed and wounded; what is no count is refused."""

    def read_counts(*texts: str | None) -> Outcome:
        counts: dict[str | None, int | None] = {None: 0}
        reasons = []
        for name, text in zip(spread.sources, texts, strict=True):
            given = "" if _is_missing(text, missing) else text or ""
            is_zero = not given and spread.missing_is_zero
            count = 0 if is_zero else read_number(given, ".", PLAIN_NUMBER)
            if count in range(MOST_OF_A_ROW + 1):
                counts[name] = int(count or 0)
                continue
            counts[name] = None
            sentence = f"'{name}' is not a count from 0 to {MOST_OF_A_ROW:,}, in digits."
            place = ("victims.outcome", given) if given else ()
            reasons.append(_refuse("not_a_count", sentence, *place))
        fatal, nonfatal = counts[spread.fatal], counts[spread.total or spread.nonfatal]
        if spread.total is not None and fatal is not None and nonfatal is not None:
            if nonfatal < fatal:
                sentence = f"'{spread.total}' is less than '{spread.fatal}'."
                reasons.append(_refuse("counts_disagree", sentence))
            nonfatal = max(nonfatal - fatal, 0)
        return Outcome((fatal, nonfatal), (), tuple(reasons))

    return read_counts


def _add_ethnicity(race: str | None, is_hispanic: bool | None) -> tuple[str | None, list[str]]:
    """Return a race with whoever is Hispanic as that, whatever the race, and what is odd.

    Of whom it is not said whether they are, the race alone would say that they are not.
    """
    if is_hispanic:
        return "hispanic", []
    if race == "hispanic" and is_hispanic is False:
        return "unknown", [CROSSED_ETHNICITY]
    if is_hispanic is None and race not in ("hispanic", "unknown"):
        return "unknown", [OPEN_ETHNICITY]
    return race, []
