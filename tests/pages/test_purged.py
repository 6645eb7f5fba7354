"""What a visitor with an open screen sees when a person is purged under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from longevity.release import purge
from tests import odd_release, screens
from tests.conftest import TODAY


def test_an_open_screen_shows_the_release_without_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = odd_release.released(tmp_path)
    app = screens.visit(monkeypatch, settings, "coming_home", "state")

    def listed() -> set[str]:
        return {
            code
            for frame in screens.tables(app)
            for column in frame.columns
            for code in frame[column]
        }

    assert {"p4", "p5"} <= listed()
    purge.purge(settings, "p5", TODAY)
    app.run()
    assert not app.exception
    assert "p4" in listed()
    assert "p5" not in listed()
