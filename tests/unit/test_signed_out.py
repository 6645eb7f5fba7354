"""What is remembered of a sign-out: by every process on the home, for as long as it matters."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from longevity.auth import signed_out

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process, or this one after a restart, knows without reading."""
    monkeypatch.setattr(signed_out, "_in_this_process", set())
    monkeypatch.setattr(signed_out, "_contents", {})


def test_another_process_knows_of_it(tmp_path, monkeypatch):
    assert not signed_out.is_signed_out(tmp_path, "one")
    signed_out.record_sign_out(tmp_path, "one", NOON)
    forget(monkeypatch)
    assert signed_out.is_signed_out(tmp_path, "one")
    assert not signed_out.is_signed_out(tmp_path, "two")
    signed_out.record_sign_out(tmp_path, "two", NOON)
    monkeypatch.setattr(signed_out, "_in_this_process", set())
    assert signed_out.is_signed_out(tmp_path, "two")  # the file changed since it was read
    (path,) = (tmp_path / "signed-out").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def days(home: Path) -> list[str]:
    return sorted(path.name.removesuffix(".jsonl") for path in (home / "signed-out").iterdir())


def test_old_days_are_dropped(tmp_path):
    for day in range(20):
        signed_out.record_sign_out(tmp_path, f"{day}", NOON + timedelta(days=day))
    assert days(tmp_path) == [f"2026-12-{day:02}" for day in range(6, 13)]


def test_a_clock_set_back_over_midnight_forgets_no_sign_out(tmp_path, monkeypatch):
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    signed_out.record_sign_out(tmp_path, "after", midnight + timedelta(minutes=5))
    forget(monkeypatch)
    signed_out.record_sign_out(
        tmp_path, "before", midnight - timedelta(minutes=5)
    )  # ten minutes back
    forget(monkeypatch)
    assert signed_out.is_signed_out(tmp_path, "after")
    assert signed_out.is_signed_out(tmp_path, "before")


def test_a_clock_that_was_a_year_ahead_for_a_while_drops_nothing(tmp_path, monkeypatch):
    signed_out.record_sign_out(tmp_path, "today", NOON)
    signed_out.record_sign_out(tmp_path, "ahead", NOON + timedelta(days=365))
    for day in range(1, 30):
        signed_out.record_sign_out(tmp_path, f"{day}", NOON + timedelta(days=day))
        forget(monkeypatch)
        assert signed_out.is_signed_out(tmp_path, "ahead")
        if day == 1:
            assert signed_out.is_signed_out(tmp_path, "today")
    assert len(days(tmp_path)) == signed_out.FILES_KEPT + 1


def test_where_it_cannot_be_written_this_process_remembers(tmp_path, caplog):
    (tmp_path / "signed-out").write_text("a file in the folder's place")
    signed_out.record_sign_out(tmp_path, "here", NOON)
    assert signed_out.is_signed_out(tmp_path, "here")
    assert "could not be recorded" in caplog.text
