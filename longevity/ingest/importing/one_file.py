"""Import one file of a city by its mapping: every row becomes rows of extracts, or is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from longevity.base import append_log, private_files
from longevity.base.errors import DataError, describe_error, suggest_remedy
from longevity.base.progress import Progress, ignore_progress
from longevity.base.scratch import open_scratch
from longevity.ingest.importing import doubts, events, parts
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import load_mapping
from longevity.ingest.importing.part import Part
from longevity.ingest.importing.rows import ImportTerms, read_rows
from longevity.ingest.importing.source import read_source
from longevity.settings import Settings

KEY_FILE = "codes.key"
KEY_MADE = "codes-key-was-made"
Days = date | dict[str, date]


@dataclass
class ImportReport:
    """What became of the rows of a source; `quarantine`: the file of refused rows, if any."""

    part: Part
    quarantine: Path | None
    remarks: list[str]


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

    Rows that the contract does not allow go unchanged to `out/quarantine/`. The same source
    imported again replaces what it brought before. `data_through`, the last day the data are
    complete for, wins over the mapping's. Raises UsageError, ConfigError or DataError, and then
    leaves `out` as it was, or says that one of its last renames failed.
    """
    rules = load_mapping(mapping, settings)
    ends = data_through or rules.source.data_through or {}
    columns = [column for rule in rules.extracts.values() for column in rule.columns.values()]
    key = _read_code_key(settings) if any(column.coded for column in columns) else b""
    try:
        with (
            parts.open_folder(out),
            open_scratch(out / parts.STAGING / "spill") as connection,
        ):
            source = read_source(file, rules, connection)
            if source.rows == 0:
                raise DataError(
                    f"{file.name} has a header and no rows.", "Ask the sender for the rows."
                )
            progress(f"Read {source.rows:,} rows.")
            log = ImportLog(connection)
            terms = ImportTerms(source, rules, settings, today, key, connection, log)
            read_rows(terms)
            name = "/".join(map(parts.slugify, (mapping.stem, rules.source.part or file.stem)))
            part = Part(name=name, primary=rules.primary, source=file.name, rows_in=source.rows)
            return _finish_import(terms, part, ends, out, progress)
    except (OSError, duckdb.OperationalError) as error:
        left = f"{out} holds what it held before."
        if parts.is_cut_off(out):
            left = f"In {out} some files are new, some old: import this source again."
        raise DataError(
            f"The import stopped: {describe_error(error)}.",
            f"{left} {suggest_remedy(error)}".rstrip(),
        ) from error


def _name_cities(days: Days, terms: ImportTerms) -> dict[str, date]:
    """Return a day by city; one day alone is that of every city with rows in the import."""
    if isinstance(days, dict):
        return dict(sorted(days.items()))
    extracts = " UNION ".join(f"SELECT city FROM {name}" for name in terms.mapping.extracts)
    found = terms.connection.execute(f"{extracts} ORDER BY city").fetchall()
    return {city: days for (city,) in found if city}


def _finish_import(
    terms: ImportTerms, part: Part, ends: Days, out: Path, progress: Progress
) -> ImportReport:
    """Make the extracts from the rows read, and store them in the folder `out` as `part`.

    `part` is filled with what is known of this import; `ends`: the last complete day, by city.
    """
    rules, log = terms.mapping, terms.log
    there = {other.name: other for other in parts.read_parts(out)}
    parts.refuse_foreign(out, terms.settings, [*there.values()], list(rules.extracts))
    replaced = there.pop(part.name, None)
    folders = {name: out / parts.FOLDER / name for name in there}
    events.complete_rows(terms)
    short = [*doubts.find_short_outcomes(terms)]
    progress("Matching keys.")
    known = {
        extract: parts.select_parts(terms.connection, folders, extract)
        for extract in rules.extracts
    }
    events.refuse_repeated(terms, known)
    # Only now: copies that were refused, as their key was there already, are no doubt any more.
    part.doubts = [*doubts.find_copied_rows(terms), *short]
    events.join_events(terms)
    part.quarantined = log.count_refused()
    if part.accepted:
        part.data_through = _name_cities(ends, terms)
        part.data_from = _name_cities(rules.source.data_from or {}, terms)
        _count_rows(part, terms)
    remarks = [*_list_remarks(terms, part, replaced)]
    progress("Writing the extracts, and the refused rows to the quarantine.")
    log.write_quarantine(out / parts.STAGING / parts.QUARANTINE, terms.source.names)
    by_hand = parts.store_part(terms.connection, out, part, terms.settings)
    remarks += [f"In extracts.toml stays, as written by hand: {said}." for said in by_hand]
    quarantine = parts.find_quarantine(out, part) if part.quarantined else None
    return ImportReport(part, quarantine, remarks)


def _list_remarks(terms: ImportTerms, part: Part, replaced: Part | None) -> Iterator[str]:
    """Yield the remarks of the report: about the file, its rows, and the whole import."""
    yield from terms.source.remarks
    yield from terms.log.list_remarks()
    if not part.accepted:
        yield "No row was accepted, so the extracts are left as they were."
    else:
        yield from doubts.describe_uncounted(terms)
    for doubt in part.doubts:
        yield f"{doubt.sentence} {doubt.do}"
    if replaced is not None and part.accepted:
        yield (
            f"Replaces what the source '{part.name}' brought before "
            f"({replaced.accepted:,} accepted rows)."
        )


def _count_rows(part: Part, terms: ImportTerms) -> None:
    """Set on a part its number of rows and which victims it lists."""
    rules, connection = terms.mapping, terms.connection
    for extract in rules.extracts:
        counted = connection.execute(f"SELECT count(*) FROM {extract}").fetchall()
        part.rows[extract] = counted[0][0]
    if "victims" in rules.extracts:
        part.holds = rules.extracts["victims"].holds


def _read_code_key(settings: Settings) -> bytes:
    """Return the secret that turns record numbers into codes; made once, in LONGEVITY_HOME.

    What it is recognised by is kept next to it: with another one everybody would be somebody else.
    """
    path, made = settings.home / KEY_FILE, settings.home / KEY_MADE
    append_log.refuse_lost(path, made, "everybody gets another code")
    try:
        key = append_log.ensure_key(path)
        mark = append_log.hash_with_key(key, KEY_MADE).encode()
        private_files.write_once(made, lambda: mark)
        is_same = made.read_bytes() == mark
    except OSError as error:
        what = f"{path} cannot be read or made: {describe_error(error)}."
        raise DataError(what, suggest_remedy(error, "Set LONGEVITY_HOME.")) from error
    if not is_same:
        raise DataError(f"{path} is damaged.", "Restore it: codes made before need it.")
    return key
