"""Verify a published file: is it ours, was it edited, and do its figures still hold?

They are counted again from today's data as far as its own went: newer days are no correction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from longevity.auth.viewers import PUBLIC
from longevity.base.errors import DataError, UsageError
from longevity.charts.chart import Chart
from longevity.facts.counted import MEASURES, ON_SCREENS
from longevity.outputs import table_files
from longevity.outputs.bundle import bundle_record
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.read import Claim, read_claim
from longevity.release import certificates, revisions
from longevity.release.data_through import read_as_of
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.provenance import describe_withdrawn
from longevity.warehouse.warehouse import Warehouse

MOST_LINES = 40  # of a correction slip: one page
LARGEST_FILE = 64 << 20  # bytes
# A file's kind is read from how it begins: anybody can name it.
BEGINS = {b"\x89PNG": "png", b"PK": "pptx", b"%PDF": "pdf"}
UNKNOWN = (
    "It cannot be verified: it was saved anew by another program, or is not ours. Unpack a ZIP and "
    "give the files in it."
)
NOT_LISTED = (
    "Signed by us, but not byte for byte a file we gave out: do not rely on it, and ask for the "
    "file anew. Where another machine signs with this certificate, verify it there."
)
UNCLEAR = (
    ". Its figures differ, but cannot be compared: today's data end earlier, or how far its own "
    "went is not on record. It is"
)
OTHER_ROWS = "Some rows are others: verify the manifest it came with to see which."
NO_REASON = "No reason is known: no revision of these cities and years, and no withdrawal."
Record = dict[str, Any]
ReadClaim = Callable[[str, bytes, str], Claim | None]


class FileOutcome(StrEnum):
    """The outcome of verifying a file; the value is how the log has it."""

    HOLDS = "holds"
    NEWER = "holds, newer days exist"
    CORRECTED = "corrected"
    EDITED = "edited"
    NOT_LISTED = "signed here, not as given out"
    DIFFERS = "differs"
    UNKNOWN = "unknown signer"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class FileVerdict:
    """The chart for a file. `slip`: a correction slip, where figures were corrected since."""

    outcome: FileOutcome
    sentence: str
    slip: str = ""

    @property
    def holds(self) -> bool:
        """Return whether what the file says still stands."""
        return self.outcome in (FileOutcome.HOLDS, FileOutcome.NEWER)


def read_file(path: Path) -> bytes:
    """Read the bytes of a file; UsageError for no file, or one too large to be ours."""
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", "Give a file of a bundle.")
    if path.stat().st_size > LARGEST_FILE:
        raise UsageError(f"{path.name} is larger than any file of a bundle.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error


def judge_file(
    data: bytes, context: ReportContext, read_credentials: ReadClaim = read_claim
) -> FileVerdict:
    """Return the verdict on a file, given its bytes.

    It checks the signature in the file against our certificates, the file's hash against the list
    of files given out, and its figures against the release that is served. `read_credentials` reads
    the signature, in a process of its own for a stranger's file.
    """
    kind = next((kind for sign, kind in BEGINS.items() if data.startswith(sign)), "svg")
    claim = read_credentials(kind, data, certificates.write_known(context.settings))
    line = given_out.find_line(context.settings.home, data)
    if claim is None and line:
        return _judge_listed(data, line, context)
    if claim is None:
        return FileVerdict(FileOutcome.UNSIGNED, UNKNOWN)
    if not claim.ours and not line:
        sentence = f"Signed by “{claim.signer}”, with a certificate that is not this application's."
        return FileVerdict(FileOutcome.UNKNOWN, sentence)
    if not claim.holds:
        return FileVerdict(FileOutcome.EDITED, "Edited: signed here, and changed since.")
    if not line:
        return FileVerdict(FileOutcome.NOT_LISTED, NOT_LISTED)
    judge = _describe_document if "document" in claim.record else _compare_with_today
    verdict = judge(claim.record, context)
    signed = f"{verdict.sentence} The certificate is that of “{claim.signer}”."
    return _add_marks(replace(verdict, sentence=signed), claim.record)


def _add_marks(verdict: FileVerdict, record: Record) -> FileVerdict:
    """Say after a verdict how the file was marked."""
    marks = " and ".join(record.get("marks", []))
    marked = f" It was marked {marks}." if marks else ""
    return replace(verdict, sentence=f"{verdict.sentence}{marked}")


def _judge_listed(data: bytes, line: Record, context: ReportContext) -> FileVerdict:
    """Return the verdict on a CSV, a README or a manifest that is in the list of files given out.

    A manifest is its record; of others the list holds it, but for those of an earlier version.
    Then the mark in the file says of which kind its data were.
    """
    given = f"Given out here on {line['on']}"
    record = json.loads(data) if data.startswith(b"{") else line.get("of")
    if record:
        return _add_marks(_compare_with_today(record, context, given), record)
    kind, served = "synthetic" if b"SYNTHETIC" in data else "real", context.warehouse.release.kind
    if kind != served:
        sentence = f"{given} and unedited, but of {kind} data: today's are {served}."
        return FileVerdict(FileOutcome.DIFFERS, sentence)
    return FileVerdict(
        FileOutcome.HOLDS,
        f"{given} and unedited: not a byte of it is another. Its figures were not compared with "
        "today's; those of the slide, the pictures and the manifest it came with can be.",
    )


def _describe_document(record: Record, context: ReportContext) -> FileVerdict:
    """Return the verdict on a document that was made here and not edited; it has no figures."""
    return FileVerdict(
        FileOutcome.HOLDS,
        f"Computed by this program from release {record['release']}, and untouched: "
        f"{record['document']}, counted to {record['counted_to']}, for the viewer "
        f"'{record['viewer']}'. Served today is {context.warehouse.release.id}; whether its "
        "figures are the same was not compared.",
    )


def _compare_with_today(
    record: Record, context: ReportContext, begins: str = "Signed here"
) -> FileVerdict:
    """Draw a chart that nobody edited again from today's data, as far as its own went, and compare.

    A record of an earlier version does not have the day of each city's end: its one day is taken
    for all, but what differs then need not be a correction. `begins`: how it is known to be ours.
    """
    served, today, slip = context.warehouse.release, context.ends, ""
    day = record.get("data_through") or "9999-12-31"
    ends = record.get("ends", dict.fromkeys(today, day))
    reached = {city: min(ends[city], today[city]) for city in today.keys() & ends.keys()}
    try:
        if record["kind"] != served.kind:
            raise DataError(f"today's data are {served.kind}, its own {record['kind']}.")
        with closing(Warehouse(read_as_of(served, day, reached), context.settings)) as warehouse:
            then = ReportContext(context.settings, PUBLIC, warehouse, context.today)
            chart = chart_list.find_entry(record["chart"]).draw(then, record["chosen"])
        changes = list_changes(record, chart.table, context.settings)
    except (UsageError, DataError) as error:
        outcome, found = FileOutcome.DIFFERS, f". Today it cannot be made: {error} It is"
    else:
        if not changes and reached == today:
            outcome, found = FileOutcome.HOLDS, ", and its figures hold:"
        elif not changes:
            outcome, found = (
                FileOutcome.NEWER,
                ". Newer days exist, and the figures of then still hold:",
            )
        elif reached != record.get("ends"):
            outcome, found = FileOutcome.DIFFERS, UNCLEAR
        else:
            outcome, found = FileOutcome.CORRECTED, ", but figures were corrected since:"
            if "rows" not in record:
                outcome, found = FileOutcome.DIFFERS, ", but some of its rows are others today:"
            slip = _write_slip(record, changes, list_reasons(record, changes, chart, context))
    made_of = f"chart '{record['chart']}' of release {record['release']}; served {served.id}."
    return FileVerdict(outcome, f"{begins}, unedited{found} {made_of}", slip)


def list_changes(record: Record, table: pd.DataFrame, settings: Settings) -> list[str]:
    """List the figures of a record that are others in a newer table of the same days.

    Each as "city Hartford, year 2019, people shot: was 101, is 100". What was not known said
    nothing that could be wrong. DataError where a column is gone, as of a later version.
    """
    rows = table_files.write_rows(table)
    if "rows" not in record:
        return [] if bundle_record.hash_rows(rows) == record["rows_sha256"] else [OTHER_ROWS]
    texts = record["rows"], rows
    then, now = (pd.read_csv(StringIO(text), dtype=str, keep_default_na=False) for text in texts)
    columns = [*then]
    if not {*columns} <= {*now}:
        raise DataError("The chart has other columns now.")
    # The first columns name a row: as few as tell all rows apart.
    key = columns[:1]
    while key != columns and any(rows.duplicated(key).any() for rows in (then, now)):
        key = columns[: len(key) + 1]
    # Of several counts a picture shows the one that was chosen, or the first of its table.
    counts = [name for name in columns if name in ON_SCREENS]
    unseen = {*counts} - {record["chosen"].get("measure", *counts[:1])}
    drawn = [name for name in columns if name not in unseen.union(key) and "state" not in name]
    both = then.merge(now, "left", key, suffixes=("", "-now")).fillna("")
    return [
        f"{', '.join(f'{name} {settings.name_city(row[name])}' for name in key)}, "
        f"{MEASURES.get(name, name)}: was {row[name]}, is {row[name + '-now'] or 'not known'}"
        for row in both.to_dict("records")
        for name in drawn
        if row[name] not in ("", row[name + "-now"])
    ]


def list_reasons(
    record: Record, changes: Sequence[str], chart: Chart, context: ReportContext
) -> list[str]:
    """List why figures of a record changed: what was revised or withdrawn since it was made.

    Only of the cities and years that `changes` name, else of the record's. `chart`: as it is
    today.
    """
    said = f"{record['chosen']} {changes}"
    places = context.cities.items()
    # A figure of all cities together may have changed by any.
    cities = [city for city, name in places if city in said or name in said] or [*context.cities]
    found = re.findall(r"year (\d{4})", said) or re.findall(r"[12]\d{3}", str(record["questions"]))
    years = {*range(int(min(found)), int(max(found)) + 1)}
    manifest, reasons = context.manifest, []
    while manifest and manifest["release_id"] != record["release"]:
        ledger = [
            entry
            for entry in manifest.get("ledger", ())
            # An earlier version noted no years.
            if entry["city"] in cities and years & {*entry.get("years", years)}
        ]
        revised = revisions.describe_revisions(ledger, context.settings)
        reasons += [
            f"{what} Release {manifest['release_id']}." for of, what in revised if of and what
        ]
        manifest = Store(context.settings.home).read_manifest(manifest["previous"] or "") or {}
    rows, release = chart.answers[0].frame, context.warehouse.release
    return reasons + describe_withdrawn(chart.about.sql, rows, cities, release, context.settings)


def _write_slip(record: Record, changes: Sequence[str], reasons: Sequence[str]) -> str:
    """Write a correction slip of one page: each figure as it was and as it is, and why."""
    more = len(changes) - MOST_LINES
    lines = [
        "CORRECTION",
        *(record[name] for name in ("title", "measure") if name in record),
        f"Published from release {record['release']}; counted again to the same days.",
        "",
        *changes[:MOST_LINES],
        *([f"and {more} more figures"] if more > 0 else []),
        "",
        "Why:",
        *(reasons or [NO_REASON]),
    ]
    return "\n".join(lines)
