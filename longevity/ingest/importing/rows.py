"""One chunk of a source, turned into rows of extracts, and the rows refused.

A source row is taken whole or refused whole: when any extract it feeds cannot
be filled, it feeds none and goes to the quarantine with every reason.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from longevity.ingest.contract import EARLIEST_YEAR, Column, Extract, Kind
from longevity.ingest.importing import coordinates, timestamps, values
from longevity.ingest.importing.chunks import Chunk
from longevity.ingest.importing.column_rules import DATED, ColumnRule
from longevity.ingest.importing.coordinates import Region
from longevity.ingest.importing.mapping import (
    ExtractRule,
    Mapping,
    VictimCounts,
    has_unknown,
    is_derivable,
)
from longevity.ingest.importing.notes import Notes
from longevity.ingest.importing.refused_people import OUTCOMES, RefusedPeople, count_outcomes
from longevity.ingest.importing.utc_marks import UtcMarks
from longevity.settings import Settings

Reason = tuple[str, str]  # rule, sentence
# A date typed with a midnight nobody meant, and a time typed with a day zero nobody meant.
EMPTY_CLOCK = (
    r"(?i)^\s*(\d\S*?)[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)\s*(?:Z|\+00(?::?00)?)?\s*$"
)
EMPTY_DAY = r"^\s*(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ](?=\d)"
MOST_OF_A_ROW = 1000  # victims of one incident; more is a mistyped count

DTYPES: dict[Kind, str] = {
    Kind.CODE: "str",
    Kind.CITY: "str",
    Kind.TEXT: "str",
    Kind.CHOICE: "str",
    Kind.BAND: "str",
    Kind.DAY: "datetime64[us]",
    Kind.MOMENT: "datetime64[us]",
    Kind.INTEGER: "Int64",
    Kind.DECIMAL: "float64",
    Kind.BOOLEAN: "boolean",
}


@dataclass
class Refusals:
    """Source rows refused, each with every reason found."""

    reasons: dict[int, list[Reason]] = field(default_factory=dict)

    def add(self, rows: np.ndarray, rule: str, sentence: str) -> None:
        """Refuse rows (source row numbers) for one reason."""
        for row in rows:
            self.reasons.setdefault(int(row), []).append((rule, sentence))

    def find_refused(self, rows: np.ndarray) -> np.ndarray:
        """Return whether each row number was refused."""
        if not self.reasons:
            return np.zeros(len(rows), dtype=bool)
        return np.isin(rows, np.fromiter(self.reasons, dtype="int64"))


class RowReader:
    """Reads chunks by a mapping, collecting refusals and remarks as it goes."""

    def __init__(
        self,
        mapping: Mapping,
        settings: Settings,
        today: date,
        native: bool,
        key: bytes | None,
        refusals: Refusals,
        notes: Notes,
        refused_people: RefusedPeople,
    ) -> None:
        self._mapping = mapping
        self._settings = settings
        self._today = today
        self._native = native
        self._key = key
        self._refusals = refusals
        self._notes = notes
        self._refused_people = refused_people
        self._region: Region = coordinates.region_of(settings.projected_crs)
        self.utc_marks = UtcMarks()
        self._chunk: Chunk
        self._texts: dict[str, tuple[pd.Series, pd.Series]] = {}
        self._about_places: list[tuple[str, np.ndarray]] = []
        self._unread_counts = np.array([], dtype=bool)  # rows of the chunk whose counts are none

    def read_chunk(self, chunk: Chunk) -> dict[str, pd.DataFrame]:
        """Return the chunk's rows for each extract, with `_row`, the number in the source.

        Only rows that no extract refuses are in the frames. Incidents whose
        victims are counts have `_fatal` and `_nonfatal`; where a key may have to
        be made up there is `_hash`, equal for equal content.
        """
        self._chunk = chunk
        self._texts = {}
        for line in chunk.malformed:
            self._refusals.add(np.array([line.row]), line.rule, line.sentence)
        if not len(chunk.rows):
            return {}
        masks = {n: self._find_given(r) for n, r in self._mapping.extracts.items()}
        nothing = ~np.logical_or.reduce(list(masks.values()))
        self._refusals.add(chunk.rows[nothing], "nothing_in_row", "The row fills no extract.")
        frames = {
            name: self._build_frame(rule, masks[name])
            for name, rule in self._mapping.extracts.items()
        }
        self._refuse_wrong_deaths(frames, masks)
        self._note_places()
        good = ~self._refusals.find_refused(chunk.rows)
        self._count_people(frames, masks, good)
        if self._needs_hash(frames):
            digests = _hash_rows(frames)
            for frame in frames.values():
                frame["_hash"] = digests
        for name, frame in frames.items():
            keep = good & masks[name]
            frames[name] = frame[keep].reset_index(drop=True)
        return frames

    def _count_people(
        self, frames: dict[str, pd.DataFrame], masks: dict[str, np.ndarray], good: np.ndarray
    ) -> None:
        """Count who is in the rows that are refused, and in those that are not."""
        if "victims" not in frames:
            return
        mask = masks["victims"]
        if self._mapping.spread is not None:
            counts = frames["incidents"]
            people = {word: counts[f"_{word}"].to_numpy() for word in OUTCOMES}
            unread = self._unread_counts
        else:
            people = count_outcomes(frames["victims"], mask)
            unread = frames["victims"]["outcome"].isna().to_numpy() & mask
        cities = next(frame["city"] for frame in frames.values() if "city" in frame)
        self._refused_people.add_people(cities, people, unread, good)

    def _needs_hash(self, frames: dict[str, pd.DataFrame]) -> bool:
        return any(
            is_derivable(rule.extract)
            and name != "victims"  # numbered within their incident
            and (
                rule.extract.key[0] not in frames[name]
                or bool(frames[name][rule.extract.key[0]].isna().any())
            )
            for name, rule in self._mapping.extracts.items()
        )

    # --- text of the source ---------------------------------------------------

    def _read_column(self, name: str) -> tuple[pd.Series, pd.Series]:
        """Return (text as written, folded text) of a source column, read once a chunk."""
        if name not in self._texts:
            text = self._chunk.read_column(name)
            self._texts[name] = (text, text.str.strip().str.casefold())
        return self._texts[name]

    def _read_text(self, name: str, rule: ColumnRule | None = None) -> pd.Series:
        """Return text with the words that mean "missing" taken out."""
        text, folded = self._read_column(name)
        missing = folded.isin(
            self._mapping.source.missing | (rule.missing if rule else frozenset())
        )
        if rule is not None and rule.values is not None:
            missing &= ~folded.isin(list(rule.values))
        return text.mask(missing)

    def _join_sources(self, rule: ColumnRule) -> pd.Series:
        parts = [self._read_text(name, rule) for name in rule.sources]
        if len(parts) == 1:
            return parts[0]
        if rule.column.kind in DATED:
            parts = [
                part.str.replace(EMPTY_DAY, "", regex=True) if at else part
                for at, part in enumerate(parts)
            ]
            parts = [part.str.replace(EMPTY_CLOCK, r"\1", regex=True) for part in parts]
        sign = "-" if rule.column.kind is Kind.CODE else " "
        texts = [
            sign.join(p.strip() for p in row if isinstance(p, str)) or None
            for row in zip(*parts, strict=True)
        ]
        return pd.Series(texts, dtype="str")

    def _find_given(self, rule: ExtractRule) -> np.ndarray:
        """Return which rows make a row of this extract."""
        if rule.only_when_given is None:
            return np.ones(len(self._chunk.rows), dtype=bool)
        return np.asarray(self._read_text(rule.only_when_given).notna())

    # --- one extract ------------------------------------------------------------

    def _build_frame(self, rule: ExtractRule, mask: np.ndarray) -> pd.DataFrame:
        columns: dict[str, pd.Series] = {"_row": pd.Series(self._chunk.rows)}
        for column in rule.extract.columns:
            of_column = rule.columns.get(column.name)
            if column.name in ("longitude", "latitude") and rule.has_place:
                continue
            if of_column is None:
                if has_unknown(column) and column.name != "occurred_precision":
                    columns[column.name] = self._repeat_value("unknown", column)
                continue
            columns.update(self._read_values(of_column, rule.extract, mask))
        if rule.has_place:
            columns.update(self._read_places(rule, mask))
        if rule.address is not None:
            columns["_address"] = self._read_text(rule.address)
        if rule.grouped_by:
            columns["incident_id"] = self._make_group_codes(rule)
        if rule.extract.name == "incidents" and self._mapping.spread is not None:
            columns.update(self._read_victim_counts(self._mapping.spread, mask))
        frame = pd.DataFrame(columns)
        if "occurred_precision" in rule.columns and "occurred_at" in frame:
            exact = frame["occurred_precision"] == "minute"
            days = frame["occurred_at"].dt.normalize()
            frame["occurred_at"] = frame["occurred_at"].where(exact, days)
        self._refuse_out_of_order(rule, frame, mask)
        return frame

    def _read_values(
        self, rule: ColumnRule, extract: Extract, mask: np.ndarray
    ) -> dict[str, pd.Series]:
        column = rule.column
        if rule.constant is not None:
            values_read = {column.name: self._repeat_value(rule.constant, column)}
            if column.kind is Kind.MOMENT:
                exact = isinstance(rule.constant, datetime)
                values_read["occurred_precision"] = self._build_precisions(
                    np.full(len(mask), exact)
                )
            return values_read
        texts = self._join_sources(rule)
        extra: dict[str, pd.Series] = {}
        if column.kind in DATED:
            result, extra = self._read_dates(texts, rule, extract, mask)
        else:
            result = values.read_values(
                texts, rule, (self._settings, self._key, self._mapping.source.decimal)
            )
        bad = result.bad & mask
        if rule.unreadable == "missing":
            self._notes.add(f"{result.sentence} It is left empty", self._chunk.rows[bad])
        else:
            self._refusals.add(self._chunk.rows[bad], result.rule, result.sentence)
            self._note_refused(extract.name, column.name, rule.sources, texts, bad)
        values_read = result.values
        if rule.when_missing is not None:
            fill = rule.when_missing
            values_read = values_read.fillna(pd.Timestamp(fill) if column.kind in DATED else fill)
        if has_unknown(column):
            values_read = values_read.fillna("unknown")
        if rule.ethnicity is not None:
            values_read = self._add_ethnicity(values_read, rule.ethnicity, extract, mask)
        self._refuse_missing(values_read, bad, rule, extract, mask)
        return {column.name: values_read, **extra}

    def _add_ethnicity(
        self, races: pd.Series, rule: ColumnRule, extract: Extract, mask: np.ndarray
    ) -> pd.Series:
        """Return races with whoever is Hispanic as that, whatever the race.

        Of whom nobody says whether they are, the race alone would say that they are not.
        """
        is_hispanic = self._read_values(rule, extract, mask)[rule.column.name]
        said_so, where = races == "hispanic", f"'{rule.sources[0]}'"
        open_ = (is_hispanic.isna() & ~said_so & (races != "unknown")).to_numpy()
        crossed = (said_so & ~is_hispanic.fillna(True).astype(bool)).to_numpy()
        self._notes.add(
            f"{where} does not say whether Hispanic, so race_ethnicity is `unknown`. If it is "
            "empty of whoever is not, say when_missing = false",
            self._chunk.rows[open_ & mask],
        )
        self._notes.add(
            f"{where} says not Hispanic and the race says Hispanic: race_ethnicity is `unknown`",
            self._chunk.rows[crossed & mask],
        )
        hispanic = is_hispanic.fillna(False).astype(bool)
        return races.mask(hispanic, "hispanic").mask(open_ | crossed, "unknown")

    def _note_refused(
        self,
        extract: str,
        column: str,
        sources: tuple[str, ...],
        texts: pd.Series,
        refused: np.ndarray,
    ) -> None:
        rows = self._chunk.rows[refused]
        self._refused_people.add_values((extract, column), sources, texts[refused], rows)

    def _refuse_missing(
        self,
        values_read: pd.Series,
        bad: np.ndarray,
        rule: ColumnRule,
        extract: Extract,
        mask: np.ndarray,
    ) -> None:
        column = rule.column
        if not column.required or (is_derivable(extract) and column.name == extract.key[0]):
            return
        empty = values_read.isna().to_numpy() & ~bad & mask
        where = " and ".join(f"'{name}'" for name in rule.sources)
        sentence = f"{where} is empty, and '{column.name}' cannot do without it."
        self._refusals.add(self._chunk.rows[empty], "missing_value", sentence)

    def _repeat_value(self, value: Any, column: Column) -> pd.Series:
        if column.kind in DATED:
            value = pd.Timestamp(value)
        return pd.Series([value] * len(self._chunk.rows)).astype(DTYPES[column.kind])

    # --- dates ------------------------------------------------------------------

    def _read_dates(
        self, texts: pd.Series, rule: ColumnRule, extract: Extract, mask: np.ndarray
    ) -> tuple[values.ParsedValues, dict[str, pd.Series]]:
        column, rows = rule.column, self._chunk.rows
        stamps = timestamps.read_timestamps(
            texts, rule, self._mapping.source.local_time_zone, self._native
        )
        where = " and ".join(f"'{name}'" for name in rule.sources)
        self._notes.add(f"{where}: the time {timestamps.SKIPPED}", rows[stamps.skipped & mask])
        self._notes.add(f"{where}: the time {timestamps.TWICE}", rows[stamps.twice & mask])
        self._notes.add(f"{where}: the time {timestamps.LEAP}", rows[stamps.leap & mask])
        self._notes.add(f"{where}: {UTC_MIDNIGHT}", rows[stamps.utc_midnight & mask])
        if column.name == "occurred_at" and rule.z_is_local is None:
            self.utc_marks.add(stamps)
        moments = stamps.values
        days = moments.dt.normalize()
        latest = self._today + timedelta(days=column.ahead)
        outside = (days < pd.Timestamp(EARLIEST_YEAR, 1, 1)) | (days > pd.Timestamp(latest))
        outside_there = outside.to_numpy() & ~stamps.bad
        sentence = f"{where} is not between {EARLIEST_YEAR} and {latest.isoformat()}."
        if rule.unreadable == "refused":
            self._refusals.add(rows[outside_there & mask], "date_out_of_range", sentence)
            self._note_refused(extract.name, column.name, rule.sources, texts, outside_there & mask)
        else:
            self._notes.add(f"{sentence} It is left empty", rows[outside_there & mask])
        # A date out of range stays in place: it was said already and is not "empty".
        moments = moments.mask(outside) if rule.unreadable == "missing" else moments
        extra = {}
        if column.kind is Kind.MOMENT:
            extra["occurred_precision"] = self._build_precisions(stamps.timed)
        else:
            moments = moments.dt.normalize()
        formats = " or ".join(rule.formats)
        sentence = f"{where} is not a date written {formats}. See 'format' of '{column.name}'."
        return values.ParsedValues(moments, stamps.bad, "unreadable_date", sentence), extra

    def _build_precisions(self, timed: np.ndarray) -> pd.Series:
        return pd.Series(np.where(timed, "minute", "day"), dtype="str")

    def _refuse_out_of_order(
        self, rule: ExtractRule, frame: pd.DataFrame, mask: np.ndarray
    ) -> None:
        for earlier, later in rule.extract.in_order:
            if earlier in frame and later in frame:
                wrong = frame[later].dt.normalize() < frame[earlier].dt.normalize()
                sentence = f"'{later}' comes before '{earlier}'."
                rows = self._chunk.rows[wrong.to_numpy() & mask]
                self._refusals.add(rows, "dates_out_of_order", sentence)

    def _refuse_wrong_deaths(
        self, frames: dict[str, pd.DataFrame], masks: dict[str, np.ndarray]
    ) -> None:
        """Refuse a day of death that is not of a fatal victim, or comes before the event."""
        victims, incidents = frames.get("victims"), frames.get("incidents")
        if victims is None or "died_on" not in victims:
            return
        died, mask = victims["died_on"], masks["victims"]
        if "outcome" in victims:
            alive = ((victims["outcome"] == "nonfatal") & died.notna()).to_numpy()
            sentence = "A nonfatal victim has a day of death."
            self._refusals.add(self._chunk.rows[alive & mask], "wounded_and_died", sentence)
        if incidents is not None:
            before = (died < incidents["occurred_at"].dt.normalize()).to_numpy()
            sentence = "'died_on' comes before 'occurred_at'."
            self._refusals.add(self._chunk.rows[before & mask], "dates_out_of_order", sentence)

    # --- places and counts --------------------------------------------------------

    def _read_places(self, rule: ExtractRule, mask: np.ndarray) -> dict[str, pd.Series]:
        decimal = self._mapping.source.decimal
        if rule.point is not None:
            places = coordinates.read_point(
                self._read_text(rule.point.column), rule, rule.point, self._region
            )
        else:
            pair = [rule.columns[name] for name in ("longitude", "latitude")]
            x, y = (self._read_text(coordinate.sources[0], coordinate) for coordinate in pair)
            places = coordinates.read_pair(x, y, rule, decimal, self._region)
        for sentence, which in (
            (coordinates.MISSING, places.missing),
            (coordinates.UNREADABLE, places.unreadable),
            (coordinates.COMMA, places.comma),
            (coordinates.IMPOSSIBLE, places.impossible),
            (coordinates.SWAPPED, places.swapped),
        ):
            self._about_places.append((sentence, self._chunk.rows[which & mask]))
        return {"longitude": pd.Series(places.longitude), "latitude": pd.Series(places.latitude)}

    def _note_places(self) -> None:
        """Note what was wrong with the places of rows that are kept."""
        for sentence, rows in self._about_places:
            self._notes.add(sentence, rows[~self._refusals.find_refused(rows)])
        self._about_places = []

    def _make_group_codes(self, rule: ExtractRule) -> pd.Series:
        """Return one made-up incident code for rows that agree in the listed columns."""
        if self._key is None:
            raise ValueError("grouping needs the key for codes")
        parts = [self._read_text(name).str.strip().str.casefold() for name in rule.grouped_by]
        texts = []
        for row in zip(*parts, strict=True):
            whole = "\x1f".join(p if isinstance(p, str) else "" for p in row)
            digest = hashlib.blake2b(whole.encode(), key=self._key, digest_size=10)
            texts.append("g" + digest.hexdigest())
        return pd.Series(texts, dtype="str")

    def _read_victim_counts(self, spread: VictimCounts, mask: np.ndarray) -> dict[str, pd.Series]:
        self._unread_counts = np.zeros(len(mask), dtype=bool)
        fatal = self._read_counts(spread.fatal, spread, mask)
        if spread.total is not None:
            nonfatal = self._read_counts(spread.total, spread, mask) - fatal
            fewer = (nonfatal < 0) & mask
            sentence = f"'{spread.total}' is less than '{spread.fatal}'."
            self._refusals.add(self._chunk.rows[fewer], "counts_disagree", sentence)
            nonfatal = np.maximum(nonfatal, 0)
        else:
            nonfatal = self._read_counts(spread.nonfatal, spread, mask)
        return {"_fatal": pd.Series(fatal), "_nonfatal": pd.Series(nonfatal)}

    def _read_counts(self, name: str | None, spread: VictimCounts, mask: np.ndarray) -> np.ndarray:
        """Return whole numbers from 0; a row whose count is anything else is refused."""
        if name is None:
            return np.zeros(len(mask), dtype="int64")
        texts = self._read_text(name)
        if spread.missing_is_zero:
            texts = texts.fillna("0")
        counts = values.parse_counts(texts)
        wrong = ~((counts >= 0) & (counts <= MOST_OF_A_ROW) & (counts % 1 == 0))
        sentence = f"'{name}' is not a count from 0 to {MOST_OF_A_ROW:,}, in digits."
        self._refusals.add(self._chunk.rows[wrong & mask], "not_a_count", sentence)
        self._note_refused("victims", "outcome", (name,), texts, wrong & mask)
        self._unread_counts |= wrong & mask
        return np.where(wrong, 0, counts).astype("int64")


UTC_MIDNIGHT = (
    "exactly midnight UTC, turned into local time. "
    "If the `Z` is really local, set z_is_local = true"
)


def _hash_rows(frames: dict[str, pd.DataFrame]) -> pd.Series:
    """Return a digest of everything each row fills, equal for equal content."""
    columns = [
        frame[name].astype("str").fillna("").tolist()
        for frame in frames.values()
        for name in frame.columns
        # An address could be found again by trying all of them.
        if name not in ("_row", "_address")
    ]
    texts = [
        hashlib.blake2b("\x1f".join(row).encode(), digest_size=8).hexdigest()
        for row in zip(*columns, strict=True)
    ]
    return pd.Series(texts, dtype="str")
