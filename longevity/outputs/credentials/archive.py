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
OLD_LIST = 0x4C4C  # the kind of the extra field: a number that no program knows, so all skip it
HEADER = 4  # bytes at the start of an extra field: its kind and its length, two each
_END = 22  # bytes after the central directory, in which a ZIP says where that begins
_DECLARED = b'<Default Extension="c2pa" ContentType="application/c2pa"/>'


def prepare_deck(pptx: bytes) -> bytes:
    """Return a presentation as a ZIP without compression that the C2PA library can sign.

    struct.error where its directory is longer than 65,531 bytes, some 700 parts.

    The folder is the last part. Its bytes are: …, the length of all its extra fields (2 bytes), its
    name, and one extra field: a kind (2), a length (2). The directory follows at once.
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
        folder.extra = struct.pack("<2H", OLD_LIST, 0)  # HEADER bytes, so far without content
        new.writestr(folder, b"")
        directory = new.start_dir
    packed = bytearray(made.getvalue())
    size = len(packed) - _END - directory
    # Both lengths are set to take in the directory, which so becomes the extra field's content.
    length_of_all = directory - HEADER - len(FOLDER) - 2
    length_of_field = directory - 2
    struct.pack_into("<H", packed, length_of_all, HEADER + size)
    struct.pack_into("<H", packed, length_of_field, size)
    return bytes(packed)
