"""Files of documents: names that say what is in them, and writing whole or not at all."""

from __future__ import annotations

import os

import pytest

from longevity.errors import DataError
from longevity.outputs.documents import document_files


@pytest.mark.parametrize(
    ("public", "synthetic", "expected"),
    [
        (True, False, "a.pdf"),
        (True, True, "SYNTHETIC-a.pdf"),
        (False, True, "NOT-FOR-RELEASE-SYNTHETIC-a.pdf"),
    ],
)
def test_a_name_of_ours_begins_with_its_marks(public, synthetic, expected):
    assert document_files.mark_name("a.pdf", public, synthetic) == expected


def test_what_is_not_public_is_not_for_every_account(tmp_path):
    before = os.umask(0o022)
    try:
        document_files.write_document(tmp_path / "named", b"x", public=False)
        document_files.write_document(tmp_path / "public", b"x", public=True)
    finally:
        os.umask(before)
    assert (tmp_path / "named").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "public").stat().st_mode & 0o777 == 0o644


def test_what_cannot_be_written_is_named_and_the_old_file_stays(monkeypatch, tmp_path):
    out = tmp_path / "page.pdf"
    out.write_bytes(b"the page of last week")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match=r"page\.pdf cannot be written: No space left on device"):
        document_files.write_document(out, b"half a page", public=False)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"the page of last week"]


def test_a_folder_in_the_way_or_a_file_for_a_folder_is_a_sentence(tmp_path):
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    file.touch()
    for out in (folder, file / "page.pdf"):
        with pytest.raises(DataError) as refused:
            document_files.write_document(out, b"x", public=True)
        assert str(refused.value).startswith(f"{out} cannot be written: ")
    assert sorted(tmp_path.iterdir()) == [file, folder]
