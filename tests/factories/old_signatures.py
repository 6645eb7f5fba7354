"""Files signed as before Content Credentials, which one version more still reads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from longevity.outputs.bundle import old_signature as old
from longevity.outputs.bundle.reproducible import build_chunk
from longevity.release import signing


def sign_manifest(home: Path, told: Mapping[str, Any]) -> bytes:
    """Return a manifest that holds its own signature."""
    return old.write_manifest(
        told, _token(home, told, old.hash_bytes(old.pack_record(told).encode()))
    )


def sign_svg(svg: bytes, home: Path, record: Mapping[str, Any]) -> bytes:
    """Return an SVG with its signature in the metadata."""
    room = b"<metadata>" + old.BEGINS + old.ENDS + b"</metadata></svg>"
    data = svg.removesuffix(b"</svg>") + room
    said = _token(home, record, old.hash_bytes(data)).encode()
    return data.replace(old.BEGINS + old.ENDS, old.BEGINS + said + old.ENDS)


def sign_png(png: bytes, home: Path, record: Mapping[str, Any]) -> bytes:
    """Return a PNG with its signature in a text chunk before its end."""
    said = old.KEYWORD + _token(home, record, old.hash_bytes(png)).encode()
    return png[: -old.END_CHUNK] + build_chunk(b"iTXt", said) + png[-old.END_CHUNK :]


def sign_archive(pptx: bytes, home: Path, record: Mapping[str, Any]) -> bytes:
    """Return a presentation with its signature in a part of its own."""
    room = old.BEGINS + b"-" * len(_token(home, record, "0" * 64)) + old.ENDS
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pptx)) as before, zipfile.ZipFile(made, "w") as new:
        for item in before.infolist():
            new.writestr(item.filename, before.read(item), zipfile.ZIP_DEFLATED)
        new.writestr(old.PART, room, zipfile.ZIP_STORED)
    data = made.getvalue()
    blank = old._remove_token(data, old._find_marker(data))
    said = _token(home, record, old.hash_bytes(blank)).encode()
    return old._set_checksums(data.replace(room, old.BEGINS + said + old.ENDS))


def _token(home: Path, record: Mapping[str, Any], content: str) -> str:
    """Return what was written into a file whose other content hashes to `content`."""
    public = signing.ensure_key_pair(home)
    key = Ed25519PrivateKey.from_private_bytes((home / "signing" / "key").read_bytes())
    said = old.pack_record(record)
    return f"{said}.{content}.{key.sign(old._write_message(said, content)).hex()}.{public}"
