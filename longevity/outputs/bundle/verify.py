"""What a published file says of itself, and whether it still holds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from longevity.errors import DataError, LongevityError, UsageError
from longevity.outputs.bundle import rows, signature
from longevity.outputs.bundle.signature import NotOursError, Signed
from longevity.release import revisions, signing
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.context import ReportContext
from longevity.settings import Settings

MOST_LINES = 40  # of a correction slip: one page
MOST_BESIDE = 200  # files looked at for a manifest
DESCRIBED = (".csv", ".txt")  # signed in the manifest beside them


class Outcome(StrEnum):
    """What became of a file."""

    HOLDS = "holds"
    EDITED = "edited"
    DIFFERS = "differs"
    RETITLED = "title edited"
    UNKNOWN = "unknown signer"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a file; `slip` is the correction slip, where figures differ."""

    outcome: Outcome
    sentence: str
    slip: str = ""


def verify(path: Path, data: bytes, context: ReportContext) -> Verdict:
    """Judge a file, as read, against this home's key and the release that is served."""
    try:
        signed, content = _read(path, data, signing.read_public_key(context.settings.home))
    except NotOursError as error:
        return Verdict(Outcome.UNSIGNED, str(error))
    if signed.key != signing.read_public_key(context.settings.home):
        whole = "and unedited since" if signed.whole and signed.content == content else "and edited"
        return Verdict(
            Outcome.UNKNOWN,
            f"Signed {whole}, by a key that is not this application's: {signed.key[:16]}…",
        )
    if not signed.whole:
        return Verdict(Outcome.EDITED, "Edited: what its signature says was changed.")
    if signed.content != content:
        told = f"Edited: signed here, and changed since.{_marks(signed.record)}"
        return Verdict(Outcome.EDITED, told)
    return _as_made(signed.record, context)


def _as_made(record: signature.Record, context: ReportContext) -> Verdict:
    """What is to be said of a file that is as it was made here."""
    if "document" in record:
        told = _of_document(record, context.warehouse.release.id) + _marks(record)
        return Verdict(Outcome.HOLDS, told)
    verdict = _today(record, context)
    title = _of_title(record)
    if title:
        told = f"Signed here, but {title}. Otherwise {verdict.sentence}"
        return replace(verdict, outcome=Outcome.RETITLED, sentence=told)
    return replace(verdict, sentence=f"Signed here, {verdict.sentence}")


def _of_document(record: signature.Record, served: str) -> str:
    """What is to be said of a document that is as it was made."""
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


def _marks(record: signature.Record) -> str:
    """What a document was marked with when it was made, in a sentence; empty for a chart."""
    marks = record.get("marks", [])
    return f" It was marked {' and '.join(marks)}." if marks else ""


def _of_title(record: signature.Record) -> str:
    """What is to be said of a title that is not the computed one."""
    made, now = str(record.get("title_made", "")), str(record.get("title", ""))
    if made == now:
        return ""
    return f"its title was edited: “{now}”; the computed title is “{made}”"


def read_file(path: Path) -> bytes:
    """The bytes of a file; UsageError for what is no file, or too large to be one of ours."""
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", "Give a file of a bundle.")
    if path.stat().st_size > signature.LARGEST_FILE:
        raise UsageError(f"{path.name} is larger than any file of a bundle.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.") from error


def _read(path: Path, data: bytes, own: str) -> tuple[Signed, str]:
    """The signature of a file and the hash of what it holds."""
    if path.suffix.lower() == ".zip":
        raise NotOursError(f"{path.name} is packed: unpack it and give the files in it.")
    if path.suffix.lower() == ".json":
        return _manifest(data)
    if path.suffix.lower() not in DESCRIBED:
        return signature.read(data)
    found = []
    for beside in _manifests(path.parent):
        try:
            signed, content = _manifest(read_file(beside))
        except LongevityError:
            continue
        files = signed.record.get("files")
        if isinstance(files, dict) and path.name in files:
            # A signed manifest vouches for the hash it holds.
            same = files[path.name] == signature.digest(data)
            found.append((signed, content if same else "changed"))
    if found:
        # Anybody may lay a manifest beside it that names the file: one signed here goes first.
        return max(found, key=lambda one: _trust(one[0], one[1], own))
    raise NotOursError(
        f"No manifest beside it names {path.name}: a CSV is signed in the manifest it came "
        "with. Put both into one folder, under their own names."
    )


def _trust(signed: Signed, content: str, own: str) -> tuple[bool, bool]:
    here = signed.whole and signed.key == own
    return here, here and signed.content == content


def _manifests(folder: Path) -> list[Path]:
    return sorted(folder.glob("*manifest.json"))[:MOST_BESIDE]


def _manifest(data: bytes) -> tuple[Signed, str]:
    try:
        told = json.loads(data)
        given = told.pop("token")
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise NotOursError("The manifest holds no signature of this application.") from error
    signed = signature.read_token(str(given))
    content = signature.digest(signature.packed(told).encode())
    # One spelling only: a key given twice, or other spaces, say the file was written anew.
    same = data == signature.written(signed.record, str(given))
    return signed, content if same else "changed"


def _today(record: signature.Record, context: ReportContext) -> Verdict:
    """Compare the figures with those of the release that is served, as public.

    Its sentence goes on from "Signed here, …".
    """
    made_of = f"chart '{record.get('chart')}' of release {record.get('release')}"
    release = context.warehouse.release
    try:
        drawn = catalogue.named(str(record.get("chart"))).draw(
            context.as_public(), record["chosen"]
        )
    except (UsageError, DataError) as error:
        return Verdict(
            Outcome.DIFFERS,
            f"unedited: {made_of}. Today it cannot be made: {error}",
        )
    if record.get("kind") != drawn.kind:
        return Verdict(
            Outcome.DIFFERS,
            f"unedited: {made_of}, of {record.get('kind')} data. What is served today is "
            f"{drawn.kind}.",
        )
    then, now = str(record["rows"]), rows.figures(drawn.chart.table)
    if then == now:
        return Verdict(
            Outcome.HOLDS,
            f"unedited, and today's figures agree: {made_of}; served {release.id}.",
        )
    told = f"unedited, but today's figures differ: {made_of}; served {release.id}."
    why = reasons(release.manifest, context.settings)
    return Verdict(Outcome.DIFFERS, told, slip(record, now, release.id, why))


def reasons(manifest: Mapping[str, Any], settings: Settings) -> list[str]:
    """What the release changed in earlier weeks, a sentence each, as anybody may know it."""
    told = revisions.describe_public_revisions(manifest.get("ledger", []), settings)
    return [sentence for _, sentence in told if sentence]


def slip(record: signature.Record, now: str, release: str, reasons: Sequence[str]) -> str:
    """A correction slip of one page: each figure that changed, as it was and as it is.

    It stands under the computed title: an edited one is not said again.
    """
    changes = changed(str(record["rows"]), now)
    shown = changes[:MOST_LINES]
    more = len(changes) - len(shown)
    because = [f"    {reason}" for reason in reasons] or ["    The revision ledger says nothing."]
    lines = [
        "CORRECTION",
        f"{record['title_made']}",
        f"{record['measure']}",
        f"Published from release {record['release']}; figures of today from release {release}.",
        "",
        *(f"    {where}: {old} is now {new}" for where, old, new in shown),
        *([f"    and {more} more"] if more else []),
        "",
        "Why (what the newest release changed in earlier weeks):",
        *because,
    ]
    return "\n".join(lines)


def changed(then: str, now: str) -> list[tuple[str, str, str]]:
    """Each figure that differs between two tables of CSV: where, as it was, as it is.

    Rows are matched by the first columns that tell every row from the others.
    """
    old, new = (list(csv.reader(io.StringIO(text))) for text in (then, now))
    head, other = (old[0] if old else []), (new[0] if new else [])
    if head != other:
        return [("columns", ", ".join(head), ", ".join(other))]
    keys = _telling(old[1:], new[1:], len(head))
    before, after = ({tuple(row[:keys]): row for row in side[1:]} for side in (old, new))
    found = []
    for key in dict.fromkeys([*before, *after]):
        where = ", ".join(key)
        if key not in before or key not in after:
            was, is_ = (before.get(key), after.get(key))
            found.append((where, _rest(was, keys), _rest(is_, keys)))
            continue
        found += [
            (f"{where}, {name.replace('_', ' ')}", a or "–", b or "–")
            for name, a, b in zip(head, before[key], after[key], strict=False)
            if a != b
        ]
    return found


def _rest(row: list[str] | None, keys: int) -> str:
    return "not there" if row is None else ", ".join(cell or "–" for cell in row[keys:])


def _telling(old: list[list[str]], new: list[list[str]], columns: int) -> int:
    """How many leading columns tell the rows of each table apart; all when it takes them."""
    for keys in range(1, columns):
        if all(len({tuple(row[:keys]) for row in side}) == len(side) for side in (old, new)):
            return keys
    return columns
