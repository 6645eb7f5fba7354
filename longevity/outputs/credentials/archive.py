"""A presentation as the archive that Content Credentials can be put into, and nothing beside it.

The SDK reads archives without compression only. It hashes each part and the list of them at the
end; what lies between the parts it does not, so that is held to one form here.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

FOLDER, PART = "META-INF/", "META-INF/content_credential.c2pa"
TYPES = "[Content_Types].xml"
DATED = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can hold: same parts, same bytes
END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
DATE, VERSIONS = 33, {FOLDER: 20, PART: 10}
_DECLARED = b'<Default Extension="c2pa" ContentType="application/c2pa"/>'


def prepare(pptx: bytes) -> bytes:
    """Return a presentation without compression, in which the credentials have a kind."""
    with zipfile.ZipFile(io.BytesIO(pptx)) as old:
        parts = [(one.filename, old.read(one)) for one in old.infolist()]
    return pack(
        (name, part.replace(b"<Default ", _DECLARED + b"<Default ", 1) if name == TYPES else part)
        for name, part in parts
    )


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return parts by name as an archive without compression."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name, part in parts:
            new.writestr(zipfile.ZipInfo(name, DATED), part)
    return made.getvalue()


def find_store(data: bytes) -> tuple[bytes, bool]:
    """Return the credentials of a presentation, and whether nothing lies between its parts.

    ValueError for what is no archive without compression. Before the credentials lies the
    archive as `pack` makes it, all but its end, and a folder; behind them the list of the
    parts, which the SDK has hashed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            *parts, folder, part = held.infolist()
            begins = held.start_dir
            if any(one.compress_type for one in held.infolist()):
                raise ValueError("another kind of archive")
            if sum(one.file_size for one in held.infolist()) > len(data):
                raise ValueError("parts that lie in each other")
            packed = pack((one.filename, held.read(one)) for one in parts)
            store = held.read(part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError("a damaged archive") from error
    many, size = len(parts) + 2, len(data) - END.size - begins
    before = packed[: -END.size] + _head(folder, FOLDER) + _head(part, PART) + store
    end = END.pack(b"PK\x05\x06", 0, 0, many, many, size, begins, 0)
    return store, data[:begins] == before and data[-END.size :] == end


def _head(one: zipfile.ZipInfo, name: str) -> bytes:
    """Return what stands before a part that the SDK wrote."""
    sizes = (one.CRC, one.compress_size, one.file_size)
    head = LOCAL.pack(b"PK\x03\x04", VERSIONS[name], 0, 0, 0, DATE, *sizes, len(name), 0)
    return head + name.encode("ascii")
