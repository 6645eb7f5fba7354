"""From the texts of a source to the rows of extracts: each different text is read once.

A source row is taken whole or refused whole: when any extract it feeds cannot
be filled, it feeds none and goes to the quarantine with every reason. In the
database each extract is a table with the number of its source row, also of rows that are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from longevity.ingest.contract import ARROW, SQL_TYPES, Column, Kind
from longevity.ingest.importing.column_rules import DATED, ColumnRule
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
TEXTS_A_BLOCK = 100_000
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
    reasons: tuple[dict[str, str], ...] = ()


Reader = Callable[..., Outcome]


class Step(NamedTuple):
    """What fills some columns from some columns of the source; from none, with a constant."""

    names: tuple[str, ...]
    sources: Sequence[str]
    read: Reader


def read_rows(source: Source, terms: ImportTerms) -> None:
    """Make a table of each extract, with the columns of HELPERS; say what is wrong and odd."""
    terms.connection.execute(
        "INSERT INTO reasons SELECT row, rule, sentence, '', NULL FROM source WHERE raw IS NOT NULL"
    )
    for rule in terms.mapping.extracts.values():
        _ExtractReader(source, rule, terms).read()


class _ExtractReader:
    """Reads the rows of one extract, of those rows of the source that make one."""

    def __init__(self, source: Source, rule: ExtractRule, terms: ImportTerms) -> None:
        self._rule = rule
        self._terms = terms
        self._native = source.native
        self._cells = {name: f"c{at}" for at, name in enumerate(source.names)}
        columns = {column.name: column.kind for column in rule.extract.columns}
        self._kinds = HELPERS | columns

    def read(self) -> None:
        """Make the table of the extract."""
        connection, name = self._terms.connection, self._rule.extract.name
        self._find_used()
        values, joins = dict.fromkeys(self._kinds, "NULL"), ""
        for number, step in enumerate(self._list_steps()):
            joins += self._read_step(step, f"step_{number}")
            values |= {column: f"step_{number}.{column}" for column in step.names}
        columns = ", ".join(
            f"CAST({value} AS {SQL_TYPES[self._kinds[column]]}) AS {column}"
            for column, value in values.items()
        )
        connection.execute(
            f"CREATE TABLE {name} AS SELECT used.row, {columns} FROM used {joins} ORDER BY row"
        )

    def _find_used(self) -> None:
        """Name the rows that make one of the extract in the view `used`."""
        connection, only = self._terms.connection, self._rule.only_when_given
        where = "raw IS NULL"
        if only is not None:
            cell = self._cells[only]
            texts = connection.execute(f"SELECT DISTINCT {cell} FROM source").fetchall()
            given = [text for text in texts if not self._is_missing(*text)]
            create_table(connection, "given_texts", "text VARCHAR", given)
            where += f" AND {cell} IN (SELECT text FROM given_texts)"
        connection.execute(f"CREATE OR REPLACE VIEW used AS SELECT * FROM source WHERE {where}")

    def _read_step(self, step: Step, table: str) -> str:
        """Read each different text into a table; return what joins it to the rows."""
        connection = self._terms.connection
        cells = [self._cells[name] for name in step.sources]
        schema = pa.schema(
            [
                *((f"text_{at}", pa.string()) for at in range(len(cells))),
                *((name, ARROW[self._kinds[name]]) for name in step.names),
                ("notes", pa.list_(pa.string())),
                ("reasons", pa.list_(REASON)),
            ]
        )
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        texts = connection.cursor().execute(
            f"SELECT DISTINCT {', '.join(cells) or 'NULL'} FROM used"
        )
        add_rows(connection, table, schema, [()] * len(schema))
        while block := texts.fetchmany(TEXTS_A_BLOCK):
            block = block if cells else [()]
            outcomes = [step.read(*row) for row in block]
            columns = [*zip(*block, strict=True)]
            columns += zip(*(outcome.values for outcome in outcomes), strict=True)
            columns += zip(*((o.notes, o.reasons) for o in outcomes), strict=True)
            add_rows(connection, table, schema, columns)
        on = [
            f"used.{cell} IS NOT DISTINCT FROM {table}.text_{at}" for at, cell in enumerate(cells)
        ]
        join = f"JOIN {table} ON {' AND '.join(on) or 'true'}"
        connection.execute(f"""
            INSERT INTO notes SELECT row, unnest(notes) FROM used {join}
            WHERE len(notes) > 0 ORDER BY row
        """)
        connection.execute(f"""
            INSERT INTO reasons SELECT row, reason.* FROM (
                SELECT row, unnest(reasons) AS reason FROM used {join}
                WHERE len(reasons) > 0 ORDER BY row
            )
        """)
        return f" LEFT {join}"

    def _list_steps(self) -> Iterator[Step]:
        """List what fills the columns; a column that no step fills is empty."""
        rule = self._rule
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
                yield Step(_name_parts(column), sources, self._build_column_reader(of_column))
        if rule.has_place:
            yield self._build_place_step()
        if rule.address is not None:
            yield Step(("_address",), [rule.address], self._keep_text)
        if rule.grouped_by:
            yield Step(("incident_id",), rule.grouped_by, self._make_group_code)
        spread = self._terms.mapping.spread
        if rule.extract.name == "incidents" and spread is not None:
            read = _build_count_reader(spread, self._is_missing)
            yield Step(("_fatal", "_nonfatal"), spread.sources, read)

    def _keep_text(self, text: str | None) -> Outcome:
        return Outcome((None if self._is_missing(text) else text,))

    def _is_missing(self, text: str | None, rule: ColumnRule | None = None) -> bool:
        """Return whether a text is a word that means "missing"."""
        if text is None:
            return True
        word, missing = text.strip().casefold(), self._terms.mapping.source.missing
        if rule is None:
            return word in missing
        return (word in missing or word in rule.missing) and word not in (rule.values or ())

    def _join_texts(self, texts: Sequence[str | None], rule: ColumnRule) -> str | None:
        given = [text for text in texts if text is not None and not self._is_missing(text, rule)]
        if len(texts) == 1:
            return given[0] if given else None
        if rule.column.kind in DATED:
            given = [EMPTY_DAY.sub("", text) if at else text for at, text in enumerate(given)]
            given = [EMPTY_CLOCK.sub(r"\1", text) for text in given]
        sign = "-" if rule.column.kind is Kind.CODE else " "
        return sign.join(text.strip() for text in given) or None

    # --- values -----------------------------------------------------------------

    def _build_column_reader(self, rule: ColumnRule) -> Reader:
        read = self._build_value_reader(rule)
        if rule.ethnicity is not None:
            where = f"'{rule.ethnicity.sources[0]}'"
            read_ethnicity = self._build_value_reader(rule.ethnicity)

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

    def _build_value_reader(self, rule: ColumnRule) -> Reader:
        """Return what reads a column, and refuses a row where there must be a value."""
        terms, column, extract = self._terms, rule.column, self._rule.extract
        source = terms.mapping.source
        if column.kind in DATED:
            read = build_date_reader(rule, source.local_time_zone, self._native, terms.today)
        else:
            read = build_reader(rule, terms.settings, terms.key, source.decimal)
        place = f"{extract.name}.{column.name}"
        where = " and ".join(f"'{name}'" for name in rule.sources)
        otherwise = "unknown" if column.required and column.has_unknown else None
        empty = Outcome((otherwise if rule.when_missing is None else rule.when_missing,))
        if empty.values == (None,) and column.required and column.name != extract.own_key:
            sentence = f"{where} is empty, and '{column.name}' cannot do without it."
            empty = Outcome((None,), (), (_refuse("missing_value", sentence),))

        def read_value(*texts: str | None) -> Outcome:
            text = self._join_texts(texts, rule)
            if text is None:
                return empty
            try:
                value = read(text)
            except RefusedValueError as refused:
                if rule.unreadable == "missing":
                    return Outcome(empty.values, (f"{refused.sentence} It is left empty",))
                return Outcome((None,), (), (_refuse(refused.rule, refused.sentence, place, text),))
            odd = value.odd if isinstance(value, Moment) else ()
            return Outcome((value,), tuple(f"{where}: {oddity}" for oddity in odd))

        return read_value

    def _build_place_step(self) -> Step:
        rule, terms = self._rule, self._terms
        region = find_region(terms.settings.projected_crs)
        read = build_place_reader(rule, terms.mapping.source.decimal, region)
        names = ("longitude", "latitude")
        rules: list[ColumnRule | None] = [rule.columns.get(axis) for axis in names]
        sources = [axis.sources[0] for axis in rules if axis is not None]
        if rule.point is not None:
            rules, sources = [None], [rule.point.column]

        def read_place(*texts: str | None) -> Outcome:
            pairs = zip(texts, rules, strict=True)
            given = [text for text, rule in pairs if text and not self._is_missing(text, rule)]
            return Outcome(*read(given))

        return Step(names, sources, read_place)

    def _make_group_code(self, *texts: str | None) -> Outcome:
        """Make one incident code for the rows that agree in the listed columns."""
        words = [
            "" if text is None or self._is_missing(text) else text.strip().casefold()
            for text in texts
        ]
        return Outcome(("g" + hash_text("\x1f".join(words), self._terms.key),))


def _refuse(rule: str, sentence: str, place: str = "", text: str | None = None) -> dict[str, Any]:
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


def _build_count_reader(spread: VictimCounts, is_missing: Callable[[str | None], bool]) -> Reader:
    """Return what reads how many were killed and wounded; what is no count is refused."""

    def read_counts(*texts: str | None) -> Outcome:
        counts: dict[str | None, int | None] = {None: 0}
        reasons = []
        for name, text in zip(spread.sources, texts, strict=True):
            given = "" if text is None or is_missing(text) else text
            count = read_number(given, ".", PLAIN_NUMBER)
            if not given and spread.missing_is_zero:
                count = 0
            counts[name] = None if count not in range(MOST_OF_A_ROW + 1) else int(count or 0)
            if counts[name] is None:
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
