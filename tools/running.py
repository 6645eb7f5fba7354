"""What several tools start: the dashboard on a free port, and a Chromium; both end afterwards."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from longevity import settings as configuration
from longevity.app import demonstration, publish
from longevity.outputs.chromium import WHAT_TO_INSTALL
from tests.drivers.server import Server, serving
from tools import chromium

TODAY = date(2026, 11, 23)  # the same day gives the same figures


def say(words: str) -> None:
    """Say how far it is, apart from the output."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def serve_demonstration(home: Path | None = None) -> Iterator[Server]:
    """Serve this home, or a new one with the demonstration, as if today was TODAY.

    It is stopped, and a new home deleted, at the end.
    """
    with tempfile.TemporaryDirectory(prefix="longevity-") as folder:
        if home is None:
            home = Path(folder) / "home"
            settings = configuration.load_settings(home=home)
            demonstration.ensure_demonstration(settings, TODAY, say)
            publish.draw_pictures(settings, TODAY, say)  # as `publish` does
        command = ["-m", "tools.server", "{port}", "--day", TODAY.isoformat()]
        with serving(home, Path(folder) / "log", command=command, pictures=True) as server:
            yield server


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start the Chromium that is installed, or exit with what to install."""
    found = chromium.find_browser()
    if found is None:
        raise SystemExit(WHAT_TO_INSTALL)
    with sync_playwright() as driver:
        flags = [*found.flags[1:]]
        browser = driver.chromium.launch(executable_path=found.path, args=flags)
        try:
            yield browser
        finally:
            browser.close()
