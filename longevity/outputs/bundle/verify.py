"""What a published file says of itself, and whether it still holds."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from longevity.errors import DataError, UsageError
from longevity.outputs.bundle import CREDENTIALS, MANIFEST, bundle_rows
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.read import ANY, Claim, read_claim
from longevity.release import certificates, revisions
from longevity.release.signing import FOLDER
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_title import OWN
from longevity.screens.context import ReportContext
from longevity.settings import Settings

MOST_LINES = 40  # of a correction slip: one page
LARGEST_FILE = 64 << 20  # bytes
DESCRIBED = (".csv", ".txt", ".json", ".c2pa")  # signed by the credentials of a manifest

CANNOT_BE_VERIFIED = "It cannot be verified: it was saved anew by another program, or is not ours."
NOT_LISTED = (
    "Signed by us, but not byte for byte a file we gave out: do not rely on it, and ask for the "
    "file anew. Where another machine signs with this certificate, verify it there."
)
NO_LIST = (
    "Signed by us, but the list of the files we gave out is not on this machine "
    f"({FOLDER}/{given_out.NAME} in LONGEVITY_HOME), so only the credentials were judged: whether "
    "a byte was changed where they do not look is not known. Verify it on the machine that made "
    "it, or restore the list from its back-up."
)

Record = dict[str, Any]
ReadClaim = Callable[[str, bytes, str], Claim | None]


class FileOutcome(StrEnum):
    """What became of a file."""

    HOLDS = "holds"
    EDITED = "edited"
    NOT_LISTED = "signed here, not as given out"
    NO_LIST = "signed here, no list to look it up in"
    DIFFERS = "differs"
    RETITLED = "title by the user"
    UNKNOWN = "unknown signer"
    UNSIGNED = "unsigned"


class NotOursError(DataError):
    """The file holds no credentials that can be read."""


@dataclass(frozen=True)
class FileVerdict:
    """What is to be said of a file; `slip` is the correction slip, where figures differ."""

    outcome: FileOutcome
    sentence: str
    slip: str = ""


def judge_file(
    path: Path, data: bytes, context: ReportContext, read_credentials: ReadClaim = read_claim
) -> FileVerdict:
    """Judge a file, as read, against who signs here, the files given out and the served release.

    `read_credentials` reads the credentials in it.
    """
    home = context.settings.home
    try:
        claim, signed = _read_signed(path, data, context.settings, read_credentials)
    except NotOursError as error:
        return FileVerdict(FileOutcome.UNSIGNED, str(error))
    listed = given_out.is_listed(home, signed)
    if not claim.ours and not listed:
        holds = "its credentials hold" if claim.holds else "it was changed since"
        return FileVerdict(
            FileOutcome.UNKNOWN,
            f"Signed by “{claim.signer}”, with a certificate or key that is not this "
            f"application's; {holds}.",
        )
    if not claim.record_holds:
        return FileVerdict(FileOutcome.EDITED, "Edited: what its signature says was changed.")
    if not claim.holds:
        verdict = FileVerdict(FileOutcome.EDITED, "Edited: signed here, and changed since.")
    elif not given_out.has_list(home):
        verdict = FileVerdict(FileOutcome.NO_LIST, NO_LIST)
    elif not listed:
        verdict = FileVerdict(FileOutcome.NOT_LISTED, NOT_LISTED)
    else:
        verdict = _judge_unedited(claim.record, context)
        ended = ", which has run out since" if claim.ran_out else ""
        signer = f"The certificate is that of “{claim.signer}”{ended}."
        return replace(verdict, sentence=f"{verdict.sentence} {signer}")
    return replace(verdict, sentence=verdict.sentence + _describe_marks(claim.record))


def _judge_unedited(record: Record, context: ReportContext) -> FileVerdict:
    """Judge a file that is as it was made here."""
    if "document" in record:
        sentence = _describe_document(record, context.warehouse.release.id) + _describe_marks(
            record
        )
        return FileVerdict(FileOutcome.HOLDS, sentence)
    verdict = _compare_with_today(record, context)
    title = _describe_title(record)
    if title:
        sentence = f"Signed here, but {title}. Otherwise {verdict.sentence}"
        return replace(verdict, outcome=FileOutcome.RETITLED, sentence=sentence)
    return replace(verdict, sentence=f"Signed here, {verdict.sentence}")


def _describe_document(record: Record, served: str) -> str:
    """Say what there is to say of a document that is as it was made."""
    release = record["release"]
    today = (
        "That release is the one served today."
        if release == served
        else f"Served today is {served}; whether its figures are the same was not compared."
    )
    return (
        f"Computed by this program from release {release}, and untouched: {record['document']}, "
        f"counted to {record['counted_to']}, for the viewer '{record['viewer']}'. {today}"
    )


def _describe_marks(record: Record) -> str:
    """Say in a sentence what a file was marked with when it was made; empty for none."""
    marks = record.get("marks", [])
    return f" It was marked {' and '.join(marks)}." if marks else ""


def _describe_title(record: Record) -> str:
    """Say that a title is in somebody's own words; empty for one that was offered."""
    computed, now = str(record.get("title_made", "")), str(record.get("title", ""))
    if record["title_kind"] != OWN:
        return ""
    return f"its title is by the user: “{now}”; the computed title is “{computed}”"


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


def _read_signed(
    path: Path, data: bytes, settings: Settings, read_credentials: ReadClaim
) -> tuple[Claim, bytes]:
    """Read what the credentials of a file say, and the bytes they lie in.

    NotOursError where nothing signs it.
    """
    known = certificates.write_known(settings)
    if path.suffix.lower() == ".zip":
        raise NotOursError(f"{path.name} is packed: unpack it and give the files in it.")
    if path.suffix.lower() in DESCRIBED:
        return _read_beside(path, data, known)
    begins = {b"\x89PNG": "png", b"PK": "pptx", b"%PDF": "pdf"}
    # Its kind is told by how it begins: its name is nobody's word.
    kind = next((kind for sign, kind in begins.items() if data.startswith(sign)), "svg")
    claim = read_credentials(kind, data, known)
    if claim is None:
        raise NotOursError(CANNOT_BE_VERIFIED)
    return claim, data


def _read_beside(path: Path, data: bytes, known: str) -> tuple[Claim, bytes]:
    """Read of a manifest, its credentials, or a file that it names what the credentials say."""
    stem = path.stem.removesuffix("-README").removesuffix("-manifest")
    manifest, beside = (path.with_name(f"{stem}-{name}") for name in (MANIFEST, CREDENTIALS))
    if not manifest.is_file() or not beside.is_file():
        raise NotOursError(
            f"{CANNOT_BE_VERIFIED} If it is of a bundle, put it into one folder with "
            f"{manifest.name} and {beside.name}, which sign it, all under their own names."
        )
    store = read_file(beside)
    claim = read_claim(ANY, read_file(manifest), known, store)
    if claim is None:
        raise NotOursError(f"{beside.name} holds no signature that can be read.")
    if path.name in (manifest.name, beside.name):
        return claim, store
    files = claim.record.get("files")
    if not isinstance(files, dict) or path.name not in files:
        raise NotOursError(f"{manifest.name} does not name {path.name}.")
    # A signed manifest vouches for the hash it holds.
    same = files[path.name] == hashlib.sha256(data).hexdigest()
    return replace(claim, holds=claim.holds and same), store


def _compare_with_today(record: Record, context: ReportContext) -> FileVerdict:
    """Compare the figures with those of the release that is served, as public.

    Its sentence goes on from "Signed here, …".
    """
    made_of = f"chart '{record.get('chart')}' of release {record.get('release')}"
    release = context.warehouse.release
    try:
        result = chart_list.find_entry(str(record.get("chart"))).draw(
            context.as_public(), record["chosen"]
        )
    except (UsageError, DataError) as error:
        return FileVerdict(
            FileOutcome.DIFFERS,
            f"unedited: {made_of}. Today it cannot be made: {error}",
        )
    if record.get("kind") != result.kind:
        return FileVerdict(
            FileOutcome.DIFFERS,
            f"unedited: {made_of}, of {record.get('kind')} data. What is served today is "
            f"{result.kind}.",
        )
    then, now = str(record["rows"]), bundle_rows.write_figures(result.chart.table)
    if then == now:
        return FileVerdict(
            FileOutcome.HOLDS,
            f"unedited, and today's figures agree: {made_of}; served {release.id}.",
        )
    sentence = f"unedited, but today's figures differ: {made_of}; served {release.id}."
    why = list_reasons(release.manifest, context.settings)
    return FileVerdict(FileOutcome.DIFFERS, sentence, write_slip(record, now, release.id, why))


def list_reasons(manifest: Mapping[str, Any], settings: Settings) -> list[str]:
    """List what the release changed in earlier weeks, in sentences anybody may know."""
    revised_weeks = revisions.describe_public_revisions(manifest.get("ledger", []), settings)
    return [sentence for _, sentence in revised_weeks if sentence]


def write_slip(record: Record, now: str, release: str, reasons: Sequence[str]) -> str:
    """Write a correction slip of one page: each figure that changed, as it was and as it is.

    It stands under the computed title: a user's own is not said again.
    """
    changes = list_changed_figures(str(record["rows"]), now)
    first = changes[:MOST_LINES]
    more = len(changes) - len(first)
    if str(record["release"])[:10] > release[:10]:  # an id begins with the last day counted
        reasons = ["An earlier release, whose data end sooner, is served again."]
    because = [f"    {reason}" for reason in reasons] or ["    The revision ledger says nothing."]
    lines = [
        "CORRECTION",
        f"{record['title_made']}",
        f"{record['measure']}",
        f"Published from release {record['release']}; figures of today from release {release}.",
        "",
        *(f"    {where}: {old} is now {new}" for where, old, new in first),
        *([f"    and {more} more"] if more else []),
        "",
        "Why (what the newest release changed in earlier weeks):",
        *because,
    ]
    return "\n".join(lines)


def list_changed_figures(then: str, now: str) -> list[tuple[str, str, str]]:
    """List each figure that differs between two tables of CSV: where, as it was, as it is.

    Rows are matched by the first columns that tell every row from the others.
    """
    old, new = (list(csv.reader(io.StringIO(text))) for text in (then, now))
    head, other = (old[0] if old else []), (new[0] if new else [])
    if head != other:
        return [("columns", ", ".join(head), ", ".join(other))]
    keys = _count_key_columns(old[1:], new[1:], len(head))
    before, after = ({tuple(row[:keys]): row for row in side[1:]} for side in (old, new))
    differences = []
    for key in dict.fromkeys([*before, *after]):
        where = ", ".join(key)
        if key not in before or key not in after:
            was, is_ = (before.get(key), after.get(key))
            differences.append((where, _join_rest(was, keys), _join_rest(is_, keys)))
            continue
        differences += [
            (f"{where}, {name.replace('_', ' ')}", a or "–", b or "–")
            for name, a, b in zip(head, before[key], after[key], strict=False)
            if a != b
        ]
    return differences


def _join_rest(row: list[str] | None, keys: int) -> str:
    return "not there" if row is None else ", ".join(cell or "–" for cell in row[keys:])


def _count_key_columns(old: list[list[str]], new: list[list[str]], columns: int) -> int:
    """Count the leading columns that tell the rows of each table apart; all when it takes them."""
    for keys in range(1, columns):
        if all(len({tuple(row[:keys]) for row in side}) == len(side) for side in (old, new)):
            return keys
    return columns
