"""What lies in a folder, and what of it is on the disk (fsync) when it gets the name that others read it by."""

import os
from pathlib import Path


def read_files(folder):
    """What every file below a folder holds, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def flip(content):
    """The same bytes but for one bit in the middle."""
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


class Disk:
    """The files and folders below a folder, each on the disk or not yet.

    What was there before is on the disk. A folder in which something got a new name is not, until
    it is synced again.
    """

    def __init__(self, folder, monkeypatch):
        self._synced = {path.stat().st_ino for path in (folder, *folder.rglob("*"))}
        self._given = []
        real = {name: getattr(os, name) for name in ("fsync", "replace", "rename")}

        def note_sync(handle):
            self._synced.add(os.fstat(handle).st_ino)
            real["fsync"](handle)

        def note_name(name):
            def give(source, target, **options):
                lacking = [str(path) for path in list_below(source) if path.stat().st_ino not in self._synced]
                beside = [
                    str(path) for path in list_below(Path(target).parent) if path.stat().st_ino not in self._synced
                ]
                self._given.append((Path(target), lacking, beside))
                real[name](source, target, **options)
                self._synced.discard(Path(target).parent.stat().st_ino)

            return give

        monkeypatch.setattr("os.fsync", note_sync)
        monkeypatch.setattr("os.replace", note_name("replace"))
        monkeypatch.setattr("os.rename", note_name("rename"))

    def list_names(self):
        return [target.name for target, _, _ in self._given]

    def find_lacking(self, target_name):
        """What was not on the disk as something got this name: of itself, and of what is next to it."""
        return [(lacking, beside) for target, lacking, beside in self._given if target.name == target_name]


def list_below(path):
    """A file, or a folder and all below it."""
    return [Path(path), *Path(path).rglob("*")]
