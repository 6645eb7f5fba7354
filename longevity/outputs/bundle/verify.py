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

from longevity.errors import DataError, LongevityError, UsageError
from longevity.outputs.bundle import rows
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.read import ANY, Claim, read_claim
from longevity.release import certificates, revisions
from longevity.release.signing import FOLDER
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_title import OWN
from longevity.reports.context import ReportContext
from longevity.settings import Settings

MOST_LINES = 40  # of a correction slip: one page
MOST_BESIDE = 200  # files looked at for a manifest
LARGEST_FILE = 64 << 20  # bytes
BESIDE = ".c2pa"  # how the credentials of a manifest end
DESCRIBED = (".csv", ".txt")  # signed in the manifest beside them

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


class Outcome(StrEnum):
    """What became of a file."""

    HOLDS = "holds"
    EDITED = "edited"
    NOT_LISTED = "signed here, not as given out"
    NO_LIST = "signed here, no list to look it up in"
    DIFFERS = "differs"
    RETITLED = "title by the user"
    UNKNOWN = "unknown signer"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Signed:
    """What the credentials of a file say, and whether they are, byte for byte, as given out."""

    claim: Claim
    listed: bool


class NotOursError(DataError):
    """The file holds no credentials that can be read."""


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a file; `slip` is the correction slip, where figures differ."""

    outcome: Outcome
    sentence: str
    slip: str = ""


def judge_file(
    path: Path, data: bytes, context: ReportContext, read_credentials: ReadClaim = read_claim
) -> Verdict:
    """Judge a file, as read, against who signs here, the files given out and the served release.

    `read_credentials` reads the credentials in it.
    """
    try:
        signed = _read_signed(path, data, context.settings, read_credentials)
    except NotOursError as error:
        return Verdict(Outcome.UNSIGNED, str(error))
    claim = signed.claim
    if not claim.ours:
        holds = "its credentials hold" if claim.holds else "it was changed since"
        return Verdict(
            Outcome.UNKNOWN,
            f"Signed by “{claim.signer}”, with a certificate or key that is not this "
            f"application's; {holds}.",
        )
    if not claim.record_holds:
        return Verdict(Outcome.EDITED, "Edited: what its signature says was changed.")
    if not claim.holds:
        outcome, sentence = Outcome.EDITED, "Edited: signed here, and changed since."
    elif signed.listed:
        verdict = _judge_unedited(claim.record, context)
        signer = _describe_signer(claim, context.settings)
        return replace(verdict, sentence=f"{verdict.sentence} {signer}")
    elif given_out.has_list(context.settings.home):
        outcome, sentence = Outcome.NOT_LISTED, NOT_LISTED
    else:
        outcome, sentence = Outcome.NO_LIST, NO_LIST
    return Verdict(outcome, sentence + _describe_marks(claim.record))


def _describe_signer(claim: Claim, settings: Settings) -> str:
    """Say in a sentence who signed, and since when that certificate holds no more."""
    known = {str(who.chain[0].serial_number): who for who in certificates.list_known(settings)}
    ended = f", which ran out on {known[claim.serial].ends}" if claim.ran_out else ""
    return f"The certificate is that of “{claim.signer}”{ended}."


def _judge_unedited(record: Record, context: ReportContext) -> Verdict:
    """Judge a file that is as it was made here."""
    if "document" in record:
        sentence = _describe_document(record, context.warehouse.release.id) + _describe_marks(
            record
        )
        return Verdict(Outcome.HOLDS, sentence)
    verdict = _compare_with_today(record, context)
    title = _describe_title(record)
    if title:
        sentence = f"Signed here, but {title}. Otherwise {verdict.sentence}"
        return replace(verdict, outcome=Outcome.RETITLED, sentence=sentence)
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
) -> Signed:
    """Read who signed a file and what holds of it; NotOursError where nothing signs it."""
    suffix = path.suffix.lower()
    if suffix == ".zip":
        raise NotOursError(f"{path.name} is packed: unpack it and give the files in it.")
    if suffix == BESIDE:
        return _read_manifest(path.with_suffix(".json"), settings)
    if suffix == ".json":
        return _read_manifest(path, settings)
    if suffix in DESCRIBED:
        return _find_signed_manifest(path, data, settings)
    claim = read_credentials(_detect_kind(data), data, _write_known(settings))
    if claim is None:
        raise NotOursError(CANNOT_BE_VERIFIED)
    return Signed(claim, given_out.is_listed(settings.home, data))


def _detect_kind(data: bytes) -> str:
    """Tell what a file is by how it begins: its name is nobody's word."""
    begins = {b"\x89PNG": "png", b"PK": "pptx", b"%PDF": "pdf"}
    return next((kind for sign, kind in begins.items() if data.startswith(sign)), "svg")


def _write_known(settings: Settings) -> str:
    """Return the certificates of who signs or signed here, without those of their issuers."""
    signers = [identity.chain[0] for identity in certificates.list_known(settings)]
    return certificates.write_pem(*signers).decode("ascii")


def _find_signed_manifest(path: Path, data: bytes, settings: Settings) -> Signed:
    """Find who vouches for a file that holds no signature: the manifest it came with."""
    digest = hashlib.sha256(data).hexdigest()
    found = []
    for manifest in sorted(path.parent.glob("*manifest.json"))[:MOST_BESIDE]:
        try:
            signed = _read_manifest(manifest, settings)
        except LongevityError:
            continue
        claim, files = signed.claim, signed.claim.record.get("files")
        if isinstance(files, dict) and path.name in files:
            # A signed manifest vouches for the hash it holds.
            holds = claim.holds and files[path.name] == digest
            found.append(replace(signed, claim=replace(claim, holds=holds)))
    if found:
        # Anybody may lay a manifest next to it that names the file: one signed here goes first.
        return max(found, key=lambda signed: (signed.claim.ours, signed.claim.holds, signed.listed))
    raise NotOursError(
        f"No manifest next to it names {path.name}: a CSV is signed in the manifest it came "
        "with. Put it into one folder with that and its .c2pa, under their own names."
    )


def _read_manifest(path: Path, settings: Settings) -> Signed:
    """Read who signed a manifest: its credentials are in a file next to it, which is listed."""
    credentials = path.with_suffix(BESIDE)
    if not path.is_file() or not credentials.is_file():
        raise NotOursError(f"{CANNOT_BE_VERIFIED} A manifest and its .c2pa belong in one folder.")
    store = read_file(credentials)
    claim = read_claim(ANY, read_file(path), _write_known(settings), store)
    if claim is None:
        raise NotOursError(f"{credentials.name} holds no signature that can be read.")
    return Signed(claim, given_out.is_listed(settings.home, store))


def _compare_with_today(record: Record, context: ReportContext) -> Verdict:
    """Compare the figures with those of the release that is served, as public.

    Its sentence goes on from "Signed here, …".
    """
    made_of = f"chart '{record.get('chart')}' of release {record.get('release')}"
    release = context.warehouse.release
    try:
        result = catalogue.find_entry(str(record.get("chart"))).draw(
            context.as_public(), record["chosen"]
        )
    except (UsageError, DataError) as error:
        return Verdict(
            Outcome.DIFFERS,
            f"unedited: {made_of}. Today it cannot be made: {error}",
        )
    if record.get("kind") != result.kind:
        return Verdict(
            Outcome.DIFFERS,
            f"unedited: {made_of}, of {record.get('kind')} data. What is served today is "
            f"{result.kind}.",
        )
    then, now = str(record["rows"]), rows.write_figures(result.chart.table)
    if then == now:
        return Verdict(
            Outcome.HOLDS,
            f"unedited, and today's figures agree: {made_of}; served {release.id}.",
        )
    sentence = f"unedited, but today's figures differ: {made_of}; served {release.id}."
    why = list_reasons(release.manifest, context.settings)
    return Verdict(Outcome.DIFFERS, sentence, write_slip(record, now, release.id, why))


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
