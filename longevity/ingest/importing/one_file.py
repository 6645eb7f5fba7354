"""Import: one source and one mapping become extracts, and nothing is lost on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from longevity import append_log
from longevity.errors import ConfigError, DataError, UsageError, describe_error, suggest_remedy
from longevity.ingest.contract import BY_NAME
from longevity.ingest.importing import (
    deduplicate,
    quarantine,
    source_parts,
    uncounted,
    whole_rows,
)
from longevity.ingest.importing import mapping as mapping_file
from longevity.ingest.importing.chunks import Source
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.notes import Notes
from longevity.ingest.importing.refused_people import RefusedPeople
from longevity.ingest.importing.rows import Refusals, RowReader
from longevity.ingest.importing.source_parts import Part
from longevity.ingest.importing.sources import open_source
from longevity.ingest.importing.whole_rows import WholeRows
from longevity.progress import Progress, ignore_progress
from longevity.settings import Settings

KEY_FILE = "codes.key"
OF_A_REPORT = re.compile("report|entered|entry|creat|receiv|updat|modif|upload", re.IGNORECASE)


@dataclass
class ImportReport:
    """What became of a source. `rows_in` = `accepted` + `quarantined`, always."""

    rows_in: int
    accepted: int
    quarantined: int
    rows_out: dict[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    remarks: list[str] = field(default_factory=list)


def import_source(
    file: Path,
    mapping: Path,
    out: Path,
    settings: Settings,
    today: date,
    data_through: date | None = None,
    progress: Progress = ignore_progress,
) -> ImportReport:
    """Import `file` by the mapping file `mapping` into the folder `out`.

    Rows the contract cannot take go whole to `out/quarantine/`. The same source
    imported again replaces what it brought before. `data_through` wins over the
    mapping's. Raises UsageError, ConfigError or DataError, and then leaves
    `out` as it was.
    """
    rules = mapping_file.load_mapping(mapping, settings)
    if data_through is not None and data_through > today:
        raise UsageError(f"The data cannot be complete through {data_through}: it is {today}.")
    source = open_source(file, rules)
    key = _read_code_key(settings) if _wants_codes(rules) else None
    with source_parts.lock_folder(out), source_parts.make_staging(out):
        try:
            return _import_locked(
                file, rules, source, out, settings, today, data_through, key, progress
            )
        except UnicodeError as error:
            raise DataError(f"{file.name} holds text that is not Unicode.") from error
        except OSError as error:
            raise DataError(
                f"The import stopped: {describe_error(error)}.",
                f"{out} holds what it held before. {suggest_remedy(error)}".rstrip(),
            ) from error


def _import_locked(
    file: Path,
    rules: Mapping,
    source: Source,
    out: Path,
    settings: Settings,
    today: date,
    data_through: date | None,
    key: bytes | None,
    progress: Progress,
) -> ImportReport:
    parts_there = source_parts.read_parts(out)
    stems = (rules.path.stem, rules.source.part or file.stem)
    name = "/".join(source_parts.slugify(stem) for stem in stems)
    source_parts.refuse_foreign(out, settings, parts_there, list(rules.extracts))
    others = [part for part in parts_there if part.name != name]
    refusals, notes, refused_people = Refusals(), Notes(), RefusedPeople()
    stamp = _file_stamp(file)
    reader = RowReader(rules, settings, today, source.native, key, refusals, notes, refused_people)
    whole = WholeRows(source.names, rules.sources)
    rows_in, source_frames = _read_chunks(source, reader, rules, whole, progress)
    if rows_in == 0:
        raise DataError(f"{file.name} has a header and no rows.", "Ask the sender for the rows.")
    progress("Matching keys.")
    other_keys = {
        extract: keys
        for extract in rules.extracts
        if (keys := source_parts.read_keys(out, others, extract)) is not None
    }
    years = _find_years(source_frames)
    frames = (
        deduplicate.deduplicate(source_frames, rules, other_keys, settings, refusals, notes)
        if source_frames
        else {}
    )
    refused = len(refusals.reasons)
    part = Part(name, rules.primary, rows_in, rows_in - refused, refused, source=file.name)
    replaced = next((p for p in parts_there if p.name == name), None)
    marked = reader.utc_marks.describe()
    remarks = [*source.remarks, *notes.list_sentences(), *([marked] if marked else [])]
    remarks += uncounted.describe_uncounted(frames)
    _describe_part(part, frames, rules, data_through, today, remarks)
    # A copy that was refused, as its key is there already, is counted nowhere.
    years = years[~refusals.find_refused(years.index.to_numpy())]
    doubts = whole_rows.find_copied_rows(whole, years, rules, file.name)
    doubts += refused_people.list_doubts(rules, settings, file.name)
    part.doubts = [doubt.model_dump() for doubt in doubts]
    remarks += [f"{doubt.sentence} {doubt.do}" for doubt in doubts]
    remarks += whole_rows.describe_unmapped_keys(whole, rules)
    if refused:
        progress(f"Writing {refused:,} refused rows to the quarantine.")
        part.quarantine = _name_quarantine(name, others)
        quarantined = quarantine.write_quarantine(
            out / source_parts.STAGING / part.quarantine, source, refusals
        )
        if quarantined != refused or _file_stamp(file) != stamp:
            raise DataError(f"{file.name} changed while it was read.", "Import it again.")
    tables = {n: deduplicate.to_arrow(f, BY_NAME[n]) for n, f in frames.items()}
    if part.accepted == 0:
        tables = {}
        remarks.append("No row was accepted, so the extracts are left as they were.")
    progress("Writing the extracts.")
    rows = {name: frame["_row"].tolist() for name, frame in frames.items()}
    _store_part(out, part, replaced, tables, rows, settings, remarks)
    return ImportReport(
        rows_in=rows_in,
        accepted=part.accepted,
        quarantined=refused,
        rows_out={n: table.num_rows for n, table in tables.items()},
        quarantine=out / quarantine.FOLDER / part.quarantine if part.quarantine else None,
        remarks=remarks,
    )


def _find_years(frames: dict[str, pd.DataFrame]) -> pd.Series:
    """Return by source row the year it tells of; 0 where no column of it says so."""
    for name, frame in frames.items():
        event = BY_NAME[name].event
        if event in frame:
            return frame.set_index("_row")[event].dt.year.fillna(0).astype("int64")
    rows = next(iter(frames.values()))["_row"] if frames else pd.Index([])
    return pd.Series(0, index=rows, dtype="int64")


def _read_chunks(
    source: Source, reader: RowReader, rules: Mapping, whole: WholeRows, progress: Progress
) -> tuple[int, dict[str, pd.DataFrame]]:
    """Read every chunk once: how many rows there were, and the rows of each extract."""
    rows_in = 0
    pieces: dict[str, list[pd.DataFrame]] = {name: [] for name in rules.extracts}
    for chunk in source.read_chunks():
        rows_in += len(chunk.rows) + len(chunk.malformed)
        whole.add(chunk)
        for name, frame in reader.read_chunk(chunk).items():
            pieces[name].append(frame)
        progress(f"Read {rows_in:,} rows.")
    return rows_in, {
        name: pd.concat(frames, ignore_index=True) for name, frames in pieces.items() if frames
    }


def _describe_part(
    part: Part,
    frames: dict[str, pd.DataFrame],
    rules: Mapping,
    data_through: date | None,
    today: date,
    remarks: list[str],
) -> None:
    """Write into a part what is known of a part besides its rows: days by city."""
    part.rows = {name: len(frame) for name, frame in frames.items()}
    cities = set()
    for name, frame in frames.items():
        event = BY_NAME[name].event
        cities |= set(frame["city"].dropna().astype("str"))
        if event is not None and name == part.primary:
            part.first_event = source_parts.find_first_events(frame, event)
    if not part.first_event and "incidents" in frames:
        part.first_event = source_parts.find_first_events(frames["incidents"], "occurred_at")
    for rule in rules.extracts.values():
        constant = rule.columns["city"].constant if "city" in rule.columns else None
        cities |= {constant} - {None}
    declared = data_through if data_through is not None else rules.source.data_through
    days = dict.fromkeys(cities, declared) if isinstance(declared, date) else (declared or {})
    for city, day in sorted(days.items()):
        if day > today:
            raise ConfigError(
                f"{rules.path}: 'source.data_through' is {day} for {city}, but it is {today}."
            )
        part.data_through[city] = day.isoformat()
    begins = rules.source.data_from
    starts = dict.fromkeys(cities, begins) if isinstance(begins, date) else (begins or {})
    part.data_from = {city: day.isoformat() for city, day in sorted(starts.items())}
    if "victims" in rules.extracts:
        holds = rules.extracts["victims"].holds
        part.holds = {key: list(words) for key, words in holds.items()}
    _note_day_of_report(rules, remarks)
    _note_rows_before(frames.get(part.primary), starts, BY_NAME[part.primary].event, remarks)
    frame = frames.get(part.primary)
    event = BY_NAME[part.primary].event
    if frame is not None and event is not None and days:
        limit = frame["city"].map({c: pd.Timestamp(d) for c, d in days.items()})
        late = int((frame[event].dt.normalize() > pd.to_datetime(limit)).sum())
        if late:
            remarks.append(f"{late:,} of the accepted rows are later than data-through.")


def _note_day_of_report(rules: Mapping, remarks: list[str]) -> None:
    """Ask whether the day of the event is the one on which it was reported, going by its name."""
    incidents = rules.extracts.get("incidents")
    rule = incidents.columns.get("occurred_at") if incidents else None
    for name in rule.sources if rule else ():
        if OF_A_REPORT.search(name) and "occur" not in name.casefold():
            remarks.append(
                f"Is '{name}' the day of the shooting? If it is the day of the report, weeks and "
                "hours are wrong: map the day it happened, and this one as recorded_on."
            )


def _note_rows_before(
    frame: pd.DataFrame | None, starts: dict[str, date], event: str | None, remarks: list[str]
) -> None:
    """Say how many rows lie before the first day their source is complete for."""
    if frame is None or event is None or not starts:
        return
    limit = frame["city"].map({c: pd.Timestamp(d) for c, d in starts.items()})
    early = int((frame[event].dt.normalize() < pd.to_datetime(limit)).sum())
    if early:
        remarks.append(
            f"{early:,} of the accepted rows are earlier than data-from: kept, and in no total "
            "that begins where the data do."
        )


def _store_part(
    out: Path,
    part: Part,
    replaced: Part | None,
    tables: dict[str, pa.Table],
    source_rows: dict[str, list[int]],
    settings: Settings,
    remarks: list[str],
) -> None:
    if replaced is not None and tables:
        remarks.append(
            f"Replaces what the source '{part.name}' brought before "
            f"({replaced.accepted:,} accepted rows)."
        )
        without_rows = sorted(set(replaced.cities) - set(part.cities))
        if without_rows:
            remarks.append(f"It no longer has rows of: {', '.join(without_rows)}.")
    source_parts.store_part(out, part, tables, source_rows, settings)
    if replaced is not None and replaced.quarantine != part.quarantine:
        source_parts.remove_quarantine(out, replaced.quarantine)


def _name_quarantine(name: str, others: list[Part]) -> str:
    """Return `<source>.jsonl`, with the mapping's name when another part has that file."""
    mapped, _, stem = name.partition("/")
    plain = f"{stem}.jsonl"
    if any(part.quarantine == plain for part in others):
        return f"{stem}.{mapped}.jsonl"
    return plain


def _file_stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns


def _wants_codes(rules: Mapping) -> bool:
    return any(
        rule.grouped_by or any(column.coded for column in rule.columns.values())
        for rule in rules.extracts.values()
    )


def _read_code_key(settings: Settings) -> bytes:
    """Return the secret that turns record numbers into codes; made once, kept in the home."""
    path = settings.home / KEY_FILE
    try:
        append_log.create_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read or made: {describe_error(error)}.",
            suggest_remedy(error, "Set LONGEVITY_HOME."),
        ) from error
    if len(key) != append_log.KEY_BYTES:
        raise ConfigError(f"{path} is damaged.", "Restore it: codes made before need it.")
    return key
