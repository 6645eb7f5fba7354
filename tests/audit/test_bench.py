"""The bench from end to end: every screen is measured, and nothing of it fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from longevity.settings import Settings
from tests.drivers.server import serving
from tools.bench import browser, screens

pytestmark = pytest.mark.audit


def test_every_screen_is_measured_over_the_websocket(published: Settings, tmp_path: Path) -> None:
    command = ["-m", "tools.bench.server", "{port}"]
    with serving(published.home, tmp_path / "log", command=command) as server:
        found = screens.measure(server.address, 3, 2, print)
    for one in found:
        assert not one.failed, f"{one.title}: {one.failed}"
        assert one.first, f"no change of {one.title} changed anything"
        assert all(change.sent for change in one.first)
    # What was forgotten was asked of the database again; what was asked before was not.
    fetched = {
        one.page: [[change.fetched for change in part] for part in (one.first, one.again)]
        for one in found
    }
    assert any(fetched["neighbourhoods"][0])
    assert fetched["press_charts"][1]
    assert not any(fetched["press_charts"][1])


def test_every_screen_is_measured_in_the_browser(published: Settings) -> None:
    # A browser of other tests may be at work in this thread.
    with ThreadPoolExecutor(1) as aside:
        waited = aside.submit(browser.measure, published.home, 1, 1, print).result()
    assert not waited.failed
    for name, seen in waited.screens.items():
        assert not seen.failed, f"{name}: {seen.failed}"
        assert seen.first
        assert seen.changes, f"{name}: no filter was changed"
    assert waited.bare.first
    assert waited.bare.changes
