"""Measure every screen against the aims for it, in a browser.

`python -m tools.screens [--home HOME] [--viewers state,city,public] [--pictures FOLDER]`
prints Markdown. `city` is the first city of the configuration. One server and one Chromium, ended
afterwards; after `--minutes` what is left is said not to be measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from longevity import settings as configuration
from longevity.app import demonstration
from longevity.outputs import chromium
from tests.drivers.browser_walk import VIEWERS
from tests.drivers.server import Server, serving
from tools.screens.measure import Measurement
from tools.screens.targets import write_tables
from tools.screenshots.__main__ import TODAY


def main() -> int:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tools.screens", description=__doc__)
    parser.add_argument("--home", type=Path, help="a published home; else the demonstration")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY)
    parser.add_argument("--viewers", default=",".join(VIEWERS), help="of these, by comma")
    parser.add_argument("--pictures", type=Path, help="where pictures of every tab go")
    parser.add_argument("--minutes", type=float, default=10.0, help="for the screens")
    params = parser.parse_args()
    program = chromium.find_browser()
    if program is None:
        print(chromium.WHAT_TO_INSTALL, file=sys.stderr)
        return 1
    if params.pictures:
        params.pictures.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="screens-") as folder,
        _serve(params.home, params.today, Path(folder)) as server,
        _start_browser(program) as browser,
    ):
        settings = configuration.load_settings(home=server.home)
        city = next(iter(settings.cities.values())).name
        until = time.monotonic() + 60 * params.minutes
        measurement = Measurement(browser, server, city, until, params.pictures, _report)
        for viewer in filter(None, params.viewers.split(",")):
            print(write_tables(viewer, measurement.measure_viewer(viewer)), flush=True)
    return 0


def _report(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def _serve(home: Path | None, today: date, folder: Path) -> Iterator[Server]:
    """Serve this home, or the demonstration made for it, as on one day."""
    if home is None:
        home = folder / "home"
        demonstration.ensure_demonstration(configuration.load_settings(home=home), today, _report)
    command = ["-m", "tools.screenshots.server", "{port}", today.isoformat()]
    with serving(home, folder / "log", command=command) as server:
        yield server


@contextmanager
def _start_browser(program: chromium.Found) -> Iterator[Browser]:
    with sync_playwright() as driver:
        flags = [*program.flags[1:]]
        browser = driver.chromium.launch(executable_path=program.path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
