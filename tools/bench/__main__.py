"""`make bench`: the application against its targets, in one run.

Nothing here passes or fails on a time: figures of two machines, or of one machine on
two days, do not compare. What is compared was measured in the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from longevity import settings as configuration
from longevity.release.store import Store
from longevity.settings import ROOT
from tests.drivers.server import serving
from tools.bench import browser, documents, homes, report, screens, targets
from tools.bench.homes import SIZES, BenchHome
from tools.bench.results import SizeResults

PAGE = ROOT / "docs" / "performance.md"
PARTS = ("screens", "browser", "documents")


@dataclass(frozen=True)
class Effort:
    """How much is done at one size."""

    changes: int  # of filters, a screen, each kind
    seconds: float  # a screen, for those
    visits: int  # of newcomers in the browser, a screen
    browser_changes: int


EFFORTS = {
    "demonstration": Effort(20, 3, 2, 3),
    "1m": Effort(16, 5, 2, 3),
    "10m": Effort(12, 5, 1, 3),
}
BUSY = 1.0  # of load before the bench began


def main() -> None:
    """Measure and print."""
    asked, before = _asked(), os.getloadavg()
    found: dict[str, SizeResults] = {}
    temporary = tempfile.TemporaryDirectory(prefix="longevity-bench-")
    with nullcontext(asked.keep) if asked.keep else temporary as folder:
        for size in [asked.home.name] if asked.home else asked.sizes:
            _say(f"\n{homes.TITLES.get(size, size)}")
            try:
                made = BenchHome(asked.home) if asked.home else homes.make(size, Path(folder), _say)
            except RuntimeError as error:  # the other sizes are still measured
                _say(f"FAILED: {error}")
                continue
            found[size] = _measure(size, made, asked.parts)
            print(_told(found[size], report.text), flush=True)
    failed = [words for sized in found.values() for words in sized.failures()]
    print("\n".join(["", _verdict(found, report.text), *failed]))
    if asked.docs:
        tables = [_verdict(found, report.markdown)]
        tables += [_told(sized, report.markdown) for sized in found.values()]
        report.put(PAGE, "\n".join([_machine(before), "", *tables]))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=["demonstration"])
    parser.add_argument("--home", type=Path, help="measure the release served here instead")
    parser.add_argument("--keep", type=Path, help="keep the homes in this folder, and use them")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--docs", action="store_true", help="put the tables into docs/performance.md too"
    )
    return parser.parse_args()


def _measure(size: str, made: BenchHome, parts: list[str]) -> SizeResults:
    """Everything at one size; a part that fails is said and the others go on."""
    effort = EFFORTS.get(size, EFFORTS["10m"])
    sized = SizeResults(size, made)
    settings = configuration.load_settings(home=made.home, environment={})

    def in_the_browser() -> None:
        sized.waited = browser.measure(made.home, effort.visits, effort.browser_changes, _say)

    def taken_away() -> None:
        sized.documents = documents.measure(settings)
        with tempfile.TemporaryDirectory() as folder:
            release = Store(made.home).current()
            place = Path(folder)
            sized.documents.imported = documents.time_import(release, place, place / "home")

    works: dict[str, Callable[[], None]] = {
        "screens": lambda: _screens(sized, effort),
        "browser": in_the_browser,
        "documents": taken_away,
    }
    for name, work in works.items():
        if name in parts:
            _part(sized, name, work)
    return sized


def _part(sized: SizeResults, name: str, work: Callable[[], None]) -> None:
    began = time.monotonic()
    _say(f"{name} …")
    try:
        work()
    except Exception as error:  # a part that fails is told; the others are still measured
        sized.failed.append(f"{name}: {type(error).__name__}: {error}")
        _say(f"FAILED: {sized.failed[-1]}")
        traceback.print_exc(limit=-3)
    _say(f"{name}: {time.monotonic() - began:.0f} s")


def _screens(sized: SizeResults, effort: Effort) -> None:
    command = ["-m", "tools.bench.server", "{port}"]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(sized.made.home, Path(folder) / "log", command=command) as server,
    ):
        sized.screens = screens.measure(server.address, effort.changes, effort.seconds, _say)


# --- what is told ----------------------------------------------------------------


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


Render = Callable[[str, list[str], list[list[str]]], str]


def _told(sized: SizeResults, render: Render) -> str:
    """Every table of one size."""
    of_size = homes.TITLES.get(sized.name, sized.name)
    tables = [
        render(f"{of_size[:1].upper()}{of_size[1:]}: {title}", columns, rows)
        for title, columns, rows in sized.tables()
        if rows
    ]
    return "".join(f"\n{table}\n" for table in tables)


def _verdict(found: dict[str, SizeResults], render: Render) -> str:
    """One line a line of the design: its target, what was measured, met or missed."""
    columns = ["what", "target", *(homes.TITLES.get(size, size) for size in found), "verdict"]
    rows = [
        [line.asks, line.target, *(marked(line, size) for size in found), line.verdict]
        for line in targets.lines(found)
    ]
    return render("Against the targets", columns, rows)


def _machine(before: tuple[float, float, float]) -> str:
    """On what it was measured, and what else ran there."""
    beside = (
        " Other work ran beside it, which makes every second longer: read the ratios and the time "
        "of processors."
    )
    return (
        f"Measured on {date.today()}: {os.cpu_count()} processors, Python "
        f"{platform.python_version()}; the load of the machine was {before[0]:.1f} before."
        f"{beside if before[0] > BUSY else ''}"
    )


def marked(line: targets.Line, size: str) -> str:
    """What was measured, with a mark where it is missed."""
    return f"{line.measured[size]}{' ✗' if line.verdicts[size] == targets.MISSED else ''}"


if __name__ == "__main__":
    main()
