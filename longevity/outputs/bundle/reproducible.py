"""The same bytes every time: ids of an SVG renamed in their order, the inches of a PNG."""

from __future__ import annotations

import re
import struct
import zlib

_ID = re.compile(r'\bid="([^"]+)"')
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_RANDOM = re.compile(r"^[a-z]*[0-9a-f]{6}")
PER_METRE = 11811  # 300 an inch


def rename_ids(svg: str) -> str:
    """Rename ids `a0`, `a1`, … and every reference to them with them."""
    names = {old: f"a{at}" for at, old in enumerate(dict.fromkeys(_ID.findall(svg)))}
    if names:
        either = "|".join(re.escape(old) for old in sorted(names, key=len, reverse=True))
        svg = re.sub(
            rf'(?P<before>\bid="|#)(?P<old>{either})(?=["\')&])',
            lambda match: match["before"] + names[match["old"]],
            svg,
        )
    return _CLASSES.sub(lambda match: f'class="{_drop_random_classes(match[1])}"', svg)


def _drop_random_classes(names: str) -> str:
    """Return classes without the ones made of a random id."""
    return " ".join(name for name in names.split() if not _RANDOM.match(name) or name.isalpha())


def build_chunk(kind: bytes, data: bytes) -> bytes:
    """Build one chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def add_resolution(png: bytes) -> bytes:
    """Return the PNG with its resolution, 300 pixels an inch, behind its header."""
    header = 8 + 25
    return (
        png[:header]
        + build_chunk(b"pHYs", struct.pack(">IIB", PER_METRE, PER_METRE, 1))
        + png[header:]
    )
