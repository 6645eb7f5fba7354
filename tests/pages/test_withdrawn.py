"""Screens after a public table was withdrawn, and after a rollback behind that."""

from __future__ import annotations

import pytest

from longevity.app.publish import publish_release as publish
from longevity.release.store import Store
from longevity.release.table_withdrawals import Withdrawals
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.drivers import screens
from tests.factories.swapped_sexes import write_extracts

SAID = (
    "Sex of those shot, Hartford, 2024: withdrawn on November 23, 2026, and not replaced. "
    "Reason: men were taken for [women]."
)


def test_a_withdrawn_table_is_named_on_sources_and_where_it_was_shown_before_and_after_a_rollback(
    monkeypatch, settings, tmp_path
):
    extracts = write_extracts(tmp_path / "wrong", swapped=True)
    wrong = publish(extracts, settings, TODAY).release_id
    for screen in ("sources", "compare_cities"):
        assert "withdrawn on" not in read_screen(monkeypatch, settings, screen)
    withdrawals = Withdrawals((("sex", 2024),), ("hartford",))
    publish(extracts, settings, TODAY, "men were taken for [women]", withdrawals=withdrawals)
    for _ in range(2):
        assert SAID in read_screen(monkeypatch, settings, "sources", "Changes")
        assert SAID in read_screen(monkeypatch, settings, "compare_cities", "Victims")
        Store(settings.home).rollback(wrong)


def read_screen(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, screen: str, tab: str = ""
) -> str:
    app = screens.visit(monkeypatch, settings, screen, **({"tab": tab} if tab else {}))
    assert not app.exception
    return " ".join(screens.texts(app)).replace("\\", "")
