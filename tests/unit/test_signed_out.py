"""What is remembered of a sign-out: by every process on the home, for as long as it matters."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from longevity.screen import signed_out

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process, or this one after a restart, knows without reading."""
    monkeypatch.setattr(signed_out, "_here", set())
    monkeypatch.setattr(signed_out, "_read", {})


def test_another_process_knows_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not signed_out.holds(tmp_path, "one", NOON)
    signed_out.add(tmp_path, "one", NOON)
    forget(monkeypatch)
    assert signed_out.holds(tmp_path, "one", NOON + timedelta(hours=24))
    assert not signed_out.holds(tmp_path, "two", NOON)
    signed_out.add(tmp_path, "two", NOON)
    monkeypatch.setattr(signed_out, "_here", set())
    assert signed_out.holds(tmp_path, "two", NOON)  # the file changed since it was read
    (path,) = (tmp_path / "signed-out").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_old_days_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_out.add(tmp_path, "old", NOON)
    signed_out.add(tmp_path, "new", NOON + timedelta(days=3))
    assert [path.name for path in (tmp_path / "signed-out").iterdir()] == ["2026-11-26.jsonl"]


def test_where_it_cannot_be_written_this_process_remembers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "signed-out").write_text("a file in the folder's place")
    signed_out.add(tmp_path, "here", NOON)
    assert signed_out.holds(tmp_path, "here", NOON)
    assert "could not be recorded" in caplog.text
