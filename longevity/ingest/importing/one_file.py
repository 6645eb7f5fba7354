"""Import: one source and one mapping become extracts, and nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from longevity import append_log
from longevity.errors import ConfigError, DataError, UsageError, describe_error, suggest_remedy
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import Doubt
from longevity.ingest.importing import doubts, quarantine, source_parts
from longevity.ingest.importing.events import make_extracts
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import Mapping, load_mapping
from longevity.ingest.importing.rows import Frames, Terms, read_frames
from longevity.ingest.importing.source_parts import Part
from longevity.ingest.importing.source_rows import Source
from longevity.ingest.importing.sources import read_source
from longevity.ingest.importing.uncounted import describe_uncounted
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
    rules = load_mapping(mapping, settings)
    if data_through is not None and data_through > today:
        raise UsageError(f"The data cannot be complete through {data_through}: it is {today}.")
    key = _read_code_key(settings) if _wants_codes(rules) else None
    terms = Terms(rules, settings, today, key, ImportLog())
    try:
        source = read_source(file, rules)
        progress(f"Read {len(source.rows):,} rows.")
        with source_parts.open_folder(out):
            return _import_rows(file, source, terms, out, data_through, progress)
    except UnicodeError as error:
        raise DataError(f"{file.name} holds text that is not Unicode.") from error
    except OSError as error:
        raise DataError(
            f"The import stopped: {describe_error(error)}.",
            f"{out} holds what it held before. {suggest_remedy(error)}".rstrip(),
        ) from error


def _import_rows(
    file: Path,
    source: Source,
    terms: Terms,
    out: Path,
    data_through: date | None,
    progress: Progress,
) -> ImportReport:
    rules, log = terms.mapping, terms.log
    rows_in = len(source.rows) + len(source.malformed)
    if rows_in == 0:
        raise DataError(f"{file.name} has a header and no rows.", "Ask the sender for the rows.")
    stems = (rules.path.stem, rules.source.part or file.stem)
    name = "/".join(source_parts.slugify(stem) for stem in stems)
    parts_there = source_parts.read_parts(out)
    source_parts.refuse_foreign(out, terms.settings, parts_there, list(rules.extracts))
    others = [part for part in parts_there if part.name != name]
    read = read_frames(source, terms)
    found = [
        *doubts.find_refused_values(log, rules),
        *doubts.find_short_outcomes(read, log, terms.settings),
    ]
    progress("Matching keys.")
    taken = {extract: log.drop_refused(frame) for extract, frame in read.items()}
    extracts: Frames = {}
    if any(map(len, taken.values())):
        elsewhere = {extract: source_parts.read_keys(out, others, extract) for extract in taken}
        extracts = make_extracts(taken, elsewhere, terms)
    refused = len(log.reasons)
    part = Part(name, rules.primary, rows_in, rows_in - refused, refused, source=file.name)
    remarks = [*source.remarks, *log.list_remarks(), *filter(None, [log.about_marks])]
    remarks += describe_uncounted(extracts)
    remarks += _describe_part(part, extracts, terms, data_through)
    # A copy that was refused, as its key is there already, is counted nowhere.
    counted = {extract: log.drop_refused(frame) for extract, frame in taken.items()}
    key = doubts.suggest_key(source.rows, rules)
    found = [*doubts.find_copied_rows(source.rows, counted, key), *found]
    said = [Doubt(**{"extract": rules.primary, **facts}, source=file.name) for facts in found]
    part.doubts = [doubt.model_dump() for doubt in said]
    remarks += [f"{doubt.sentence} {doubt.do}" for doubt in said]
    remarks += [key] if key else []
    if refused:
        progress(f"Writing {refused:,} refused rows to the quarantine.")
        part.quarantine = _name_quarantine(name, others)
        aside = out / source_parts.STAGING / part.quarantine
        quarantine.write_quarantine(aside, source, log)
    if part.accepted == 0:
        extracts = {}
        remarks.append("No row was accepted, so the extracts are left as they were.")
    replaced = next((p for p in parts_there if p.name == name), None)
    if replaced is not None and extracts:
        remarks += _describe_replaced(replaced, part)
    progress("Writing the extracts.")
    source_parts.store_part(out, part, extracts, terms.settings)
    if replaced and replaced.quarantine not in (None, part.quarantine):
        (out / source_parts.QUARANTINE / replaced.quarantine).unlink(missing_ok=True)
    return ImportReport(
        rows_in=rows_in,
        accepted=part.accepted,
        quarantined=refused,
        rows_out={extract: len(frame) for extract, frame in extracts.items()},
        quarantine=out / source_parts.QUARANTINE / part.quarantine if part.quarantine else None,
        remarks=remarks,
    )


def _describe_part(
    part: Part, extracts: Frames, terms: Terms, data_through: date | None
) -> Iterator[str]:
    """Write into a part its rows, cities and days; say what of them is to be asked about."""
    rules, frame = terms.mapping, extracts.get(part.primary)
    part.rows = {name: len(extract) for name, extract in extracts.items()}
    cities = {city for extract in extracts.values() for city in extract["city"].dropna()}
    cities |= {
        rule.columns["city"].constant for rule in rules.extracts.values() if "city" in rule.columns
    }
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
    for name in (part.primary, "incidents"):
        event = BY_NAME[name].event
        if name in extracts and event is not None and not part.first_event:
            part.first_event = source_parts.find_first_events(extracts[name], event)
    yield from _ask_for_day_of_event(rules)
    event = BY_NAME[part.primary].event
    if frame is None or event is None:
        return
    days = frame[event].dt.normalize()
    if early := int((days < _map_days(frame, begins)).sum()):
        yield (
            f"{early:,} of the accepted rows are earlier than data-from: kept, and in no total "
            "that begins where the data do."
        )
    if late := int((days > _map_days(frame, ends)).sum()):
        yield f"{late:,} of the accepted rows are later than data-through."


def _name_cities(days: date | dict[str, date] | None, cities: set[str]) -> dict[str, date]:
    """Return the day of each city, sorted."""
    by_city = dict.fromkeys(cities, days) if isinstance(days, date) else days or {}
    return dict(sorted(by_city.items()))


def _map_days(frame: pd.DataFrame, by_city: dict[str, date]) -> pd.Series:
    return pd.to_datetime(frame["city"].map(by_city))


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
