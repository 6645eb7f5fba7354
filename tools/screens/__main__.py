"""Measure every screen and tab against the aims for it, in a browser, wide and on a phone.

Prints Markdown: for each viewer the figures of every tab, and the worst of each against its aim.
`city` is the first city of the configuration.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from longevity import settings as configuration
from longevity.ui.navigation import SCREENS
from tests.drivers.browser_walk import VIEWERS
from tools.running import serve_demonstration, start_browser
from tools.screens.aims import write_tables
from tools.screens.measure import measure_viewer


def main() -> int:
    """Measure, and print what was measured."""
    files = [screen.file for screen in SCREENS]
    parser = argparse.ArgumentParser(prog="python -m tools.screens", description=__doc__)
    parser.add_argument("--home", type=Path, help="a published home; else the demonstration")
    parser.add_argument("--viewers", nargs="+", choices=list(VIEWERS), default=list(VIEWERS))
    parser.add_argument("--screens", nargs="+", choices=files, default=files)
    parser.add_argument("--pictures", type=Path, help="where pictures of every tab go")
    asked = parser.parse_args()
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    screens = [screen for screen in SCREENS if screen.file in asked.screens]
    with start_browser() as browser, serve_demonstration(asked.home) as server:
        city = next(iter(configuration.load_settings(home=server.home).cities.values())).name
        for viewer in asked.viewers:
            tabs = measure_viewer(browser, server, city, viewer, screens, asked.pictures)
            print(f"## As {viewer}\n\n{write_tables(tabs)}\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
