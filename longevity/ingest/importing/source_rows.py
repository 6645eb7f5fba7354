"""One pass over a source: each row is read into the extracts it feeds, or refused with reasons.

A source row is taken whole or refused whole: when any extract it feeds cannot
be filled, it feeds none and goes to the quarantine with every reason. In the
database each extract is a table with the number of its source row.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from longevity.ingest.contract import Column, Kind
from longevity.ingest.importing.column_rules import DATED, ColumnRule
from longevity.ingest.importing.import_log import ImportLog, add_rows
from longevity.ingest.importing.mapping import (
    ExtractRule,
    Mapping,
    VictimCounts,
    has_unknown,
    is_derivable,
)
from longevity.ingest.importing.source_dates import Moment, build_date_reader
from longevity.ingest.importing.source_places import build_place_reader, find_region
from longevity.ingest.importing.sources import Record, Source
from longevity.ingest.importing.values import (
    PLAIN_NUMBER,
    RefusedValueError,
    build_reader,
    hash_text,
    read_number,
)
from longevity.settings import Settings

# A date typed with a midnight that nobody meant, and a time typed with such a day zero.
EMPTY_CLOCK = re.compile(
    r"(?i)^\s*(\d\S*?)[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)\s*(?:Z|\+00(?::?00)?)?\s*$"
)
EMPTY_DAY = re.compile(r"^\s*(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ](?=\d)")
MOST_OF_A_ROW = 1000  # victims of one incident; more is a mistyped count
ROWS_A_BLOCK = 5_000
TEXTS_REMEMBERED = 5_000  # of a column; most say few things again and again
# What import knows of a row that the contract has no column for.
HELPERS = pa.schema(
    [
        ("row", pa.int64()),
        ("_address", pa.string()),
        ("_marked", pa.timestamp("us")),  # of a time that says it is UTC: as it is written
        ("_fatal", pa.int64()),
        ("_nonfatal", pa.int64()),
    ]
)
OPEN_ETHNICITY = (
    "does not say whether Hispanic, so race_ethnicity is `unknown`. If it is empty of whoever "
    "is not, say when_missing = false"
)
CROSSED_ETHNICITY = "says not Hispanic and the race says Hispanic: race_ethnicity is `unknown`"


@dataclass(frozen=True)
class ImportTerms:
    """What a source is read by, and the database it is read into. `key`: that of codes."""

    mapping: Mapping
    settings: Settings
    today: date
    key: bytes | None
    connection: duckdb.DuckDBPyConnection
    log: ImportLog


class _Outcome(NamedTuple):
    """What the texts of a row say: a value for each of some columns, and what is odd.

    `reasons`: why the row is refused, each as ImportLog.refuse takes it.
    """

    values: tuple[Any, ...]
    notes: tuple[str, ...] = ()
    reasons: tuple[tuple[str, ...], ...] = ()


_Reader = Callable[..., _Outcome]


class _Step(NamedTuple):
    """What fills some columns from some columns of the source."""

    names: tuple[str, ...]
    sources: Sequence[str]
    read: _Reader


def read_rows(source: Source, terms: ImportTerms) -> int:
    """Read a source into tables, also of the rows that are refused; return how many it has.

    `source`: every record, its `raw` only where it is no row, and the cells c0, c1, …;
    and of each extract its columns with those of HELPERS.
    """
    readers = [_ExtractReader(source, rule, terms) for rule in terms.mapping.extracts.values()]
    names = ["row", "raw", *(f"c{at}" for at in range(len(source.names)))]
    schema = pa.schema([(name, pa.string() if at else pa.int64()) for at, name in enumerate(names)])
    nothing = (None,) * len(source.names)
    total = 0
    # What is read is in no circle; looking for circles took a third of the time.
    gc.disable()
    try:
        while block := list(islice(source.records, ROWS_A_BLOCK)):
            total += len(block)
            whole = [
                (r.row, r.raw, *nothing) if r.broken else (r.row, None, *r.cells) for r in block
            ]
            add_rows(terms.connection, "source", schema, [*zip(*whole, strict=True)])
            for record in block:
                if record.broken:
                    terms.log.refuse(record.row, *record.broken)
            rows = [record for record in block if not record.broken]
            for reader in readers:
                reader.read(rows)
            terms.log.keep()
    finally:
        gc.enable()
    return total


class _ExtractReader:
    """Reads the rows of one extract, of those rows of the source that make one."""

    def __init__(self, source: Source, rule: ExtractRule, terms: ImportTerms) -> None:
        self._extract = rule.extract
        self._rule = rule
        self._terms = terms
        self._native = source.native
        self._at = {name: at for at, name in enumerate(source.names)}
        self._missing = terms.mapping.source.missing
        self._given: dict[str, Any] = {}  # the same in each row
        self._steps = list(self._list_steps())
        types = [(field.name, field.type) for field in (*HELPERS, *rule.extract.schema)]
        self._schema = pa.schema(types)
        add_rows(terms.connection, self._extract.name, self._schema, [[] for _ in types])

    def read(self, records: list[Record]) -> None:
        """Read rows into the table of the extract; what is wrong and odd goes to the log."""
        if self._rule.only_when_given is not None:
            at = self._at[self._rule.only_when_given]
            records = [record for record in records if not self._is_missing(record.cells[at])]
        if not records:
            return
        cells = [*zip(*(record.cells for record in records), strict=True)]
        columns: dict[str, Sequence[Any]] = {"row": [record.row for record in records]}
        columns |= {name: [value] * len(records) for name, value in self._given.items()}
        for names, sources, read in self._steps:
            outcomes = [*map(read, *(cells[self._at[name]] for name in sources))]
            values = zip(*(outcome.values for outcome in outcomes), strict=True)
            columns |= dict(zip(names, values, strict=True))
            for row, (_, notes, reasons) in zip(columns["row"], outcomes, strict=True):
                for sentence in notes:
                    self._terms.log.note(sentence, row)
                for reason in reasons:
                    self._terms.log.refuse(row, *reason)
        schema = pa.schema([self._schema.field(name) for name in columns])
        add_rows(self._terms.connection, self._extract.name, schema, [*columns.values()])

    def _list_steps(self) -> Iterator[_Step]:
        """List what reads the columns that are not the same in each row."""
        for step in self._list_readers():
            # A text that comes again is read once.
            yield step._replace(read=lru_cache(TEXTS_REMEMBERED)(step.read))

    def _list_readers(self) -> Iterator[_Step]:
        rule = self._rule
        for column in self._extract.columns:
            of_column = rule.columns.get(column.name)
            if column.name in ("longitude", "latitude") and rule.has_place:
                continue
            if of_column is None:
                self._given |= {column.name: "unknown"} if has_unknown(column) else {}
            elif of_column.constant is None:
                others = of_column.ethnicity.sources if of_column.ethnicity else ()
                sources = (*of_column.sources, *others)
                yield _Step(_name_parts(column), sources, self._build_column_reader(of_column))
            else:
                parts = zip(
                    _name_parts(column), _spell_out(column, of_column.constant), strict=True
                )
                self._given |= dict(parts)
        if rule.has_place:
            yield self._build_place_step()
        if rule.address is not None:
            yield _Step(("_address",), [rule.address], self._keep_text)
        if rule.grouped_by:
            yield _Step(("incident_id",), rule.grouped_by, self._make_group_code)
        spread = self._terms.mapping.spread
        if self._extract.name == "incidents" and spread is not None:
            read = _build_count_reader(spread, self._is_missing)
            yield _Step(("_fatal", "_nonfatal"), spread.sources, read)

    def _keep_text(self, text: str | None) -> _Outcome:
        return _Outcome((None if self._is_missing(text) else text,))

    def _is_missing(self, text: str | None, rule: ColumnRule | None = None) -> bool:
        """Return whether a text is a word that means "missing"."""
        if text is None:
            return True
        word = text.strip().casefold()
        if rule is None:
            return word in self._missing
        return (word in self._missing or word in rule.missing) and word not in (rule.values or ())

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

    def _build_column_reader(self, rule: ColumnRule) -> _Reader:
        read = self._build_value_reader(rule)
        if rule.ethnicity is not None:
            where = f"'{rule.ethnicity.sources[0]}'"
            read_ethnicity = self._build_value_reader(rule.ethnicity)

            def read_race(race_text: str | None, text: str | None) -> _Outcome:
                (race,), notes, reasons = read(race_text)
                (is_hispanic,), more_notes, more_reasons = read_ethnicity(text)
                value, odd = _add_ethnicity(race, is_hispanic)
                notes += (*more_notes, *[f"{where} {said}" for said in odd])
                return _Outcome((value,), notes, reasons + more_reasons)

            return read_race

        def read_column(*texts: str | None) -> _Outcome:
            (value,), notes, reasons = read(*texts)
            return _Outcome(_spell_out(rule.column, value), notes, reasons)

        return read_column

    def _build_value_reader(self, rule: ColumnRule) -> _Reader:
        """Return what reads a column, and refuses a row where there must be a value."""
        column, read = rule.column, self._build_text_reader(rule)
        place = f"{self._extract.name}.{column.name}"
        where = " and ".join(f"'{name}'" for name in rule.sources)
        otherwise = "unknown" if has_unknown(column) else None
        empty = _Outcome((otherwise if rule.when_missing is None else rule.when_missing,))
        derived = is_derivable(self._extract) and column.name == self._extract.key[0]
        if empty.values == (None,) and column.required and not derived:
            sentence = f"{where} is empty, and '{column.name}' cannot do without it."
            empty = _Outcome((None,), (), (("missing_value", sentence),))

        def read_value(*texts: str | None) -> _Outcome:
            text = self._join_texts(texts, rule)
            if text is None:
                return empty
            try:
                value = read(text)
            except RefusedValueError as refused:
                if rule.unreadable == "missing":
                    return _Outcome(empty.values, (f"{refused.sentence} It is left empty",))
                return _Outcome((None,), (), ((refused.rule, refused.sentence, place, text),))
            odd = value.odd if isinstance(value, Moment) else ()
            return _Outcome((value,), tuple(f"{where}: {oddity}" for oddity in odd))

        return read_value

    def _build_text_reader(self, rule: ColumnRule) -> Callable[[str], Any]:
        terms, source = self._terms, self._terms.mapping.source
        if rule.column.kind in DATED:
            return build_date_reader(rule, source.local_time_zone, self._native, terms.today)
        return build_reader(rule, terms.settings, terms.key, source.decimal)

    def _build_place_step(self) -> _Step:
        rule, terms = self._rule, self._terms
        region = find_region(terms.settings.projected_crs)
        read = build_place_reader(rule, terms.mapping.source.decimal, region)
        names = ("longitude", "latitude")
        rules: list[ColumnRule | None] = [rule.columns.get(axis) for axis in names]
        sources = [axis.sources[0] for axis in rules if axis is not None]
        if rule.point is not None:
            rules, sources = [None], [rule.point.column]

        def read_place(*texts: str | None) -> _Outcome:
            pairs = zip(texts, rules, strict=True)
            given = [text for text, rule in pairs if text and not self._is_missing(text, rule)]
            return _Outcome(*read(given))

        return _Step(names, sources, read_place)

    def _make_group_code(self, *texts: str | None) -> _Outcome:
        """Make one incident code for the rows that agree in the listed columns."""
        words = [
            "" if text is None or self._is_missing(text) else text.strip().casefold()
            for text in texts
        ]
        return _Outcome(("g" + hash_text("\x1f".join(words), self._terms.key),))


def _name_parts(column: Column) -> tuple[str, ...]:
    """Name the columns that `_spell_out` fills."""
    if column.kind is Kind.MOMENT:
        return column.name, "occurred_precision", "_marked"
    return (column.name,)


def _spell_out(column: Column, value: Any) -> tuple[Any, ...]:
    """Return a column's value, and of a time also how exact it is and how it is written."""
    if not isinstance(value, Moment):
        value = Moment(value, isinstance(value, datetime)) if column.kind is Kind.MOMENT else value
    if column.kind is Kind.MOMENT:
        return value.at, "minute" if value.timed else "day", value.marked
    return (value.at.date() if isinstance(value, Moment) else value,)


def _build_count_reader(spread: VictimCounts, is_missing: Callable[[str | None], bool]) -> _Reader:
    """Return what reads how many were killed and wounded; what is no count is refused."""

    def read_counts(*texts: str | None) -> _Outcome:
        counts: dict[str, int | None] = {}
        reasons: list[tuple[str, ...]] = []
        for name, text in zip(spread.sources, texts, strict=True):
            given = "" if text is None or is_missing(text) else text
            count = read_number(given, ".", PLAIN_NUMBER)
            if not given and spread.missing_is_zero:
                count = 0
            counts[name] = None if count not in range(MOST_OF_A_ROW + 1) else int(count or 0)
            if counts[name] is None:
                sentence = f"'{name}' is not a count from 0 to {MOST_OF_A_ROW:,}, in digits."
                of_text = ("victims.outcome", given) if given else ()
                reasons.append(("not_a_count", sentence, *of_text))
        fatal, nonfatal = (
            0 if name is None else counts[name]
            for name in (spread.fatal, spread.total or spread.nonfatal)
        )
        if spread.total is not None and fatal is not None and nonfatal is not None:
            if nonfatal < fatal:
                sentence = f"'{spread.total}' is less than '{spread.fatal}'."
                reasons.append(("counts_disagree", sentence))
            nonfatal = max(nonfatal - fatal, 0)
        return _Outcome((fatal, nonfatal), (), tuple(reasons))

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
