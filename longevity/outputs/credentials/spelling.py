"""Hold Content Credentials to the one form in which they are made here.

The SDK's hash leaves out the credentials themselves and what packs them into a file: there
bytes could be another, or be added, and the SDK would call the file untouched (decision 72 lists
what it lets pass). Everything it leaves out is compared here, so that no byte of a file of
ours can be another.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from longevity.outputs.credentials import archive

_KIND = bytes.fromhex("00110010800000aa00389b71")
_COSE, _PAD, _SIGNATURE = b"\xd2\x84\x59", b"\xa1\x63pad\x59", b"\xf6\x58\x40"
_CHAIN = b"\xa2\x01\x26\x18\x21"  # signed with ES256, by these certificates
HALF = 0x7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8  # of P-256's order
HALF_SIGNATURE = 32  # bytes of each of a signature's two numbers


class Store(NamedTuple):
    """Credentials taken apart: the hashes of their assertions, and who says to have signed."""

    assertions: list[str]  # SHA-256 in base64, of each box as it lies
    chain: tuple[bytes, ...]


def locate_store(
    kind: str, data: bytes, hashed: Mapping[str, Any], separate_store: bytes | None
) -> tuple[bytes, bool]:
    """Return the credentials' bytes, and whether they are packed as they were put into the file.

    `hashed` is what the hash of the file says to leave out. `separate_store` are credentials that
    came in a file of their own. ValueError where they are not found.
    """
    left_out = hashed.get("exclusions") or []
    if kind == "pptx":
        return archive.find_store(data)
    if separate_store is not None:
        return separate_store, not left_out
    (only,) = left_out
    span = data[only["start"] : only["start"] + only["length"]]
    if kind == "png":
        store = span[8:-4]
        packed = struct.pack(">I", len(store)) + b"caBX" + store
        packed += struct.pack(">I", zlib.crc32(packed[4:]))
    elif kind == "svg":
        store = base64.b64decode(span, validate=True)
        packed = base64.b64encode(store)
    else:
        store = packed = span
    return store, packed == span


def take_apart(store: bytes, label: str) -> Store:
    """Take credentials apart of which every byte has its place; ValueError otherwise."""
    (manifest,) = _open_box(store, b"c2pa", "c2pa")
    claim_boxes, claim, signature = _open_box(manifest, b"c2ma", label)
    assertions = _open_box(claim_boxes, b"c2as", "c2pa.assertions")
    boxes = [
        *_open_box(claim, b"c2cl", "c2pa.claim.v2"),
        *_open_box(signature, b"c2cs", "c2pa.signature"),
    ]
    if len(boxes) != 2 or any(box[4:8] != b"cbor" for box in boxes):
        raise ValueError("not one claim and its signature")
    if any(box[4:8] != b"jumb" for box in assertions):
        raise ValueError("what is no assertion stands among them")
    hashes = [base64.b64encode(hashlib.sha256(box[8:]).digest()).decode() for box in assertions]
    return Store(hashes, _read_signature(boxes[1][8:]))


def find_chain(data: bytes) -> tuple[bytes, ...]:
    """Return the certificates a file of another form speaks of, none where none are found."""
    text = re.search(rb"<c2pa:manifest>([A-Za-z0-9+/=]*)", data)
    try:
        content = base64.b64decode(text[1]) if text else data
        at = content.index(_COSE, content.index(b"c2pa.signature\0"))
        return _read_chain(_read_sized(content[at + len(_COSE) :])[0])
    except (ValueError, IndexError):
        return ()


def _open_box(box: bytes, kind: bytes, label: str) -> list[bytes]:
    """Return the boxes inside one that is described as this and nothing more."""
    described = kind + _KIND + b"\x03" + label.encode() + b"\0"
    head = struct.pack(">I4s", len(box), b"jumb")
    head += struct.pack(">I4s", len(described) + 8, b"jumd") + described
    if not box.startswith(head):
        raise ValueError("a box is described another way")
    boxes, at = [], len(head)
    while at < len(box):
        size = int.from_bytes(box[at : at + 4], "big")
        if size < 8 or at + size > len(box):
            raise ValueError("a box is longer than what holds it")
        boxes.append(box[at : at + size])
        at += size
    return boxes


def _read_signature(cose: bytes) -> tuple[bytes, ...]:
    """Return the certificates of a signature whose every byte is signed or has one value."""
    protected, after = _read_sized(cose.removeprefix(_COSE))
    pad, ends = _read_sized(after.removeprefix(_PAD))
    numbers = ends.removeprefix(_SIGNATURE)
    spelling = (
        _COSE
        + _write_sized(protected)
        + _PAD
        + _write_sized(bytes(len(pad)))
        + _SIGNATURE
        + numbers
    )
    # Of a signature's second number the opposite would do as well: ours is the smaller.
    low = int.from_bytes(numbers[HALF_SIGNATURE:], "big") <= HALF
    if spelling != cose or len(numbers) != 2 * HALF_SIGNATURE or not low:
        raise ValueError("the signature is spelled another way")
    return _read_chain(protected)


def _read_chain(protected: bytes) -> tuple[bytes, ...]:
    many = protected[len(_CHAIN)] - 0x80 if len(protected) > len(_CHAIN) else 0
    chain, rest = [], protected[len(_CHAIN) + 1 :]
    for _ in range(max(0, many)):
        cert, rest = _read_sized(rest.removeprefix(b"\x59"))
        chain.append(cert)
    spelling = (
        _CHAIN
        + bytes([0x80 + len(chain)])
        + b"".join(b"\x59" + _write_sized(cert) for cert in chain)
    )
    if not chain or spelling != protected:
        raise ValueError("the certificates are spelled another way")
    return tuple(chain)


def _read_sized(data: bytes) -> tuple[bytes, bytes]:
    """Return a string of bytes after its length, of two bytes, and what follows it."""
    size = int.from_bytes(data[:2], "big")
    return data[2 : 2 + size], data[2 + size :]


def _write_sized(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data
