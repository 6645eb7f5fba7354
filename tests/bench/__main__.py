"""`make bench`: the application against the usual ways, in one run, as ratios.

Nothing here passes or fails on a time: figures of two machines, or of one machine on
two days, do not compare. What is compared was measured in the same run. That both
ways give the same answer is asserted.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from longevity import settings as configuration
from longevity.release.store import Release, Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.viewers import PUBLIC
from longevity.warehouse.warehouse import Warehouse
from tests import measured
from tests.bench import baseline, replay, source
from tests.bench.timing import Taken, milliseconds, several, times

UNTIL = date(2026, 11, 22)
TODAY = date(2026, 11, 23)
KEPT = ROOT / ".bench"
COUNTED = ("incidents", "victims")


@dataclass
class Report:
    """The lines of the printed table, and what is kept of them."""

    kept: dict[str, Any] = field(default_factory=dict)

    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None:
        """Print one table and keep its cells."""
        widths = [max(len(row[at]) for row in [columns, *rows]) for at in range(len(columns))]
        print(f"\n{title}")
        for row in [columns, *rows]:
            cells = [
                cell.ljust(width) if at == 0 else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            print("  " + "   ".join(cells).rstrip(), flush=True)
        self.kept[title] = [dict(zip(columns, row, strict=True)) for row in rows]


def main() -> None:
    """Measure, print, keep."""
    asked = _asked()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="longevity-bench-") as folder:
        work = Path(folder)
        home = asked.home or work / "home"
        if asked.home is None:
            print(f"The demonstration, {asked.scale:,} times.")
            _build(report, asked, work, home)
        settings = configuration.load(home=home, environment={})
        release, opening = _opened(settings)
        _size(report, release, opening)
        raw = _queries(report, settings, release, asked.runs)
        raw |= _against(report, settings, release, asked.runs)
        raw |= _screens(report, settings, release, asked.runs)
        raw |= _import(report, release, work, home)
    _keep(report, raw, asked.scale if asked.home is None else None)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--scale", type=int, default=1, help="how many worlds to draw")
    parser.add_argument("--runs", type=int, default=15, help="timed runs of each piece of work")
    parser.add_argument("--extracts", type=Path, help="publish these, instead of drawing them")
    parser.add_argument("--home", type=Path, help="measure the release served here")
    return parser.parse_args()


# --- data in ---------------------------------------------------------------------


def _build(report: Report, asked: argparse.Namespace, work: Path, home: Path) -> None:
    extracts = asked.extracts or work / "extracts"
    steps: list[tuple[str, measured.Measured]] = []
    if asked.extracts is None:
        drawn = measured.command(
            *("demo", "--out", extracts, "--until", UNTIL.isoformat()),
            *("--scale", str(asked.scale)),
            home=home,
            today=TODAY,
        )
        steps.append(("demo", drawn))
    steps.append(("publish", measured.command("publish", extracts, home=home, today=TODAY)))
    rows = []
    for name, one in steps:
        assert one.code == 0, one.stderr
        rows.append(
            [
                name,
                f"{one.seconds:,.1f} s",
                f"{one.cpu_seconds:,.1f} s",
                f"{one.mebibytes:,.0f} MiB",
            ]
        )
    report.table("Data in", ["command", "seconds", "of processors", "peak memory"], rows)


def _opened(settings: Settings) -> tuple[Release, dict[str, float]]:
    """The release served, and what the two halves of opening it cost once."""
    taken = {}
    began = time.perf_counter()
    release = Store(settings.home).current()
    taken["proving every member by its hash"] = time.perf_counter() - began
    began = time.perf_counter()
    opened = Warehouse(release, settings)
    opened.run("victims_by_year", None, PUBLIC)
    taken["opening it, to the first answer"] = time.perf_counter() - began
    opened.close()
    return release, taken


def _size(report: Report, release: Release, opening: dict[str, float]) -> None:
    size = sum(path.stat().st_size for path in release.path.rglob("*") if path.is_file())
    rows = [[f"{name} published", f"{release.manifest['rows'][name]:,}"] for name in COUNTED]
    rows.append(["size of the release", f"{size / 2**20:,.1f} MiB"])
    rows += [[f"once a process: {name}", milliseconds(took)] for name, took in opening.items()]
    report.table("The release", ["what", "value"], rows)


# --- answers ---------------------------------------------------------------------


def _queries(report: Report, settings: Settings, release: Release, runs: int) -> dict[str, Any]:
    """Every question anyone may ask, bare, each answered anew by the database."""
    warehouse = Warehouse(release, settings, cached_bytes=0)
    keeping = Warehouse(release, settings)
    kept: dict[str, Taken] = {}
    rows = []
    for name, query in warehouse.queries.items():
        if not query.query_class.public:
            continue
        anew = several(_asking(warehouse, name), runs)
        again = several(_asking(keeping, name), runs)
        kept[name] = anew
        found = len(warehouse.run(name, None, PUBLIC).frame)
        rows.append(
            [name, f"{found:,}", *map(milliseconds, (anew.median, anew.most, again.median))]
        )
    warehouse.close()
    keeping.close()
    report.table(
        "Questions through the warehouse",
        ["query", "rows", "median anew", "slowest anew", "median kept"],
        rows,
    )
    return {"queries": {name: asdict(taken) for name, taken in kept.items()}}


def _asking(warehouse: Warehouse, name: str) -> Callable[[], Any]:
    return lambda: warehouse.run(name, None, PUBLIC)


def _against(report: Report, settings: Settings, release: Release, runs: int) -> dict[str, Any]:
    """The same questions the usual ways; slower ways are run fewer times."""
    fewer = max(3, runs // 5)
    warehouse = Warehouse(release, settings, cached_bytes=0)
    loading = several(lambda: baseline.Frames(release.path), 1)
    scanned, frames = baseline.ScannedFiles(release.path), baseline.Frames(release.path)
    kept: dict[str, Any] = {"pandas_load": asdict(loading)}
    rows = []
    for name in baseline.QUESTIONS:
        through = warehouse.run(name, None, PUBLIC).provenance.data_through
        assert through is not None
        _same(warehouse.run(name, None, PUBLIC).frame, scanned.ask(name, through), name)
        _same(warehouse.run(name, None, PUBLIC).frame, frames.ask(name, through), name)
        ours = several(_asking(warehouse, name), runs)
        scan = several(lambda name=name, day=through: scanned.ask(name, day), fewer)
        held = several(lambda name=name, day=through: frames.ask(name, day), fewer)
        rows.append(
            [
                name,
                milliseconds(ours.median),
                *(milliseconds(scan.median), times(scan.median / ours.median)),
                *(milliseconds(held.median), times(held.median / ours.median)),
                times((loading.median + held.median) / ours.median),
            ]
        )
        kept[name] = {"ours": asdict(ours), "scan": asdict(scan), "pandas": asdict(held)}
    scanned.close()
    warehouse.close()
    report.table(
        f"The same answers the usual ways (pandas loads the files in "
        f"{milliseconds(loading.median)})",
        ["query", "here", "DuckDB, files", "ratio", "pandas, loaded", "ratio", "and loading"],
        rows,
    )
    return {"against": kept}


def _same(ours: pd.DataFrame, theirs: pd.DataFrame, name: str) -> None:
    """Both ways found the same; rows in which nothing happened are only ours."""
    keys = baseline.QUESTIONS[name]

    def plain(frame: pd.DataFrame) -> pd.DataFrame:
        wanted = frame[keys + baseline.COUNTS]
        wanted = wanted[(wanted[baseline.COUNTS] != 0).any(axis=1)].copy()
        for key in keys:
            if key == "month":
                wanted[key] = pd.to_datetime(wanted[key]).dt.strftime("%Y-%m")
            else:
                wanted[key] = wanted[key].astype(str)
        wanted[baseline.COUNTS] = wanted[baseline.COUNTS].astype("int64")
        return wanted.sort_values(keys).reset_index(drop=True)

    pd.testing.assert_frame_equal(plain(ours), plain(theirs), check_dtype=False)


# --- screens ---------------------------------------------------------------------


def _screens(report: Report, settings: Settings, release: Release, runs: int) -> dict[str, Any]:
    """Each screen's work on data and figures apart, and the whole script run again."""
    warehouse = Warehouse(release, settings, cached_bytes=0)
    areas = warehouse.run("areas", None, PUBLIC).frame
    area = f"{areas['city'].iloc[0]}/{areas['neighbourhood'].iloc[0]}" if len(areas) else ""
    kept: dict[str, Any] = {}
    rows = []
    with replay.served(settings.home):
        bare = several(replay.bare().again, runs)
        for screen in replay.screens(area):
            data = several(lambda screen=screen: _ask_all(warehouse, screen), runs)
            figures = several(screen.draw, runs)
            whole = several(screen.again, runs)
            kept[screen.name] = {
                "data": asdict(data),
                "figures": asdict(figures),
                "whole": asdict(whole),
            }
            rows.append(
                [
                    screen.name,
                    f"{len(screen.questions)}",
                    milliseconds(data.median),
                    milliseconds(figures.median),
                    milliseconds(whole.median),
                    times(whole.median / bare.median),
                ]
            )
    warehouse.close()
    report.table(
        f"Screens (a bare page with one chart runs again in {milliseconds(bare.median)})",
        ["screen", "questions", "data anew", "figures", "run again", "of a bare page"],
        rows,
    )
    return {"screens": kept, "bare": asdict(bare)}


def _ask_all(warehouse: Warehouse, screen: replay.Screen) -> None:
    for name, parameters in screen.questions:
        warehouse.run(name, parameters, PUBLIC)


# --- import ----------------------------------------------------------------------


def _import(report: Report, release: Release, work: Path, home: Path) -> dict[str, Any]:
    file, mapping, count = source.write(release.path, work)
    plainly = several(lambda: source.read_plainly(file, work / "plain.parquet"), 3)
    done = []
    for _ in range(3):
        shutil.rmtree(work / "imported", ignore_errors=True)
        one = measured.command(
            *("import", file, "--mapping", mapping, "--out", work / "imported"),
            home=home,
            today=TODAY,
        )
        assert one.code in (0, 1), one.stderr
        done.append(one)
    seconds = statistics.median(one.seconds for one in done)
    peak = max(one.mebibytes for one in done)
    report.table(
        "Import of a CSV, checked cell by cell, against reading it and writing parquet in pandas",
        ["rows", "import", "rows a second", "peak memory", "pandas", "of pandas"],
        [
            [
                f"{count:,}",
                f"{seconds:,.1f} s",
                f"{count / seconds:,.0f}",
                f"{peak:,.0f} MiB",
                f"{plainly.median:,.2f} s",
                times(seconds / plainly.median),
            ]
        ],
    )
    return {"import": {"rows": count, "seconds": seconds, "pandas": asdict(plainly)}}


def _keep(report: Report, raw: dict[str, Any], scale: int | None) -> None:
    KEPT.mkdir(exist_ok=True)
    when = datetime.now().strftime("%Y-%m-%dT%H%M%S")
    file = KEPT / (f"{when}-scale-{scale}.json" if scale else f"{when}.json")
    about = {
        "scale": scale,
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "pandas": pd.__version__,
        "machine": platform.machine(),
    }
    file.write_text(
        json.dumps({"about": about, "tables": report.kept, "seconds": raw}, indent=1) + "\n",
        encoding="utf-8",
    )
    print(f"\nKept in {file.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
