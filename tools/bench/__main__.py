"""`make bench`: the application against its aims, in one run.

Nothing here passes or fails on a time: figures of two machines, or of one machine on two days,
do not compare. What is compared was measured in the same run. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tests.drivers import commands
from tools.bench import browser, documents, viewers
from tools.bench.figures import Figures, write_verdicts
from tools.running import say
from tools.table import write_table

# How many worlds of 8,000 victims each the demonstration draws.
SIZES = {"demonstration": 1, "1m": 125, "10m": 1250}
Work = Callable[[Path, Figures], None]


def main() -> int:
    """Measure and print; 1 where something failed, whatever the clock said."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["demonstration"])
    parser.add_argument("--home", type=Path, help="measure the release served here instead")
    parser.add_argument("--no-screens", action="store_true", help="not the screens in a browser")
    parser.add_argument("--docs", action="store_true", help="also press files, a deck, the week")
    parser.add_argument("--load", action="store_true", help="also fifty viewers for a minute")
    asked = parser.parse_args()
    parts: dict[str, Work] = {} if asked.home else {"publish": _publish}
    parts |= {} if asked.no_screens else {"screens": browser.measure}
    parts |= {"documents": documents.measure} if asked.docs else {}
    parts |= {"load": viewers.measure} if asked.load else {}
    print(
        f"Measured on {date.today()}: {os.cpu_count()} processors, Python "
        f"{platform.python_version()}; the load of the machine was {os.getloadavg()[0]:.1f} before."
    )
    found = []
    for size in [asked.home.name] if asked.home else asked.sizes:
        with tempfile.TemporaryDirectory(prefix="longevity-bench-") as folder:
            figures = Figures(size)
            found.append(figures)
            home = asked.home or Path(folder) / "home"
            for name, work in parts.items():
                say(f"{size}: {name} …")
                try:
                    work(home, figures)
                except Exception as error:  # the others are still measured
                    figures.failed.append(f"{name}: {type(error).__name__}: {error}")
                    traceback.print_exc(limit=-3)
        for title, (head, *rows) in figures.tables.items():
            print(f"\n**{size}: {title}**\n\n{write_table(head, rows)}", flush=True)
    print(f"\n**Against the aims**\n\n{write_verdicts(found)}")
    failed = [f"FAILED at {figures.size}: {words}" for figures in found for words in figures.failed]
    print("\n".join(failed))
    return 1 if failed else 0


def _publish(home: Path, figures: Figures) -> None:
    """Draw and publish a demonstration of this size into a home."""
    today = date.today()
    extracts = home.with_name("extracts")
    scale = str(SIZES[figures.size])
    until = str(today - timedelta(days=1))
    words = ("demo", "--out", extracts, "--until", until, "--scale", scale)
    figures.values["demo"], _ = commands.measure_command(*words, home=home, today=today)
    seconds, most = commands.measure_command("publish", extracts, home=home, today=today)
    figures.values |= {"publish": seconds, "publish_memory": most}


if __name__ == "__main__":
    raise SystemExit(main())
