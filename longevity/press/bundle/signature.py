"""Signed provenance inside a file: put there, taken out, and what it is signed over.

The token is `record.content.signature.key`: the record (what the picture is of, with its
rows) packed as text, the SHA-256 of everything else in the file, Ed25519 over both, and the
public key. Readers are bounded: a file is only ever somebody's claim.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longevity.errors import DataError
from longevity.press.bundle.stable import chunk
from longevity.release import signing

LARGEST_FILE = 64 << 20
LARGEST_RECORD = 4 << 20
LARGEST_UNPACKED = 128 << 20
MOST_PARTS = 2000
PNG = b"\x89PNG\r\n\x1a\n"
PART = "longevity/signature.json"
KEYWORD = b"longevity\x00\x00\x00\x00\x00"
BEGINS, ENDS = b"LONGEVITY-SIGNED:", b":END"
_MARKER = re.compile(re.escape(BEGINS) + rb"[A-Za-z0-9_.=-]*" + re.escape(ENDS))
Record = dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """What a token says; `whole` when the signature holds over its record and content."""

    record: Record
    content: str
    key: str
    whole: bool


class NotOursError(DataError):
    """The file holds no signature that can be read."""


def token(home: Path, record: Mapping[str, Any], content: str) -> str:
    """The token for a file whose other content hashes to `content`."""
    said = packed(record)
    signature = signing.sign(home, _over(said, content))
    return f"{said}.{content}.{signature}.{signing.own(home)}"


def read_token(text: str) -> Signed:
    """A token taken apart; NotOursError when it is none."""
    parts = text.split(".")
    if len(parts) != 4:
        raise NotOursError("The file holds a signature that cannot be read.")
    said, content, signature, key = parts
    return Signed(unpacked(said), content, key, signing.holds(key, signature, _over(said, content)))


def packed(record: Mapping[str, Any]) -> str:
    """A record as text of letters, digits, `-` and `_`."""
    plain = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode()


def unpacked(said: str) -> Record:
    """The record of its text, at most LARGEST_RECORD long; NotOursError otherwise."""
    try:
        unpack = zlib.decompressobj()
        plain = unpack.decompress(base64.urlsafe_b64decode(said), LARGEST_RECORD)
        if unpack.unconsumed_tail:
            raise NotOursError("The file holds a signature that unpacks to far too much.")
        record = json.loads(plain)
    except (ValueError, zlib.error, RecursionError) as error:
        raise NotOursError("The file holds a signature that cannot be read.") from error
    if not isinstance(record, dict):
        raise NotOursError("The file holds a signature that cannot be read.")
    return record


def _over(said: str, content: str) -> bytes:
    return f"longevity press 1\n{said}\n{content}".encode()


def signed_png(png: bytes, home: Path, record: Record) -> bytes:
    """The PNG with the token in a text chunk before its end."""
    text = chunk(b"iTXt", KEYWORD + token(home, record, digest(png)).encode())
    return png[:-12] + text + png[-12:]


def signed_text(data: bytes, home: Path, record: Record) -> bytes:
    """An SVG or PDF whose one marker is empty or of the token's length, with the token in it."""
    said = token(home, record, digest(_MARKER.sub(b"", data))).encode()
    return _MARKER.sub(lambda _: BEGINS + said + ENDS, data)


def empty_marker(home: Path, record: Record) -> str:
    """A marker as long as the token will be, for a file that counts its bytes."""
    return (BEGINS + b"-" * len(token(home, record, "0" * 64)) + ENDS).decode()


def with_metadata(svg: bytes) -> bytes:
    """An SVG with room for the token in its metadata."""
    room = b"<metadata>" + BEGINS + ENDS + b"</metadata></svg>"
    return svg.removesuffix(b"</svg>") + room


def with_information(pdf: bytes, home: Path, record: Record) -> bytes:
    """A PDF whose document information says what it is and has room for the token."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject

    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    said = {"/Title": str(record["title"]), "/Subject": str(record["source"])}
    writer.metadata = None
    writer.add_metadata(said)
    information = writer._info
    if information is None:
        raise DataError("The page has no document information.")
    information[NameObject("/Signature")] = _as_it_is(empty_marker(home, record))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _as_it_is(text: str) -> Any:
    """A string of a PDF written without escapes: the marker is looked for in the bytes."""
    from pypdf.generic import TextStringObject

    class AsItIs(TextStringObject):
        def write_to_stream(self, stream: Any, encryption_key: Any = None) -> None:
            stream.write(b"(" + self.encode("ascii") + b")")

    return AsItIs(text)


def signed_pptx(pptx: bytes, home: Path, record: Record) -> bytes:
    """The presentation, which holds an empty PART, with the token in it."""
    said = token(home, record, _parts(pptx)[0])
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(pptx)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            data = old.read(item) if item.filename != PART else json.dumps({"token": said}).encode()
            named = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            new.writestr(named, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def room_in_deck(deck: Any) -> None:
    """Give a presentation the empty PART."""
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    package = deck.part.package
    part = Part(PackURI(f"/{PART}"), "application/json", package, b"{}")
    package.relate_to(part, "http://schemas.openxmlformats.org/package/2006/relationships/signed")


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read(data: bytes) -> tuple[Signed, str]:
    """What a PNG, SVG, PDF or PPTX says is signed, and the hash of its other content.

    NotOursError with a sentence for a file without one signature, exactly one.
    """
    if data.startswith(PNG):
        return _from_png(data)
    if data.startswith(b"PK"):
        content, text = _parts(data)
        return read_token(text), content
    found = _MARKER.findall(data)
    if not found:
        raise NotOursError("The file holds no signature of this application.")
    if len(found) > 1:
        raise NotOursError("The file holds more than one signature: somebody edited it.")
    said = found[0][len(BEGINS) : -len(ENDS)].decode()
    return read_token(said), digest(_MARKER.sub(b"", data))


def _from_png(data: bytes) -> tuple[Signed, str]:
    at, tokens, rest = len(PNG), [], [PNG]
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        end = at + 12 + length
        if end > len(data):
            raise NotOursError("The picture is cut off.")
        inner = data[at + 8 : end - 4]
        if data[at + 4 : at + 8] == b"iTXt" and inner.startswith(KEYWORD):
            tokens.append(inner[len(KEYWORD) :].decode("ascii", "replace"))
            if chunk(b"iTXt", inner) != data[at:end]:
                raise NotOursError("The signature in the picture is damaged.")
        else:
            rest.append(data[at:end])
        at = end
    rest.append(data[at:])
    if not tokens:
        raise NotOursError("The picture holds no signature of this application.")
    if len(tokens) > 1:
        raise NotOursError("The picture holds more than one signature: somebody edited it.")
    return read_token(tokens[0]), digest(b"".join(rest))


def _parts(data: bytes) -> tuple[str, str]:
    """A hash over every part but PART, and the token in that; bounded."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            items = held.infolist()
            names = [item.filename for item in items]
            if len(items) > MOST_PARTS or sum(i.file_size for i in items) > LARGEST_UNPACKED:
                raise NotOursError("The presentation unpacks to far more than one of ours.")
            if len(set(names)) < len(names):
                raise NotOursError("The presentation holds a part twice: somebody edited it.")
            parts, text = [], ""
            for item in sorted(items, key=lambda one: one.filename):
                with held.open(item) as file:
                    # What the directory says of a size is a claim too.
                    inner = file.read(item.file_size + 1)
                if len(inner) > item.file_size:
                    raise NotOursError("The presentation unpacks to more than it says.")
                if item.filename == PART:
                    said = json.loads(inner or b"{}")
                    text = str(said.get("token", "")) if isinstance(said, dict) else ""
                else:
                    parts.append([item.filename, digest(inner)])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise NotOursError("The presentation cannot be opened.") from error
    except (EOFError, zlib.error, RecursionError) as error:
        raise NotOursError("The presentation cannot be opened.") from error
    if PART not in names:
        raise NotOursError("The presentation holds no signature of this application.")
    return digest(json.dumps(parts, separators=(",", ":")).encode()), text
