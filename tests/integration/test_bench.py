"""The parts of `make bench`: a miss is told as one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from longevity.release.store import Release
from longevity.settings import Settings
from longevity.ui import cache
from tests.drivers import screens as visited
from tools.bench import clock, report, screens, server, targets
from tools.bench.homes import BenchHome, Step
from tools.bench.results import SizeResults
from tools.bench.screens import Change, ScreenTimes
from tools.bench.timing import percentile


def _sized(seconds: float) -> SizeResults:
    change = Change(seconds, 1000, dict.fromkeys(clock.PARTS, 0.0), seconds, 0)
    one = ScreenTimes("promises", "Promises", first=[change] * 20, again=[change])
    step = Step("publish", 100.0, 90.0, 2**30)
    return SizeResults("demonstration", BenchHome(Path("home"), (step,)), screens=[one])


def test_a_line_says_met_missed_and_not_measured() -> None:
    sizes = {"demonstration": _sized(0.05), "10m": _sized(0.50)}
    lines = {line.asks: line for line in targets.lines(sizes)}
    first = lines["a filter change, server side, p95 of all screens, asked first"]
    assert first.target == "≤ 150 ms, 300 ms"
    assert first.verdicts == {"demonstration": targets.MET, "10m": targets.MISSED}
    assert first.verdict == targets.MISSED
    assert lines["… against the smallest size"].measured["10m"] == "10×"
    assert lines["publish"].verdicts["demonstration"] == targets.NOT_MEASURED
    assert lines["publish"].verdict == targets.MET
    assert lines["a deck"].verdict == targets.NOT_MEASURED


def test_a_missed_line_is_marked_in_the_table() -> None:
    from tools.bench.__main__ import marked

    line = targets.lines({"demonstration": _sized(0.30)})[0]
    row = [line.asks, marked(line, "demonstration"), line.verdict]
    told = report.text("Targets", ["what", "found", "verdict"], [row])
    assert told.splitlines()[-1].split()[-4:] == ["300", "ms", "✗", "MISSED"]
    table = report.markdown("Targets", ["what", "found", "verdict"], [row]).splitlines()
    assert table[3:] == ["| --- | ---: | ---: |", f"| {line.asks} | 300 ms ✗ | MISSED |"]


def test_a_page_takes_the_figures_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.put(page, "new")
    assert page.read_text() == f"Before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"


def test_every_table_is_as_wide_as_its_heading() -> None:
    broken = replace(_sized(0.1).screens[0], first=[], again=[], failed="no answer")
    sized = _sized(0.1)
    sized.screens.append(broken)
    for title, columns, rows in sized.tables():
        assert {len(row) for row in rows} <= {len(columns)}, title
    assert sized.failures() == ["FAILED at demonstration: Promises: no answer"]


def test_a_part_within_a_part_is_not_counted_twice() -> None:
    with clock.time_run() as run, clock.part("outer"):
        time.sleep(0.01)
        with clock.part("inner"):
            time.sleep(0.03)
    assert run.parts["inner"] > run.parts["outer"]
    assert run.parts["inner"] + run.parts["outer"] <= run.seconds


def test_percentiles_are_of_the_nearest_rank() -> None:
    values = [float(at) for at in range(1, 21)]
    assert [percentile(values, share) for share in (0.5, 0.95, 1.0)] == [10, 19, 20]


def test_every_screen_is_measured() -> None:
    assert sorted(screens.FILTERS) == visited.pages()


def test_what_is_forgotten_is_asked_of_the_database_again(
    release: Release, published: Settings
) -> None:
    made: list[str] = []
    warehouse = cache.CachedWarehouse(release, published)
    for _ in range(2):
        warehouse.compute_once(lambda: made.append("asked"), "a question")
    assert made == ["asked"]
    assert server.forget()
    warehouse.compute_once(lambda: made.append("again"), "a question")
    assert made == ["asked", "again"]
    warehouse.close()
