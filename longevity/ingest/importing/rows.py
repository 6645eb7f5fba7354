"""The rows of a source, turned into rows of extracts by their number, and the rows refused.

A source row is taken whole or refused whole: when any extract it feeds cannot
be filled, it feeds none and goes to the quarantine with every reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from longevity.ingest.contract import EARLIEST_YEAR, Column, Kind
from longevity.ingest.importing import places
from longevity.ingest.importing.column_rules import DATED, ColumnRule
from longevity.ingest.importing.dates import ODDITIES, build_date_reader
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import (
    ExtractRule,
    Mapping,
    VictimCounts,
    has_unknown,
    is_derivable,
)
from longevity.ingest.importing.source_rows import Source
from longevity.ingest.importing.utc_marks import describe_marks
from longevity.ingest.importing.values import (
    DTYPES,
    PLAIN_NUMBER,
    Distinct,
    build_reader,
    describe_refusal,
    hash_text,
    read_number,
)
from longevity.settings import Settings

# A date typed with a midnight nobody meant, and a time typed with a day zero nobody meant.
EMPTY_CLOCK = (
    r"(?i)^\s*(\d\S*?)[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)\s*(?:Z|\+00(?::?00)?)?\s*$"
)
EMPTY_DAY = r"^\s*(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ](?=\d)"
MOST_OF_A_ROW = 1000  # victims of one incident; more is a mistyped count

Frames = dict[str, pd.DataFrame]  # by extract; the index numbers the source row of each row


@dataclass(frozen=True)
class Terms:
    """What a source is read by, and where it is written what was found. `key`: that of codes."""

    mapping: Mapping
    settings: Settings
    today: date
    key: bytes | None
    log: ImportLog


def read_frames(source: Source, terms: Terms) -> Frames:
    """Return the rows of each extract, those also that are refused.

    Incidents whose victims are counts have `_fatal` and `_nonfatal`, NA where no count was read.
    """
    log = terms.log
    for line in source.malformed:
        log.refuse(pd.Index([line.row]), line.rule, line.sentence)
    readers = [_ExtractReader(source, rule, terms) for rule in terms.mapping.extracts.values()]
    frames = {reader.extract.name: reader.build_frame() for reader in readers}
    fed = pd.Index([], dtype="int64").append([frame.index for frame in frames.values()])
    log.refuse(source.rows.index.difference(fed), "nothing_in_row", "The row fills no extract.")
    _refuse_wrong_deaths(frames, log)
    for sentence, rows in (pair for reader in readers for pair in reader.about_places):
        log.note(sentence, rows[~rows.isin([*log.reasons])])
    return frames


class _ExtractReader:
    """Reads the rows of one extract, of those rows of the source that make one."""

    def __init__(self, source: Source, rule: ExtractRule, terms: Terms) -> None:
        self.extract = rule.extract
        self.about_places: list[tuple[str, pd.Index]] = []
        self._rule = rule
        self._terms = terms
        self._log = terms.log
        self._source = terms.mapping.source
        self._native = source.native
        self._rows = source.rows
        if rule.only_when_given is not None:
            self._rows = source.rows[self._read_text(rule.only_when_given).notna()]

    def build_frame(self) -> pd.DataFrame:
        """Return a row for each source row, also for one that is refused."""
        rule = self._rule
        columns: dict[str, Any] = {}
        for column in self.extract.columns:
            of_column = rule.columns.get(column.name)
            if column.name in ("longitude", "latitude") and rule.has_place:
                continue
            if of_column is not None:
                columns.update(self._read_values(of_column))
            elif has_unknown(column) and column.name != "occurred_precision":
                columns[column.name] = self._repeat_value("unknown", column)
        if rule.has_place:
            columns.update(self._read_places())
        if rule.address is not None:
            columns["_address"] = self._read_text(rule.address)
        if rule.grouped_by:
            columns["incident_id"] = self._make_group_codes()
        spread = self._terms.mapping.spread
        if self.extract.name == "incidents" and spread is not None:
            columns.update(self._read_victim_counts(spread))
        frame = pd.DataFrame(columns, index=self._rows.index)
        if "occurred_precision" in rule.columns:
            by_day, moments = frame["occurred_precision"] != "minute", frame["occurred_at"]
            frame["occurred_at"] = moments.mask(by_day, moments.dt.normalize())
        for earlier, later in self.extract.in_order:
            if earlier in frame and later in frame:
                _refuse_before(frame[later], frame[earlier], self._log)
        return frame

    # --- text of the source ---------------------------------------------------

    def _read_text(self, name: str, rule: ColumnRule | None = None) -> pd.Series:
        """Return text with the words that mean "missing" taken out."""
        text = self._rows[name]
        folded = text.str.strip().str.casefold()
        words = self._source.missing
        if rule is not None:
            words = (words | rule.missing).difference(rule.values or ())
        return text.mask(folded.isin(words))

    def _join_sources(self, rule: ColumnRule) -> pd.Series:
        parts = [self._read_text(name, rule) for name in rule.sources]
        if len(parts) == 1:
            return parts[0]
        if rule.column.kind in DATED:
            first, *others = parts
            parts = [first, *(part.str.replace(EMPTY_DAY, "", regex=True) for part in others)]
            parts = [part.str.replace(EMPTY_CLOCK, r"\1", regex=True) for part in parts]
        sign = "-" if rule.column.kind is Kind.CODE else " "
        texts = [
            sign.join(part.strip() for part in row if isinstance(part, str)) or None
            for row in zip(*parts, strict=True)
        ]
        return pd.Series(texts, self._rows.index, dtype="str")

    def _repeat_value(self, value: Any, column: Column) -> pd.Series:
        if column.kind in DATED:
            value = pd.Timestamp(value)
        return pd.Series(value, self._rows.index).astype(DTYPES[column.kind])

    # --- values -----------------------------------------------------------------

    def _read_values(self, rule: ColumnRule) -> dict[str, pd.Series]:
        column = rule.column
        if rule.constant is not None:
            read = {column.name: self._repeat_value(rule.constant, column)}
            if column.kind is Kind.MOMENT:
                read |= self._build_precisions(isinstance(rule.constant, datetime))
            return read
        texts = self._join_sources(rule)
        extra: dict[str, pd.Series] = {}
        if column.kind in DATED:
            values, extra = self._read_dates(texts, rule)
        else:
            reader = build_reader(rule, self._terms.settings, self._terms.key, self._source.decimal)
            values = Distinct(texts, reader).deal_out(DTYPES[column.kind])
            bad = texts[values.isna()].dropna()
            self._refuse(rule, bad, *describe_refusal(rule, bad))
        if rule.when_missing is not None:
            fill = rule.when_missing
            values = values.fillna(pd.Timestamp(fill) if column.kind in DATED else fill)
        if has_unknown(column):
            values = values.fillna("unknown")
        if rule.ethnicity is not None:
            values = self._add_ethnicity(values, rule.ethnicity)
        derived = is_derivable(self.extract) and column.name == self.extract.key[0]
        if column.required and not derived:
            where = " and ".join(f"'{name}'" for name in rule.sources)
            sentence = f"{where} is empty, and '{column.name}' cannot do without it."
            self._log.refuse(values.index[texts.isna() & values.isna()], "missing_value", sentence)
        return {column.name: values, **extra}

    def _refuse(self, rule: ColumnRule, texts: pd.Series, broken: str, sentence: str) -> None:
        """Refuse the rows of texts that cannot be read, or say that they are left empty."""
        if rule.unreadable == "missing":
            self._log.note(f"{sentence} It is left empty", texts.index)
        elif len(texts):
            column = (self.extract.name, rule.column.name)
            self._log.refuse_values(column, rule.sources, texts, (broken, sentence))

    def _add_ethnicity(self, races: pd.Series, rule: ColumnRule) -> pd.Series:
        """Return races with whoever is Hispanic as that, whatever the race.

        Of whom nobody says whether they are, the race alone would say that they are not.
        """
        is_hispanic = self._read_values(rule)[rule.column.name]
        said_so, where = races == "hispanic", f"'{rule.sources[0]}'"
        open_ = is_hispanic.isna() & ~said_so & (races != "unknown")
        crossed = said_so & ~is_hispanic.fillna(True).astype(bool)
        self._log.note(
            f"{where} does not say whether Hispanic, so race_ethnicity is `unknown`. If it is "
            "empty of whoever is not, say when_missing = false",
            races.index[open_],
        )
        self._log.note(
            f"{where} says not Hispanic and the race says Hispanic: race_ethnicity is `unknown`",
            races.index[crossed],
        )
        hispanic = is_hispanic.fillna(False).astype(bool)
        return races.mask(hispanic, "hispanic").mask(open_ | crossed, "unknown")

    def _read_dates(
        self, texts: pd.Series, rule: ColumnRule
    ) -> tuple[pd.Series, dict[str, pd.Series]]:
        column, kind = rule.column, "datetime64[us]"
        reader = build_date_reader(rule, self._source.local_time_zone, self._native)
        found = Distinct(texts, reader)
        where = " and ".join(f"'{name}'" for name in rule.sources)
        odd = found.deal_out("object", attrgetter("odd"))
        for oddity in ODDITIES:
            self._log.note(f"{where}: {oddity}", odd.index[[oddity in (o or ()) for o in odd]])
        moments = found.deal_out(kind, attrgetter("at"))
        if column.name == "occurred_at" and rule.z_is_local is None:
            marked = found.deal_out(kind, attrgetter("marked"))
            self._log.about_marks = describe_marks(moments[marked.notna()], marked.dropna())
        formats = " or ".join(rule.formats)
        sentence = f"{where} is not a date written {formats}. See 'format' of '{column.name}'."
        latest = self._terms.today + timedelta(days=column.ahead)
        days = moments.dt.normalize()
        outside = (days < pd.Timestamp(EARLIEST_YEAR, 1, 1)) | (days > pd.Timestamp(latest))
        beyond = f"{where} is not between {EARLIEST_YEAR} and {latest.isoformat()}."
        self._refuse(rule, texts[outside], "date_out_of_range", beyond)
        self._refuse(rule, texts[moments.isna()].dropna(), "unreadable_date", sentence)
        # A date out of range stays in place: it was said already and is not "empty".
        if rule.unreadable == "missing":
            moments = moments.mask(outside)
        if column.kind is Kind.DAY:
            return moments.dt.normalize(), {}
        timed = found.deal_out("boolean", attrgetter("timed")).fillna(False)
        return moments, self._build_precisions(timed)

    def _build_precisions(self, timed: Any) -> dict[str, pd.Series]:
        words = np.where(pd.Series(timed, self._rows.index), "minute", "day")
        return {"occurred_precision": pd.Series(words, self._rows.index, dtype="str")}

    # --- places and counts --------------------------------------------------------

    def _read_places(self) -> pd.DataFrame:
        rule = self._rule
        if rule.point is not None:
            texts = [self._read_text(rule.point.column)]
        else:
            pair = [rule.columns[name] for name in ("longitude", "latitude")]
            texts = [self._read_text(coordinate.sources[0], coordinate) for coordinate in pair]
        region = places.region_of(self._terms.settings.projected_crs)
        points, found = places.read_places(texts, rule, self._source.decimal, region)
        self.about_places = [(sentence, which.index[which]) for sentence, which in found.items()]
        return points

    def _make_group_codes(self) -> list[str]:
        """Return one made-up incident code for rows that agree in the listed columns."""
        parts = [
            self._read_text(name).str.strip().str.casefold().fillna("")
            for name in self._rule.grouped_by
        ]
        return [
            "g" + hash_text("\x1f".join(row), self._terms.key) for row in zip(*parts, strict=True)
        ]

    def _read_victim_counts(self, spread: VictimCounts) -> dict[str, pd.Series]:
        fatal = self._read_counts(spread.fatal, spread)
        if spread.total is None:
            return {"_fatal": fatal, "_nonfatal": self._read_counts(spread.nonfatal, spread)}
        nonfatal = self._read_counts(spread.total, spread) - fatal
        sentence = f"'{spread.total}' is less than '{spread.fatal}'."
        fewer = (nonfatal < 0).fillna(False)
        self._log.refuse(nonfatal.index[fewer], "counts_disagree", sentence)
        return {"_fatal": fatal, "_nonfatal": nonfatal.clip(lower=0)}

    def _read_counts(self, name: str | None, spread: VictimCounts) -> pd.Series:
        """Return whole numbers from 0; a row whose count is anything else is refused."""
        if name is None:
            return pd.Series(0, self._rows.index, dtype="Int64")
        texts = self._read_text(name)
        if spread.missing_is_zero:
            texts = texts.fillna("0")
        counts = Distinct(texts, _read_count).deal_out("Int64")
        reason = ("not_a_count", f"'{name}' is not a count from 0 to {MOST_OF_A_ROW:,}, in digits.")
        bad = texts[counts.isna()]
        self._log.refuse_values(("victims", "outcome"), (name,), bad, reason)
        return counts


def _read_count(text: str) -> int | None:
    count = read_number(text, ".", PLAIN_NUMBER)
    return int(count) if count is not None and count in range(MOST_OF_A_ROW + 1) else None


def _refuse_before(later: pd.Series, earlier: pd.Series, log: ImportLog) -> None:
    """Refuse rows whose later day comes before the earlier one."""
    wrong = later.dt.normalize() < earlier.reindex(later.index).dt.normalize()
    sentence = f"'{later.name}' comes before '{earlier.name}'."
    log.refuse(later.index[wrong], "dates_out_of_order", sentence)


def _refuse_wrong_deaths(frames: Frames, log: ImportLog) -> None:
    """Refuse a day of death that is not of a fatal victim, or comes before the event."""
    victims, incidents = frames.get("victims"), frames.get("incidents")
    if victims is None or "died_on" not in victims:
        return
    if "outcome" in victims:
        alive = (victims["outcome"] == "nonfatal") & victims["died_on"].notna()
        log.refuse(
            victims.index[alive], "wounded_and_died", "A nonfatal victim has a day of death."
        )
    if incidents is not None:
        _refuse_before(victims["died_on"], incidents["occurred_at"], log)
