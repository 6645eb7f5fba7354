"""Read the texts of a source's rows into a table for each extract.

A source row is taken whole or refused whole: if its values do not fit one extract, it gives a row
to none and goes to quarantine with every reason. The tables have the number of the source row as
`row`; refused rows are still in them. Each different text of a column is read only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import duckdb

from longevity.base.scratch import ROWS_A_BLOCK, create_table, quote_text
from longevity.geography.region import find_region
from longevity.ingest.contract import SQL_TYPES, Column, Extract, Kind
from longevity.ingest.importing.column_rules import DATED, WORDS, ColumnRule
from longevity.ingest.importing.dates import Moment, read_date
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import ExtractRule, Mapping
from longevity.ingest.importing.places import MARGIN_DEGREES, build_place_reader
from longevity.ingest.importing.source import Source
from longevity.ingest.importing.values import (
    RefusedValueError,
    build_reader,
    fold_case,
    hash_text,
    read_age,
    refuse_value,
)
from longevity.settings import Settings

MOST_OF_A_ROW = 1000  # victims of one incident; more is a mistyped count
# Columns that the contract does not have: the numbers of victims, where a row counts them.
COUNTS = {"fatal": Kind.INTEGER, "nonfatal": Kind.INTEGER}


@dataclass(frozen=True)
class ImportTerms:
    """Everything one import works with: the source, its mapping, the database it is read into.

    `key`: the secret that turns record numbers into codes; `log`: refused rows and remarks.
    """

    source: Source
    mapping: Mapping
    settings: Settings
    today: date
    key: bytes
    connection: duckdb.DuckDBPyConnection
    log: ImportLog

    def find_cell(self, name: str) -> str:
        """Return the name that a column of the source has in the table `source`: `c3`."""
        return f"c{self.source.names.index(name)}"


class Outcome(NamedTuple):
    """What reading the texts of a step gave: a value for each of its columns, and sentences.

    `said`: pairs of a broken rule, for which the row is refused, and the reason; the rule is "" for
    a remark about a row that is kept: (("", "'time': the clock was put back"),).
    """

    values: tuple[Any, ...]
    said: tuple[tuple[str, str], ...] = ()


class Step(NamedTuple):
    """How some columns of an extract (`names`) are read from some columns of the source.

    `read` takes their texts and returns the values: "3/4/2019" gives `occurred_at` and
    `occurred_precision`.
    """

    names: tuple[str, ...]
    sources: Sequence[str]
    read: Callable[..., Outcome]


def read_rows(terms: ImportTerms) -> None:
    """Make a table for each extract of the mapping from the table `source`; log what is wrong.

    Each step's texts are read into a table of their own, which is then joined to the rows.
    """
    terms.log.refuse_found("rule", "SELECT row, rule, sentence FROM source WHERE raw IS NOT NULL")
    for rule in terms.mapping.extracts.values():
        kinds = {column.name: column.kind for column in rule.extract.columns} | COUNTS
        values, joins = dict.fromkeys(kinds, "NULL") | _list_constants(rule), ""
        _find_used(rule, terms)
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


def _find_used(rule: ExtractRule, terms: ImportTerms) -> None:
    """Create the view `used`: the source rows that give a row of this extract.

    All of them, unless the mapping says `only_when_given`: those that have that column.
    """
    given = "true"
    if rule.only_when_given is not None:
        words = ", ".join(map(quote_text, terms.mapping.source.missing))
        cell = terms.find_cell(rule.only_when_given)
        given = f"lower(trim(coalesce({cell}, ''))) NOT IN ({words})"
    terms.connection.execute(
        f"CREATE OR REPLACE VIEW used AS SELECT * FROM source WHERE raw IS NULL AND {given}"
    )


def _list_constants(rule: ExtractRule) -> dict[str, str]:
    """Return SQL for the columns that are the same in each row: {"weapon": "'firearm'"}.

    Constants of the mapping, and `unknown` in required columns that may say so.
    """
    values: dict[str, str] = {}
    for column in rule.extract.columns:
        of_column = rule.columns.get(column.name)
        if of_column is not None and of_column.constant is not None:
            names = _name_parts(column)
            spelt = _spell_out(column, of_column.constant)
            values |= {name: quote_text(str(v)) for name, v in zip(names, spelt, strict=True)}
        elif column.required and column.has_unknown:
            values[column.name] = "'unknown'"
    return values


def _read_step(step: Step, table: str, kinds: dict[str, Kind], terms: ImportTerms) -> str:
    """Read each different text of a step into `table`; return SQL that joins it to the rows.

    `kinds`: the kinds of the extract's columns by name. Refusals and remarks go to the log.
    """
    connection = terms.connection
    cells = [terms.find_cell(name) for name in step.sources]
    texts = [f"text_{at}" for at in range(len(cells))]
    columns = [f"{text} VARCHAR" for text in texts]
    columns += [f"{name} {SQL_TYPES[kinds[name]]}" for name in step.names]
    found = connection.cursor().execute(f"SELECT DISTINCT {', '.join(cells)} FROM used")
    different = chain.from_iterable(iter(partial(found.fetchmany, ROWS_A_BLOCK), []))
    outcomes = ((row, step.read(*row)) for row in different)
    rows = ((*row, *outcome.values, outcome.said or None) for row, outcome in outcomes)
    create_table(connection, table, f"{', '.join(columns)}, said VARCHAR[][]", rows)
    pairs = zip(cells, texts, strict=True)
    on = " AND ".join(f"used.{cell} IS NOT DISTINCT FROM {table}.{text}" for cell, text in pairs)
    connection.execute(
        "INSERT INTO said SELECT row, pair[1], pair[2] FROM ("
        f"SELECT row, unnest(said) AS pair FROM used JOIN {table} ON {on}) ORDER BY row"
    )
    return f" LEFT JOIN {table} ON {on}"


def _list_steps(rule: ExtractRule, terms: ImportTerms) -> Iterator[Step]:
    """Yield the steps that fill an extract: its columns, its place, its counts of victims."""
    for column in rule.extract.columns:
        of_column = rule.columns.get(column.name)
        if of_column is not None and of_column.sources and column.name not in PLACE:
            of_column = _take_midnights_as_days(of_column, terms)
            read = _build_column_reader(rule.extract, of_column, terms)
            yield Step(_name_parts(column), of_column.sources, read)
    if rule.has_place:
        yield _build_place_step(rule, terms)
    # Where a row counts its victims, the two counts are read too, to be spread into victims.
    spread = terms.mapping.spread
    if rule.extract.name == "incidents" and spread is not None:
        for name in COUNTS:
            count = Column(
                name=name, kind=Kind.INTEGER, says="", required=True, least=0, most=MOST_OF_A_ROW
            )
            values = {"": 0} if spread.missing_is_zero else {}
            sources = (getattr(spread, name),)
            of_count = ColumnRule.model_construct(column=count, sources=sources, values=values)
            yield Step((name,), sources, _build_column_reader(rule.extract, of_count, terms))


PLACE = ("longitude", "latitude")
UTC_MIDNIGHT = r".*[T ]00:00(:00([.,]0+)?)?\s*(Z|z|[+-]00(:?00)?)"
DAYS_AS_WRITTEN = (
    "all are midnight of UTC, as databases write a day without a time: taken as days, as written"
)


def _take_midnights_as_days(rule: ColumnRule, terms: ImportTerms) -> ColumnRule:
    """Return the rule for a column of days that are all written as midnight of UTC.

    Turned into local time each would be the evening before. Not where the mapping says what a `Z`
    means.
    """
    if rule.column.kind not in DATED or rule.z_is_local is not None:
        return rule
    cells = [terms.find_cell(name) for name in rule.sources]
    texts = " UNION ALL ".join(f"SELECT row, {cell} AS text FROM used" for cell in cells)
    given = f"SELECT * FROM ({texts}) WHERE TRIM(COALESCE(text, '')) <> ''"
    all_are = f"SELECT BOOL_AND(REGEXP_FULL_MATCH(TRIM(text), '{UTC_MIDNIGHT}')) FROM ({given})"
    if terms.connection.sql(all_are).fetchall() != [(True,)]:
        return rule
    terms.log.note_found(f"'{rule.column.name}': {DAYS_AS_WRITTEN}", f"SELECT row FROM ({given})")
    return rule.model_copy(update={"z_is_local": True, "midnight_is_unknown": True})


# --- values -----------------------------------------------------------------


def _blank_missing(text: str | None, missing: frozenset[str]) -> str:
    """Return a text, "" where it is a word that means "missing"."""
    return "" if text is None or fold_case(text) in missing else text


def _build_column_reader(
    extract: Extract, rule: ColumnRule, terms: ImportTerms
) -> Callable[..., Outcome]:
    """Return the function that reads the texts of a column: `read("Y")` gives an `Outcome`.

    An empty text is "unknown" where the contract has that word, else refused where the column is
    required.
    """
    column = rule.column
    missing = (terms.mapping.source.missing | rule.missing).difference(rule.values)
    nothing = len(_name_parts(column)) * (None,)
    empty = Outcome(nothing)
    if column.required and column.has_unknown:
        empty = Outcome(("unknown",))
    elif column.required and column.name != extract.own_key:
        sentence = f"{rule.where} is empty, and '{column.name}' cannot do without it."
        empty = Outcome(nothing, (("missing_value", sentence),))
    read_text = _build_text_reader(rule, terms)

    def read_column(*texts: str | None) -> Outcome:
        given = [_blank_missing(text, missing).strip() for text in texts]
        if not any(given) and "" not in rule.values:
            return empty
        # Of columns with words an empty one counts too: "black" with an empty ethnicity is another
        # combination than "black" and "not hispanic".
        given = given if column.kind in WORDS else [text for text in given if text]
        try:
            value = read_text((" " if column.kind in DATED else "-").join(given))
        except RefusedValueError as refused:
            if rule.otherwise is not None:
                said = f"{rule.where}: a word not known, taken as {rule.otherwise} (`otherwise`)"
                return Outcome((rule.otherwise,), (("", said),))
            return Outcome(nothing, ((refused.rule, refused.sentence),))
        odd = value.odd if isinstance(value, Moment) else ()
        return Outcome(_spell_out(column, value), tuple(("", f"{rule.where}: {o}") for o in odd))

    return read_column


def _build_text_reader(rule: ColumnRule, terms: ImportTerms) -> Callable[[str], Any]:
    """Return the function that turns a text into a column's value, by its rule in the mapping.

    It raises RefusedValueError where it cannot; texts that mean "missing" do not get to it.
    """
    column = rule.column
    read_plain = build_reader(column, terms.settings)

    def read_text(text: str) -> Any:
        if column.kind in DATED:
            return read_date(text, rule, terms.settings.time_zone, terms.today)
        if fold_case(text) in rule.values:
            return rule.values[fold_case(text)]
        if column.kind is Kind.CODE:
            text = rule.prefix + (f"c{hash_text(text, terms.key)}" if rule.coded else text)
        # A column of free text takes any word: with `otherwise`, all that `values` lacks become it.
        value = None if column.kind is Kind.TEXT and rule.otherwise else read_plain(text)
        if value is None and rule.ages:
            value = read_age(text)
        if value is None:
            raise refuse_value(column, rule.where, rule.ages)
        return value

    return read_text


def _build_place_step(rule: ExtractRule, terms: ImportTerms) -> Step:
    """Return the step that reads longitude and latitude together, from two columns or one."""
    region = find_region(terms.settings.projected_crs, MARGIN_DEGREES)
    read = build_place_reader(rule.crs, rule.point is not None, region)
    axes = [] if rule.point else [rule.columns[axis] for axis in PLACE]
    missing = terms.mapping.source.missing.union(*(axis.missing for axis in axes))

    def read_place(*texts: str | None) -> Outcome:
        given = [_blank_missing(text, missing) for text in texts]
        place, odd = read([text for text in given if text])
        return Outcome(place, tuple(("", sentence) for sentence in odd))

    return Step(
        PLACE, [rule.point] if rule.point else [axis.sources[0] for axis in axes], read_place
    )


def _name_parts(column: Column) -> tuple[str, ...]:
    """Return the columns that `_spell_out` fills: of a time also that of its precision."""
    return (column.name, *(["occurred_precision"] if column.kind is Kind.MOMENT else []))


def _spell_out(column: Column, value: Any) -> tuple[Any, ...]:
    """Return the value of a column, and for a time its precision too: (noon that day, "minute")."""
    if column.kind is not Kind.MOMENT:
        return (value.at.date() if isinstance(value, Moment) else value,)
    if not isinstance(value, Moment):
        value = Moment(value, isinstance(value, datetime))
    return value.at, "minute" if value.timed else "day"
