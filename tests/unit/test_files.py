"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from longevity.files import atomic_write


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_reader_finds_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "pointer.json"
    path.write_text("old")
    with atomic_write(path, sync_name=True) as draft:
        draft.write_text("new")
        assert path.read_text() == "old"
    assert contents(tmp_path) == {"pointer.json": "new"}


@pytest.mark.parametrize("only_writer", [False, True])
def test_where_writing_fails_the_old_file_stays_and_no_draft_is_left(tmp_path, only_writer):
    path = tmp_path / "pointer.json"
    path.write_text("old")
    with pytest.raises(ValueError), atomic_write(path, only_writer=only_writer) as draft:
        draft.write_text("half")
        raise ValueError
    assert contents(tmp_path) == {"pointer.json": "old"}


def test_of_two_writers_that_overwrite_nothing_the_first_stands(tmp_path):
    path = tmp_path / "key"
    with (
        atomic_write(path, overwrite=False) as late,
        atomic_write(path, overwrite=False) as early,
    ):
        early.write_text("early")
        late.write_text("late")
    assert contents(tmp_path) == {"key": "early"}


def test_a_draft_left_by_a_crash_is_written_over_by_the_only_writer(tmp_path):
    path = tmp_path / "rows.parquet"
    with atomic_write(path, only_writer=True) as draft:
        draft.write_text("first")
        left = draft
    left.write_text("of a crash")
    with atomic_write(path, only_writer=True) as draft:
        assert not draft.exists()
        draft.write_text("second")
    assert contents(tmp_path) == {"rows.parquet": "second"}


def test_nobody_can_open_a_draft_before_its_mode_is_set(tmp_path):
    before = os.umask(0o022)
    try:
        with atomic_write(tmp_path / "key", mode=0o600) as draft:
            assert draft.stat().st_mode & 0o777 == 0o600
            draft.write_text("secret")
        with atomic_write(tmp_path / "page") as draft:
            draft.write_text("for everybody")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "page").stat().st_mode & 0o777 == 0o644
