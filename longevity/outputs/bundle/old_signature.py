"""Read the signature that files carried before Content Credentials: for one version more.

The token is `record.content.signature.key`: the record (what the picture is of, with its
rows) packed as text, the SHA-256 of everything else in the file, Ed25519 over both, and the
public key. Readers are bounded: a file is only ever somebody's claim.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from longevity.errors import DataError
from longevity.outputs.bundle.reproducible import build_chunk
from longevity.release import signing

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


def read_token(text: str) -> Signed:
    """Take a token apart; NotOursError when it is none."""
    parts = text.split(".")
    if len(parts) != 4:
        raise NotOursError("The file holds a signature that cannot be read.")
    record, content, signature, key = parts
    # A number in hexadecimal can be written in several ways; only one is ours.
    plain = (key + signature + content).lower() == key + signature + content
    holds = plain and signing.verify_signature(key, signature, _write_message(record, content))
    return Signed(unpack_record(record), content, key, holds)


def write_manifest(content: Mapping[str, Any], token: str) -> bytes:
    """Write a manifest in its one spelling: what it tells, with its `token`."""
    return (json.dumps({**content, "token": token}, indent=1, sort_keys=True) + "\n").encode()


def pack_record(record: Mapping[str, Any]) -> str:
    """Pack a record as text of letters, digits, `-` and `_`."""
    plain = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode()


def unpack_record(text: str) -> Record:
    """Unpack a record, at most LARGEST_RECORD long, from its text; NotOursError otherwise."""
    try:
        unpack = zlib.decompressobj()
        plain = unpack.decompress(base64.urlsafe_b64decode(text), LARGEST_RECORD)
        if unpack.unconsumed_tail:
            raise NotOursError("The file holds a signature that unpacks to far too much.")
        record = json.loads(plain)
    except (ValueError, zlib.error, RecursionError) as error:
        raise NotOursError("The file holds a signature that cannot be read.") from error
    if not isinstance(record, dict):
        raise NotOursError("The file holds a signature that cannot be read.")
    return record


def _write_message(record: str, content: str) -> bytes:
    return f"longevity press 1\n{record}\n{content}".encode()


def _find_marker(data: bytes) -> re.Match[bytes]:
    """Find the marker of a file that holds exactly one; NotOursError otherwise."""
    markers = list(_MARKER.finditer(data))
    if not markers:
        raise NotOursError("The file holds no signature of this application.")
    if len(markers) > 1:
        raise NotOursError("The file holds more than one signature: somebody edited it.")
    return markers[0]


def _find_checksums(data: bytes, marker: re.Match[bytes]) -> tuple[int, int]:
    """Find PART's two checksums: in its own header and in the directory at the end."""
    name = PART.encode()
    local = marker.start() - len(name) - LOCAL.header
    central = data.rfind(name) - CENTRAL.header
    for at, header in ((local, LOCAL), (central, CENTRAL)):
        name_there = data[at + header.header : at + header.header + len(name)]
        if at < 0 or not data.startswith(header.sign, at) or name_there != name:
            raise NotOursError("The signature in the presentation is damaged.")
    return local + LOCAL.sum, central + CENTRAL.sum


def _remove_token(data: bytes, marker: re.Match[bytes]) -> bytes:
    """Return a presentation without its token and what follows from it: what is signed."""
    blank = bytearray(data)
    for at in _find_checksums(data, marker):
        blank[at : at + 4] = bytes(4)
    blank[marker.start() : marker.end()] = BEGINS + ENDS
    return bytes(blank)


def _set_checksums(data: bytes) -> bytes:
    """Return a presentation with the checksums of the marker it holds."""
    marker = _find_marker(data)
    summed = bytearray(data)
    for at in _find_checksums(data, marker):
        summed[at : at + 4] = struct.pack("<I", zlib.crc32(marker[0]))
    return bytes(summed)


def _read_deck(data: bytes) -> tuple[Signed, str]:
    """Read what a presentation says is signed. It is not unpacked: all but the token is hashed."""
    marker = _find_marker(data)
    if _set_checksums(data) != data:
        raise NotOursError("The signature in the presentation is damaged.")
    token = marker[0][len(BEGINS) : -len(ENDS)].decode()
    return read_token(token), hash_bytes(_remove_token(data, marker))


def read_manifest(data: bytes) -> tuple[Signed, str]:
    """Read what the manifest of a bundle says is signed, and hash its other content.

    NotOursError where it holds no signature.
    """
    try:
        content = json.loads(data)
        token = content.pop("token")
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise NotOursError("The manifest holds no signature of this application.") from error
    signed = read_token(str(token))
    # One spelling only: a key given twice, or other spaces, say the file was written anew.
    same = data == write_manifest(signed.record, str(token))
    return signed, hash_bytes(pack_record(content).encode()) if same else "changed"


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_signature(data: bytes) -> tuple[Signed, str]:
    """Read what a PNG, SVG, PDF or PPTX says is signed, and hash its other content.

    NotOursError with a sentence for a file without one signature, exactly one.
    """
    if data.startswith(PNG):
        return _read_png(data)
    if data.startswith(b"PK"):
        return _read_deck(data)
    token = _find_marker(data)[0][len(BEGINS) : -len(ENDS)].decode()
    # An empty marker stays where it was: moved elsewhere in the file it is an edit too.
    return read_token(token), hash_bytes(_MARKER.sub(BEGINS + ENDS, data))


def _read_png(data: bytes) -> tuple[Signed, str]:
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
            if build_chunk(b"iTXt", inner) != data[at:end]:
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
    return read_token(tokens[0]), hash_bytes(b"".join(rest))
