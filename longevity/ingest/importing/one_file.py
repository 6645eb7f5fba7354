"""Import: one source and one mapping become extracts, and nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from longevity import append_log
from longevity.errors import ConfigError, DataError, UsageError, describe_error, suggest_remedy
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import Doubt
from longevity.ingest.importing import doubts, events, source_parts
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import Mapping, load_mapping
from longevity.ingest.importing.source_parts import Part
from longevity.ingest.importing.source_rows import ImportTerms, read_rows
from longevity.ingest.importing.sources import Source, open_source
from longevity.ingest.importing.utc_marks import describe_marks
from longevity.progress import Progress, ignore_progress
from longevity.scratch import open_scratch
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
    rules = load_mapping(mapping, settings)
    if data_through is not None and data_through > today:
        raise UsageError(f"The data cannot be complete through {data_through}: it is {today}.")
    key = _read_code_key(settings) if _wants_codes(rules) else None
    try:
        with (
            open_source(file, rules) as source,
            source_parts.open_folder(out),
            open_scratch(out / source_parts.STAGING / "spill") as connection,
        ):
            terms = ImportTerms(rules, settings, today, key, connection, ImportLog(connection))
            rows_in = read_rows(source, terms)
            if rows_in == 0:
                raise DataError(
                    f"{file.name} has a header and no rows.", "Ask the sender for the rows."
                )
            progress(f"Read {rows_in:,} rows.")
            part = _name_part(file, rules, rows_in)
            return _finish_import(source, terms, part, out, data_through, progress)
    except UnicodeError as error:
        raise DataError(f"{file.name} holds text that is not Unicode.") from error
    except (OSError, duckdb.OperationalError) as error:
        raise DataError(
            f"The import stopped: {describe_error(error)}.",
            f"{out} holds what it held before. {suggest_remedy(error)}".rstrip(),
        ) from error


def _name_part(file: Path, rules: Mapping, rows_in: int) -> Part:
    stems = (rules.path.stem, rules.source.part or file.stem)
    name = "/".join(source_parts.slugify(stem) for stem in stems)
    return Part(name, rules.primary, rows_in, rows_in, 0, source=file.name)


def _finish_import(
    source: Source,
    terms: ImportTerms,
    part: Part,
    out: Path,
    data_through: date | None,
    progress: Progress,
) -> ImportReport:
    """Make the extracts of what was read, and put them into the folder with all that is said."""
    rules, log, name = terms.mapping, terms.log, part.name
    parts_there = source_parts.read_parts(out)
    source_parts.refuse_foreign(out, terms.settings, parts_there, list(rules.extracts))
    others = [part for part in parts_there if part.name != name]
    events.complete_rows(terms)
    found = [*doubts.find_refused_values(terms), *doubts.find_short_outcomes(terms)]
    marks = [*_describe_marks(terms)]
    progress("Matching keys.")
    known = {
        extract: source_parts.select_known(terms.connection, out, others, extract)
        for extract in rules.extracts
    }
    events.refuse_repeated(terms, known)
    key = doubts.suggest_key(terms, source.names)
    # A copy that was refused, as its key is there already, is counted nowhere.
    found = [*doubts.find_copied_rows(terms, len(source.names), key), *found]
    events.join_events(terms)
    part.quarantined = log.count_refused()
    part.accepted -= part.quarantined
    remarks = [*source.remarks, *log.list_remarks(), *marks]
    if part.accepted:
        remarks += doubts.describe_uncounted(terms)
    remarks += _describe_part(part, terms, data_through)
    said = [Doubt(**{"extract": rules.primary, **facts}, source=part.source) for facts in found]
    part.doubts = [doubt.model_dump() for doubt in said]
    remarks += [f"{doubt.sentence} {doubt.do}" for doubt in said]
    remarks += [key] if key else []
    if part.quarantined:
        progress(f"Writing the refused rows to the quarantine: {part.quarantined:,}.")
        part.quarantine = _name_quarantine(name, others)
        log.write_quarantine(out / source_parts.STAGING / part.quarantine, source.names)
    if not part.accepted:
        remarks.append("No row was accepted, so the extracts are left as they were.")
    replaced = next((p for p in parts_there if p.name == name), None)
    if replaced is not None and part.accepted:
        remarks += _describe_replaced(replaced, part)
    progress("Writing the extracts.")
    source_parts.store_part(terms.connection, out, part, terms.settings)
    if replaced and replaced.quarantine not in (None, part.quarantine):
        (out / source_parts.QUARANTINE / replaced.quarantine).unlink(missing_ok=True)
    return ImportReport(
        rows_in=part.rows_in,
        accepted=part.accepted,
        quarantined=part.quarantined,
        rows_out=part.rows,
        quarantine=out / source_parts.QUARANTINE / part.quarantine if part.quarantine else None,
        remarks=remarks,
    )


def _describe_marks(terms: ImportTerms) -> Iterator[str]:
    """Say what was done with times marked UTC, of which the mapping says nothing."""
    incidents = terms.mapping.extracts.get("incidents")
    rule = incidents.columns.get("occurred_at") if incidents else None
    if rule is not None and rule.z_is_local is None:
        yield from describe_marks(terms.connection)


def _describe_part(part: Part, terms: ImportTerms, data_through: date | None) -> Iterator[str]:
    """Write into a part its rows, cities and days; say what of them is to be asked about."""
    rules = terms.mapping
    mapped = [rule.columns["city"] for rule in rules.extracts.values() if "city" in rule.columns]
    cities = {column.constant for column in mapped}
    for extract in rules.extracts if part.accepted else ():
        of_city = f"SELECT city, count(*) FROM {extract} GROUP BY city"
        counts = dict(terms.connection.execute(of_city).fetchall())
        part.rows[extract] = sum(counts.values())
        cities |= set(counts)
    cities -= {None}
    ends = _name_cities(data_through or rules.source.data_through, cities)
    for city, day in ends.items():
        if day > terms.today:
            raise ConfigError(
                f"{rules.path}: 'source.data_through' is {day} for {city}, but it is {terms.today}."
            )
    begins = _name_cities(rules.source.data_from, cities)
    part.data_through = {city: day.isoformat() for city, day in ends.items()}
    part.data_from = {city: day.isoformat() for city, day in begins.items()}
    if "victims" in rules.extracts:
        part.holds = {key: list(words) for key, words in rules.extracts["victims"].holds.items()}
    yield from _ask_for_day_of_event(rules)
    for extract in (part.primary, "incidents"):
        event = BY_NAME[extract].event
        if extract in part.rows and event is not None and not part.first_event:
            found = terms.connection.execute(
                f"SELECT city, strftime(min({event}), '%Y-%m-%d') FROM {extract} "
                "GROUP BY city ORDER BY city"
            ).fetchall()
            part.first_event = {city: first for city, first in found if first}
    event = BY_NAME[part.primary].event
    if part.primary not in part.rows or event is None:
        return
    query = f"SELECT city, CAST({event} AS DATE), count(*) FROM {part.primary} GROUP BY ALL"
    days = terms.connection.execute(query).fetchall()
    early = sum(count for city, day, count in days if city in begins and day < begins[city])
    late = sum(count for city, day, count in days if city in ends and day > ends[city])
    if early:
        yield (
            f"{early:,} of the accepted rows are earlier than data-from: kept, and in no total "
            "that begins where the data do."
        )
    if late:
        yield f"{late:,} of the accepted rows are later than data-through."


def _name_cities(days: date | dict[str, date] | None, cities: set[str]) -> dict[str, date]:
    """Return the day of each city, sorted."""
    by_city = dict.fromkeys(cities, days) if isinstance(days, date) else days or {}
    return dict(sorted(by_city.items()))


def _ask_for_day_of_event(rules: Mapping) -> Iterator[str]:
    """Ask whether the day of the event is the one on which it was reported, going by its name."""
    incidents = rules.extracts.get("incidents")
    rule = incidents.columns.get("occurred_at") if incidents else None
    for name in rule.sources if rule else ():
        if OF_A_REPORT.search(name) and "occur" not in name.casefold():
            yield (
                f"Is '{name}' the day of the shooting? If it is the day of the report, weeks and "
                "hours are wrong: map the day it happened, and this one as recorded_on."
            )


def _describe_replaced(replaced: Part, part: Part) -> Iterator[str]:
    yield (
        f"Replaces what the source '{part.name}' brought before "
        f"({replaced.accepted:,} accepted rows)."
    )
    if without_rows := sorted(set(replaced.cities) - set(part.cities)):
        yield f"It no longer has rows of: {', '.join(without_rows)}."


def _name_quarantine(name: str, others: list[Part]) -> str:
    """Return `<source>.jsonl`, with the mapping's name when another part has that file."""
    mapped, _, stem = name.partition("/")
    plain = f"{stem}.jsonl"
    if any(part.quarantine == plain for part in others):
        return f"{stem}.{mapped}.jsonl"
    return plain


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
