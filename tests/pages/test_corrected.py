"""Screens after a public table was frozen again, and after a rollback behind that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from longevity.app.publish import publish_without_answers as publish
from longevity.release.store import Store
from longevity.release.table_corrections import Corrections
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.drivers import screens
from tests.factories.swapped_sexes import write_extracts

WRONG = "Public tables that were wrong"


def test_sources_say_what_was_cut_again_and_why_and_a_rollback_shows_none_of_the_wrong_one(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    wrong = publish(
        write_extracts(tmp_path / "wrong", swapped=True),
        settings,
        TODAY,
    ).release_id
    app = screens.visit(monkeypatch, settings, "sources_and_checks")
    assert f"**{WRONG}**" not in screens.texts(app)
    right = write_extracts(tmp_path / "right", date(2025, 5, 7))
    corrections = Corrections(refreeze=(("sex", 2024),), cities=("hartford",))
    reason = "men were taken for [women]"
    publish(right, settings, TODAY, reason, corrections=corrections)
    app = screens.visit(monkeypatch, settings, "sources_and_checks")
    assert not app.exception
    assert f"**{WRONG}**" in screens.texts(app)
    said = [text for text in screens.texts(app) if "Sex of those shot, Hartford, 2024" in text]
    (text,) = said
    assert (
        "- Sex of those shot, Hartford, 2024, cut again on November 23, 2026: the version before "
        "it was wrong and is withdrawn, in earlier releases too. Reason: men were taken for "
        "[women]."
    ) in text.replace("\\", "")
    Store(settings.home).rollback(wrong)
    app = screens.visit(monkeypatch, settings, "sources_and_checks")
    assert any("is missing here" in text for text in screens.texts(app))
    app = screens.visit(monkeypatch, settings, "compare_cities")
    assert not app.exception
    assert not app.error
