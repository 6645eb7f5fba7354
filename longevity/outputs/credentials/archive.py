"""Prepare a PowerPoint file (a ZIP) so that Content Credentials can be put into it.

The C2PA library reads only ZIPs without compression. It writes the credentials, and a new central
directory, behind the old directory, which is left between two parts; PowerPoint refuses such a
file. So the file is made to end with an empty folder whose *extra field* (a ZIP's field for
anything) is declared so long that it takes in the old directory: then that belongs to a part.
"""

from __future__ import annotations

import io
import struct
import zipfile

FOLDER = "META-INF/"
TYPES = "[Content_Types].xml"
DATED = (1980, 1, 1, 0, 0, 0)  # the earliest date of a ZIP: the same parts give the same bytes
OLD_LIST = 0x4C4C  # the kind of extra field: any number that no program knows
_END = 22  # bytes after the central directory
_DECLARED = b'<Default Extension="c2pa" ContentType="application/c2pa"/>'


def prepare_deck(pptx: bytes) -> bytes:
    """Return a presentation as a ZIP without compression that the C2PA library can sign.

    struct.error where its directory is longer than 65,531 bytes, some 700 parts.
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
    # The directory comes right after the folder's extra field: two lengths are set to take it in.
    struct.pack_into("<H", packed, begins - len(folder.extra) - len(FOLDER) - 2, size + 4)
    struct.pack_into("<H", packed, begins - 2, size)
    return bytes(packed)
