"""Each screen of pages/ under changes of its filters, over the application's own websocket.

A change counts only when what is on the page afterwards differs. `first` are changes asked first:
every answer, figure and model kept was dropped before the visit. `again` are the same changes once
more in the same visit.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from itertools import chain
from pathlib import Path

from longevity.ui.navigation import SCREENS
from tests.drivers.server import Server, serving
from tools.bench.figures import Figures, find_percentile, write_value
from tools.load.client import BrokenError, Tab, alone
from tools.running import say

# What a visitor changes on each screen; a screen without filters is changed by who looks.
FILTERS: dict[str, tuple[str, ...]] = {
    "briefing": ("What is counted",),
    "this_week": ("City", "Week"),
    "map": ("City", "Period", "What is counted", "Show"),
    "compare_cities": ("What is counted",),
    "evidence": ("City",),
    "call_ins": ("City",),
    "follow_up": ("City",),
    "support": ("City",),
    "press_desk": ("Chart",),
    "claim_check": ("Where", "When"),
    "sources": ("View as",),
}
STAYS_INSIDE = "inside)"  # the end of the name of a chart that may not be drawn for anybody
MOST_CHOICES = 8  # of each filter
HEAD = ["screen", "first visit", "changes", "first p50", "p95", "again p50", "p95"]
HEAD += ["of processors", "sent", "memory"]


def measure(home: Path, figures: Figures) -> None:
    """Measure every screen in one visit."""
    rows, first, again = [HEAD], [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(home, Path(folder) / "log", command=["-m", "tools.server", "{port}"]) as server,
    ):
        for screen in SCREENS:
            say(f"  {screen.title} …")
            try:
                arrived, *both = alone(_visit(server, screen.file))
            except Exception as error:  # the other screens are still measured
                figures.failed.append(f"{screen.title}: {type(error).__name__}: {error}")
                continue
            seconds = [[change[0] for change in changes] for changes in both]
            first.append(seconds[0])
            again.append(seconds[1])
            values = [(find_percentile(s, share), "ms") for s in seconds for share in (0.5, 0.95)]
            values += [
                (find_percentile([change[at] for change in both[0]], 0.5), unit)
                for at, unit in ((1, "ms"), (2, "MiB"))
            ]
            cells = [write_value(*value) for value in (*values, (server.resident(), "MiB"))]
            counts = ", ".join(str(len(changes)) for changes in both)
            rows.append([screen.title, write_value(arrived, "ms"), counts, *cells])
    figures.values |= {
        "first": find_percentile([*chain(*first)], 0.95),
        "first_worst": max(find_percentile(seconds, 0.95) for seconds in first if seconds),
        "again": find_percentile([*chain(*again)], 0.95),
    }
    figures.tables["a change of a filter, server side"] = rows


Changes = list[tuple[float, float, int]]  # seconds, seconds of processors, bytes


async def _visit(server: Server, page: str) -> tuple[float, Changes, Changes]:
    """Arrive with nothing kept, and go through the choices of each filter twice.

    Each filter goes back to where it was, so that the second time asks what the first asked.
    """
    os.kill(server.process.pid, signal.SIGUSR1)
    await asyncio.sleep(0.3)  # until it has dropped what it kept
    first: Changes = []
    again: Changes = []
    async with Tab(server.address) as tab:
        await tab.arrive("" if page == SCREENS[0].file else page)
        arrived = tab.seconds
        for changes in (first, again):
            for label in FILTERS[page]:
                start, offered = tab.page.value(label), tab.page.offered(label)
                public = [words for words in offered if not words.endswith(STAYS_INSIDE)]
                for words in public[:MOST_CHOICES]:
                    await _choose(server, tab, label, words, changes)
                await _choose(server, tab, label, start, [])
    return arrived, first, again


async def _choose(server: Server, tab: Tab, label: str, words: str, changes: Changes) -> None:
    """Make one choice, and note what it took if the page afterwards differs."""
    if words not in tab.page.offered(label) or tab.page.value(label) == words:
        return
    before, began = _read_page(tab), _read_processors(server)
    await tab.choose(label, words)
    took = _read_processors(server) - began
    if _read_page(tab) != before:
        changes.append((tab.seconds, took, tab.received))


def _read_processors(server: Server) -> float:
    """Return the seconds of processors that all threads of the server took so far."""
    stat = Path(f"/proc/{server.process.pid}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _read_page(tab: Tab) -> list[str]:
    """Return everything on the page but its sidebar; an error or nothing there is a failure."""
    failures = tab.page.failures()
    shown = [f"{kind} {value}" for kind, value in tab.page.elements(aside=False)]
    if failures or not shown:
        raise BrokenError(f"the page shows {failures or 'nothing'}")
    return shown
