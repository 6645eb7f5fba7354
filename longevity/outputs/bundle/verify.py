"""Verify a published file: is it ours, was it edited, and are its figures still today's?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import Any

from longevity.errors import DataError, UsageError
from longevity.outputs import table_files
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.read import Claim, read_claim
from longevity.release import certificates, revisions, table_withdrawals
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.settings import Settings

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
Record = dict[str, Any]
ReadClaim = Callable[[str, bytes, str], Claim | None]


class FileOutcome(StrEnum):
    """The outcome of verifying a file; the value is how the log has it."""

    HOLDS = "holds"
    EDITED = "edited"
    NOT_LISTED = "signed here, not as given out"
    DIFFERS = "differs"
    UNKNOWN = "unknown signer"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class FileVerdict:
    """The result for a file. `slip`: a correction slip, where its figures differ from today's."""

    outcome: FileOutcome
    sentence: str
    slip: str = ""


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
    of files given out, and the figures against the release that is served. `read_credentials` reads
    the signature, in a process of its own for a stranger's file.
    """
    kind = next((kind for sign, kind in BEGINS.items() if data.startswith(sign)), "svg")
    claim = read_credentials(kind, data, certificates.write_known(context.settings))
    day = given_out.find_day(context.settings.home, data)
    if claim is None and day:
        return FileVerdict(
            FileOutcome.HOLDS,
            f"Given out here on {day} and unedited: not a byte of it is another. Its figures were "
            "not compared with today's; those of the slide and the pictures it came with can be.",
        )
    if claim is None:
        return FileVerdict(FileOutcome.UNSIGNED, UNKNOWN)
    if not claim.ours and not day:
        sentence = f"Signed by “{claim.signer}”, with a certificate that is not this application's."
        return FileVerdict(FileOutcome.UNKNOWN, sentence)
    if not claim.holds:
        return FileVerdict(FileOutcome.EDITED, "Edited: signed here, and changed since.")
    if not day:
        return FileVerdict(FileOutcome.NOT_LISTED, NOT_LISTED)
    verdict, marks = _judge_unedited(claim.record, context), claim.record.get("marks", [])
    marked = f" It was marked {' and '.join(marks)}." if marks else ""
    sentence = f"{verdict.sentence} The certificate is that of “{claim.signer}”.{marked}"
    return replace(verdict, sentence=sentence)


def _judge_unedited(record: Record, context: ReportContext) -> FileVerdict:
    """Return the verdict on a file that was made here and not edited.

    The figures of a chart are compared with today's; `record` of a document has none.
    """
    if "document" in record:
        return FileVerdict(
            FileOutcome.HOLDS,
            f"Computed by this program from release {record['release']}, and untouched: "
            f"{record['document']}, counted to {record['counted_to']}, for the viewer "
            f"'{record['viewer']}'. Served today is {context.warehouse.release.id}; whether its "
            "figures are the same was not compared.",
        )
    verdict = _compare_with_today(record, context)
    return replace(verdict, sentence=f"Signed here, {verdict.sentence}")


def _compare_with_today(record: Record, context: ReportContext) -> FileVerdict:
    """Draw a record's chart again, as the public would see it today, and compare the rows.

    The verdict's sentence goes on from "Signed here, …".
    """
    made_of = f"chart '{record['chart']}' of release {record['release']}"
    try:
        entry = chart_list.find_entry(str(record["chart"]))
        result = entry.draw(context.as_public(), record["chosen"])
    except (UsageError, DataError) as error:
        sentence = f"unedited: {made_of}. Today it cannot be made: {error}"
        return FileVerdict(FileOutcome.DIFFERS, sentence)
    if record["kind"] != result.about.kind:
        sentence = (
            f"unedited: {made_of}, of {record['kind']} data. Served today is {result.about.kind}."
        )
        return FileVerdict(FileOutcome.DIFFERS, sentence)
    release, rows = context.warehouse.release, table_files.write_rows(result.chart.table)
    if record["rows"] == rows:
        sentence = f"unedited, and today's figures agree: {made_of}; served {release.id}."
        return FileVerdict(FileOutcome.HOLDS, sentence)
    sentence = f"unedited, but today's figures differ: {made_of}; served {release.id}."
    reasons = list_reasons(release.manifest, context.settings)
    return FileVerdict(
        FileOutcome.DIFFERS, sentence, _write_slip(record, rows, release.id, reasons)
    )


def list_reasons(manifest: Mapping[str, Any], settings: Settings) -> list[str]:
    """List why figures may differ: earlier weeks that were revised, public tables withdrawn."""
    revised_weeks = revisions.describe_revisions(manifest.get("ledger", []), settings)
    changes = [sentence for _, sentence in revised_weeks if sentence]
    return changes + table_withdrawals.describe_withdrawals(manifest["withdrawn"], settings)


def _write_slip(record: Record, rows: str, release: str, reasons: list[str]) -> str:
    """Write a correction slip of one page: each row that changed, as it was and as it is.

    `rows`: today's rows as CSV; `release`: today's; `reasons`: sentences of `list_reasons`.
    """
    changes = list_changed_rows(str(record["rows"]), rows)
    more = len(changes) - MOST_LINES
    lines = [
        "CORRECTION",
        f"{record['title']}",
        f"{record['measure']}",
        f"Published from release {record['release']}; figures of today from release {release}.",
        "",
        f"            {rows.partition(chr(10))[0]}",
        *changes[:MOST_LINES],
        *([f"    and {more} more lines"] if more > 0 else []),
        "",
        "Why (what the newest release changed in earlier weeks):",
        *(f"    {reason}" for reason in reasons or ["The revision ledger says nothing."]),
    ]
    return "\n".join(lines)


def list_changed_rows(then: str, now: str) -> list[str]:
    """List the rows that differ between two tables, given as CSV: "    was     2024,12"."""
    names = {"-": "    was     ", "+": "    is now  "}
    # The first two lines of a diff are the names of its files, which are empty here.
    lines = [*unified_diff(then.splitlines(), now.splitlines(), n=0, lineterm="")][2:]
    return [f"{names[line[0]]}{line[1:]}" for line in lines if line[0] in names]
