"""Write files whole or not at all, and make sure (fsync) that they are on the disk."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic_write(
    path: Path,
    *,
    mode: int | None = None,
    overwrite: bool = True,
    only_writer: bool = False,
    sync_name: bool = False,
) -> Iterator[Path]:
    """Yield the path of a draft to write, which replaces `path` when the block ends.

    A reader finds the old file or the new one, whole. The draft's content is on the disk before
    it is moved; with `sync_name` its name is too when this returns. Where the block fails or the
    disk is full, the draft is deleted and the old file stays. `mode`: of the new file, such as
    0o600, else the umask decides. `overwrite=False`: a file that is already there stays.
    `only_writer`: the caller holds a lock, so the draft has a fixed name, and one left by a crash
    is written over.
    """
    token = path.name if only_writer else secrets.token_hex(8)
    draft = path.with_name(f".{token}.new")
    try:
        draft.unlink(missing_ok=True)
        if mode is not None:
            # From its beginning, so that there is no moment in which others can open it.
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield draft
        sync_file(draft)
        if overwrite:
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        with suppress(OSError):  # where the folder is none, or is not ours, no draft is in it
            draft.unlink(missing_ok=True)
    if sync_name:
        sync_folder(path.parent)


def describe_other_kind(path: Path) -> str:
    """Return what is at a path instead of a file, `is a folder`; "" for a file or nothing.

    Asked before a file is opened: opening a pipe or reading a device may never come to an end.
    """
    if path.is_dir():
        return "is a folder"
    if path.exists() and not path.is_file():
        return "is a pipe or a device, not a file"
    return ""


def sync_file(path: Path) -> None:
    """Make sure that a file's content is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make sure that every file below a folder, and every name, is on the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file():
            sync_file(path)
    sync_folder(folder)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
