"""The bench from end to end: every screen is measured, and nothing of it fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from longevity.release.store import Store
from longevity.settings import Settings
from tests.drivers.server import serving
from tools.bench import browser, comparison, screens, viewer_load

pytestmark = pytest.mark.audit


def test_every_screen_is_measured_over_the_websocket(published: Settings, tmp_path: Path) -> None:
    command = ["-m", "tools.bench.server", "{port}"]
    with serving(published.home, tmp_path / "log", command=command) as server:
        found = screens.measure(server.address, 3, 2, print)
        told = screens.profile(server.address, "promises")
    for one in found:
        assert not one.failed, f"{one.title}: {one.failed}"
        assert one.first, f"no change of {one.title} changed anything"
        assert all(change.sent for change in one.first)
        assert one.asked, f"{one.title} asked nothing"
    # What was forgotten was asked of the database again; what was asked before was not.
    fetched = {
        one.page: [[change.fetched for change in part] for part in (one.first, one.again)]
        for one in found
    }
    assert any(fetched["neighbourhoods"][0])
    assert fetched["press_charts"][1]
    assert not any(fetched["press_charts"][1])
    assert dict(told["packages"])["longevity"] > 0
    asked = {one.page: one.asked for one in found}
    release = Store(published.home).current()
    compared = comparison.compare(release, published, asked, 1, 600, print)
    assert all(one.scan for one in compared.screens.values())
    # Follow-up's questions have no usual way in pandas; every other screen asks one that has.
    assert {page for page, one in compared.screens.items() if not one.in_pandas} == {"promises"}


def test_every_screen_is_measured_in_the_browser(published: Settings) -> None:
    # A browser of other tests may be at work in this thread.
    with ThreadPoolExecutor(1) as aside:
        waited = aside.submit(browser.measure, published.home, 1, 1, print).result()
    assert not waited.failed
    for name, seen in waited.screens.items():
        assert not seen.failed, f"{name}: {seen.failed}"
        assert seen.first
        assert seen.changes, f"{name}: no filter was changed"
    assert set(waited.bare) == {"chart", "map"}
    assert all(seen.first and seen.changes for seen in waited.bare.values())


def test_viewers_are_put_on_the_home_that_is_measured(published: Settings) -> None:
    told = viewer_load.measure(published.home, print, viewers=5, seconds=15)
    assert (told.wrong, told.errors) == (0, 0)
    assert 0 < told.p50 <= told.p95
    assert 0 < told.began <= told.most
