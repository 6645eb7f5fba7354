"""A presentation as the archive that Content Credentials can be put into.

The SDK reads archives without compression only. It writes the credentials and a new list of the
parts behind the old list, which then lies between two parts and belongs to none; office programs
open no such archive. So the old list is made to lie in the head of a part, the empty folder of
the credentials, in the field that a ZIP has for anything.
"""

from __future__ import annotations

import io
import struct
import zipfile

FOLDER = "META-INF/"
TYPES = "[Content_Types].xml"
DATED = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can hold: same parts, same bytes
OLD_LIST = 0x4C4C  # what the field holds: any number that no program knows
_END = 22  # bytes behind the list
_DECLARED = b'<Default Extension="c2pa" ContentType="application/c2pa"/>'


def prepare_deck(pptx: bytes) -> bytes:
    """Return a presentation without compression, as the SDK can put credentials into it.

    struct.error where its list of parts is longer than 65,531 bytes, some 700 parts.
    """
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(pptx)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new,
    ):
        for member in old.infolist():
            part = old.read(member)
            if member.filename == TYPES:
                part = part.replace(b"<Default ", _DECLARED + b"<Default ", 1)
            new.writestr(zipfile.ZipInfo(member.filename, DATED), part)
        folder = zipfile.ZipInfo(FOLDER, DATED)
        folder.extra = struct.pack("<2H", OLD_LIST, 0)
        new.writestr(folder, b"")
        begins = new.start_dir
    packed = bytearray(made.getvalue())
    size = len(packed) - _END - begins
    # The list follows the folder's head at once: only the two lengths have to say that it is in it.
    struct.pack_into("<H", packed, begins - len(folder.extra) - len(FOLDER) - 2, size + 4)
    struct.pack_into("<H", packed, begins - 2, size)
    return bytes(packed)
