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
from typing import Any, NamedTuple

from longevity.errors import DataError
from longevity.outputs.bundle.reproducible import chunk
from longevity.release import signing

LARGEST_FILE = 64 << 20
LARGEST_RECORD = 4 << 20
PNG = b"\x89PNG\r\n\x1a\n"
END_CHUNK = 12  # bytes, the last of a PNG
PART = "longevity/signature.txt"
KEYWORD = b"longevity\x00\x00\x00\x00\x00"
BEGINS, ENDS = b"LONGEVITY-SIGNED:", b":END"
_MARKER = re.compile(re.escape(BEGINS) + rb"[A-Za-z0-9_.=-]*" + re.escape(ENDS))
Record = dict[str, Any]


class _Header(NamedTuple):
    """A header of a part in a ZIP: how it begins, its length, where its checksum stands."""

    sign: bytes
    header: int
    sum: int


LOCAL, CENTRAL = _Header(b"PK\x03\x04", 30, 14), _Header(b"PK\x01\x02", 46, 16)


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
    signature = signing.sign_bytes(home, _over(said, content))
    return f"{said}.{content}.{signature}.{signing.read_public_key(home)}"


def read_token(text: str) -> Signed:
    """A token taken apart; NotOursError when it is none."""
    parts = text.split(".")
    if len(parts) != 4:
        raise NotOursError("The file holds a signature that cannot be read.")
    said, content, signature, key = parts
    # A number in hexadecimal can be written in several ways; only one is ours.
    plain = (key + signature + content).lower() == key + signature + content
    holds = plain and signing.verify_signature(key, signature, _over(said, content))
    return Signed(unpacked(said), content, key, holds)


def written(told: Mapping[str, Any], said: str) -> bytes:
    """A manifest as its one spelling: what it tells, with the token `said`."""
    return (json.dumps({**told, "token": said}, indent=1, sort_keys=True) + "\n").encode()


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
    return png[:-END_CHUNK] + text + png[-END_CHUNK:]


def signed_text(data: bytes, home: Path, record: Record) -> bytes:
    """An SVG or PDF whose one marker is empty or of the token's length, with the token in it."""
    said = token(home, record, digest(_MARKER.sub(BEGINS + ENDS, data))).encode()
    return _MARKER.sub(lambda _: BEGINS + said + ENDS, data)


def empty_marker(home: Path, record: Record) -> str:
    """A marker as long as the token will be, for a file that counts its bytes."""
    return (BEGINS + b"-" * len(token(home, record, "0" * 64)) + ENDS).decode()


def with_metadata(svg: bytes) -> bytes:
    """An SVG with room for the token in its metadata."""
    room = b"<metadata>" + BEGINS + ENDS + b"</metadata></svg>"
    return svg.removesuffix(b"</svg>") + room


def signed_pdf(pdf: bytes, home: Path, record: Record, about: Mapping[str, str]) -> bytes:
    """The PDF with `about` (`/Title`, …) for its document information, and the token in that."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject

    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.metadata = None
    writer.add_metadata(dict(about))
    information = writer._info
    if information is None:
        raise DataError("The page has no document information.")
    information[NameObject("/Signature")] = _as_it_is(empty_marker(home, record))
    written = io.BytesIO()
    writer.write(written)
    return signed_text(written.getvalue(), home, record)


def _as_it_is(text: str) -> Any:
    """A string of a PDF written without escapes: the marker is looked for in the bytes."""
    from pypdf.generic import TextStringObject

    class AsItIs(TextStringObject):
        def write_to_stream(self, stream: Any, encryption_key: Any = None) -> None:
            stream.write(b"(" + self.encode("ascii") + b")")

    return AsItIs(text)


def signed_deck(deck: Any, home: Path, record: Record) -> bytes:
    """A presentation of python-pptx as a file, with the token in PART.

    PART is the one part that is not compressed, so that the token lies open in the file and
    every other byte of the file is signed.
    """
    _give_room(deck)
    saved, made = io.BytesIO(), io.BytesIO()
    deck.save(saved)
    room = empty_marker(home, record).encode()
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            named = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            if item.filename == PART:
                new.writestr(named, room, zipfile.ZIP_STORED)
            else:
                new.writestr(named, old.read(item), zipfile.ZIP_DEFLATED)
    data = made.getvalue()
    said = token(home, record, digest(_blank(data, _one_marker(data))))
    return _with_sums(data.replace(room, BEGINS + said.encode() + ENDS))


def _one_marker(data: bytes) -> re.Match[bytes]:
    """The marker of a file that holds exactly one; NotOursError otherwise."""
    found = list(_MARKER.finditer(data))
    if not found:
        raise NotOursError("The file holds no signature of this application.")
    if len(found) > 1:
        raise NotOursError("The file holds more than one signature: somebody edited it.")
    return found[0]


def _sums(data: bytes, marker: re.Match[bytes]) -> tuple[int, int]:
    """Where PART's two checksums stand: in its own header and in the directory at the end."""
    name = PART.encode()
    own = marker.start() - len(name) - LOCAL.header
    listed = data.rfind(name) - CENTRAL.header
    for at, header in ((own, LOCAL), (listed, CENTRAL)):
        named = data[at + header.header : at + header.header + len(name)]
        if at < 0 or not data.startswith(header.sign, at) or named != name:
            raise NotOursError("The signature in the presentation is damaged.")
    return own + LOCAL.sum, listed + CENTRAL.sum


def _blank(data: bytes, marker: re.Match[bytes]) -> bytes:
    """A presentation without its token and what follows from it: what is signed."""
    blank = bytearray(data)
    for at in _sums(data, marker):
        blank[at : at + 4] = bytes(4)
    blank[marker.start() : marker.end()] = BEGINS + ENDS
    return bytes(blank)


def _with_sums(data: bytes) -> bytes:
    """A presentation with the checksums of the marker it holds."""
    marker = _one_marker(data)
    summed = bytearray(data)
    for at in _sums(data, marker):
        summed[at : at + 4] = struct.pack("<I", zlib.crc32(marker[0]))
    return bytes(summed)


def _from_deck(data: bytes) -> tuple[Signed, str]:
    """A presentation is never unpacked here: all but the token is hashed as it lies."""
    marker = _one_marker(data)
    if _with_sums(data) != data:
        raise NotOursError("The signature in the presentation is damaged.")
    said = marker[0][len(BEGINS) : -len(ENDS)].decode()
    return read_token(said), digest(_blank(data, marker))


def _give_room(deck: Any) -> None:
    """Give a presentation the empty PART."""
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    package = deck.part.package
    part = Part(PackURI(f"/{PART}"), "text/plain", package, b"")
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
        return _from_deck(data)
    said = _one_marker(data)[0][len(BEGINS) : -len(ENDS)].decode()
    # An empty marker stays where it was: moved elsewhere in the file it is an edit too.
    return read_token(said), digest(_MARKER.sub(BEGINS + ENDS, data))


def _from_png(data: bytes) -> tuple[Signed, str]:
    at, ends, tokens, rest = len(PNG), 0, [], [PNG]
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        end = at + 12 + length
        if end > len(data):
            raise NotOursError("The picture is cut off.")
        inner = data[at + 8 : end - 4]
        if data[at + 4 : at + 8] == b"iTXt" and inner.startswith(KEYWORD):
            ends = end
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
    if ends != len(data) - END_CHUNK:
        raise NotOursError("The signature in the picture is not where it was put.")
    return read_token(tokens[0]), digest(b"".join(rest))
