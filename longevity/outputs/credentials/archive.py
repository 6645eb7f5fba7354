"""A presentation as the archive that Content Credentials can be put into, and nothing beside it.

The SDK reads archives without compression only. It hashes each part and the list of them at the
end; what lies between the parts it does not, so that is held to one form here.

It writes the credentials and a new list behind the old list, which then lies between two parts
and belongs to none; office programs open no such archive. So the old list is made to lie in the
head of a part, the empty folder of the credentials, in the field that a ZIP has for anything.
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
EXTRA = struct.Struct("<2H")  # what the field in a part's head holds, and how long it is
OLD_LIST, LONGEST = 0x4C4C, 0xFFFF - EXTRA.size
DATE, VERSION = 33, 10
_DECLARED = b'<Default Extension="c2pa" ContentType="application/c2pa"/>'


def prepare_deck(pptx: bytes) -> bytes:
    """Return a presentation without compression, as the SDK can put credentials into it."""
    with zipfile.ZipFile(io.BytesIO(pptx)) as old:
        parts = [(member.filename, old.read(member)) for member in old.infolist()]
    return pack_parts(
        (name, part.replace(b"<Default ", _DECLARED + b"<Default ", 1) if name == TYPES else part)
        for name, part in parts
    )


def pack_parts(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return parts by name, then the folder of the credentials, as an archive without compression.

    The list of the parts lies in the folder's head. ValueError where it is too long for that.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name, part in [*parts, (FOLDER, b"")]:
            new.writestr(zipfile.ZipInfo(name, DATED), part)
        many, begins = len(new.infolist()), new.start_dir
    directory = buffer.getvalue()[begins : -END.size]
    if len(directory) > LONGEST:
        raise ValueError("too many parts")
    head = LOCAL.size + len(FOLDER)
    folder = bytearray(buffer.getvalue()[begins - head : begins])
    folder[LOCAL.size - 2 : LOCAL.size] = struct.pack("<H", EXTRA.size + len(directory))
    before = buffer.getvalue()[: begins - head] + bytes(folder)
    before += EXTRA.pack(OLD_LIST, len(directory)) + directory
    return before + _write_end(many, len(directory), len(before) - len(directory))


def find_store(data: bytes) -> tuple[bytes, bool]:
    """Return the credentials of a presentation, and whether nothing lies between its parts.

    ValueError for what is no archive without compression. Before the credentials lies the
    archive as `pack` makes it, all but its end; behind them the list of the parts, which the
    SDK has hashed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            *parts, _, part = archive.infolist()
            begins = archive.start_dir
            if any(member.compress_type for member in archive.infolist()):
                raise ValueError("another kind of archive")
            if sum(member.file_size for member in archive.infolist()) > len(data):
                raise ValueError("parts that lie in each other")
            packed = pack_parts((member.filename, archive.read(member)) for member in parts)
            store = archive.read(part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError("a damaged archive") from error
    size = len(data) - END.size - begins
    before = packed[: -END.size] + _write_head(part) + store
    end = _write_end(len(parts) + 2, size, begins)
    return store, data[:begins] == before and data[-END.size :] == end


def _write_end(many: int, size: int, begins: int) -> bytes:
    return END.pack(b"PK\x05\x06", 0, 0, many, many, size, begins, 0)


def _write_head(part: zipfile.ZipInfo) -> bytes:
    """Return what stands before the credentials, as the SDK wrote it."""
    sizes = (part.CRC, part.compress_size, part.file_size)
    head = LOCAL.pack(b"PK\x03\x04", VERSION, 0, 0, 0, DATE, *sizes, len(PART), 0)
    return head + PART.encode("ascii")
