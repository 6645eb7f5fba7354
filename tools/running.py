"""What several tools start: the dashboard on a free port, and a Chromium; both end afterwards."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from longevity import settings as configuration
from longevity.app import demonstration, publish
from longevity.outputs.chromium import WHAT_TO_INSTALL
from tests.conftest import TODAY
from tests.drivers.server import Server, serving
from tools import chromium


def say(words: str) -> None:
    """Print how far the work is on stderr, apart from the output."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def serve_demonstration() -> Iterator[Server]:
    """Serve the demonstration as of TODAY, from a new home that is deleted at the end.

    The same day gives the same figures.
    """
    with tempfile.TemporaryDirectory(prefix="longevity-") as folder:
        home = Path(folder) / "home"
        settings = configuration.load_settings(home=home)
        demonstration.ensure_demonstration(settings, TODAY, say)
        publish.draw_pictures(settings, TODAY, say)  # as `publish` does
        command = ["-m", "tools.server", "{port}", "--day", TODAY.isoformat()]
        # `pictures`: the server may draw charts as pictures, for which it needs a browser.
        with serving(home, Path(folder) / "log", command=command, pictures=True) as server:
            yield server


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start the Chromium that is installed, or exit with what to install."""
    found = chromium.find_browser()
    if found is None:
        raise SystemExit(WHAT_TO_INSTALL)
    with sync_playwright() as driver:
        flags = [*found.flags[1:]]  # without --headless, which Playwright sets itself
        browser = driver.chromium.launch(executable_path=found.path, args=flags)
        try:
            yield browser
        finally:
            browser.close()
