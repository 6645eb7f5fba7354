"""Each screen of pages/ under changes of its filters, over the application's own websocket.

A change counts only when what is on the page afterwards differs. `first` are changes that were
not made before: every answer, figure and model kept was dropped before the visit, and no choice is
made twice in it. `again` are the same changes once more in the same visit.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from longevity.ui.navigation import SCREENS
from tests.drivers.server import Server, serving
from tools.bench.targets import Figures, find_percentile, write_milliseconds, write_size
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
MOST_CHOICES = 40
CHANGES, SECONDS = 16, 5.0  # on each screen, of each kind
OPENED_WITHIN = 10  # of the longest runs


@dataclass
class Change:
    """One change of a filter: seconds until its run had ended, of processors, and bytes."""

    seconds: float
    processors: float
    sent: int


@dataclass
class ScreenTimes:
    """What one screen took."""

    arrived: Change | None = None
    first: list[Change] = field(default_factory=list)
    again: list[Change] = field(default_factory=list)
    memory: int = 0


def measure(home: Path, figures: Figures) -> None:
    """Measure every screen: up to so many changes of each kind, within about so many seconds."""
    command = ["-m", "tools.server", "{port}"]
    found: dict[str, ScreenTimes] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(home, Path(folder) / "log", command=command) as server,
    ):
        alone(_open_release(server))
        for screen in SCREENS:
            say(f"  {screen.title} …")
            times = found[screen.title] = ScreenTimes()
            try:
                alone(_measure_screen(server, screen.file, times))
            except Exception as error:  # the other screens are still measured
                figures.failed.append(f"{screen.title}: {type(error).__name__}: {error}")
    first = [change.seconds for times in found.values() for change in times.first]
    again = [change.seconds for times in found.values() for change in times.again]
    slowest = [find_percentile([c.seconds for c in t.first], 0.95) for t in found.values()]
    figures.values |= {
        "first": find_percentile(first, 0.95),
        "first_worst": max(slowest),
        "again": find_percentile(again, 0.95),
    }
    head = ["screen", "changes", "first visit", "sent", "first p50", "p95", "again p50", "p95"]
    head += ["of processors", "sent", "memory"]
    rows = [_describe(title, times) for title, times in found.items() if times.arrived]
    figures.tables.append(("a change of a filter, server side", head, rows))


def _describe(title: str, times: ScreenTimes) -> list[str]:
    assert times.arrived is not None
    shares = [
        write_milliseconds(find_percentile([change.seconds for change in changes], share))
        for changes in (times.first, times.again)
        for share in (0.5, 0.95)
    ]
    return [
        title,
        f"{len(times.first)}, {len(times.again)}",
        write_milliseconds(times.arrived.seconds),
        write_size(times.arrived.sent),
        *shares,
        write_milliseconds(find_percentile([c.processors for c in times.first], 0.5)),
        write_size(find_percentile([c.sent for c in times.first], 0.5)),
        write_size(times.memory),
    ]


async def _open_release(server: Server) -> None:
    """Be the first visitor, for whom the release is opened; at ten million that takes a while."""
    for left in reversed(range(OPENED_WITHIN)):
        try:
            async with Tab(server.address) as tab:
                await tab.arrive("")
            return
        except BrokenError:
            if not left:
                raise


async def _measure_screen(server: Server, page: str, times: ScreenTimes) -> None:
    dice = random.Random(page)
    until = time.monotonic() + SECONDS
    while True:
        before = len(times.first)
        await _visit(server, page, times, until, dice)
        done = len(times.first) >= CHANGES or len(times.first) == before
        if done or time.monotonic() > until:
            break
    times.memory = server.resident()


async def _visit(
    server: Server, page: str, times: ScreenTimes, until: float, dice: random.Random
) -> None:
    """Arrive with nothing kept, make changes not made before, then the same once more."""
    os.kill(server.process.pid, signal.SIGUSR1)
    await asyncio.sleep(0.3)  # until it has dropped what it kept
    began = read_processors(server)
    async with Tab(server.address) as tab:
        await tab.arrive("" if page == SCREENS[0].file else page)
        arrived = Change(tab.seconds, read_processors(server) - began, tab.received)
        times.arrived = times.arrived or arrived
        start = _read_state(tab, page)
        seen, walked = {start}, []
        while len(times.first) < CHANGES and (time.monotonic() < until or len(walked) < 2):
            chosen = _find_another(tab, page, seen, dice)
            if chosen is None:
                break
            times.first += await _choose(server, tab, *chosen)
            seen.add(_read_state(tab, page))
            walked.append(chosen)
        # From where the visit began, every filter: else each leads to what was never asked.
        for label, words in zip(FILTERS[page], start, strict=True):
            await _choose(server, tab, label, words)
        for label, words in walked:
            times.again += await _choose(server, tab, label, words)


async def _choose(server: Server, tab: Tab, label: str, words: str) -> list[Change]:
    """Make one choice; what it took, or nothing where the page afterwards is as before."""
    if words not in tab.page.offered(label) or tab.page.value(label) == words:
        return []
    before, began = _read_page(tab), read_processors(server)
    await tab.choose(label, words)
    change = Change(tab.seconds, read_processors(server) - began, tab.received)
    return [] if _read_page(tab) == before else [change]


def read_processors(server: Server) -> float:
    """Return the seconds of processors that all threads of the server took so far."""
    stat = Path(f"/proc/{server.process.pid}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _read_state(tab: Tab, page: str) -> tuple[str, ...]:
    return tuple(tab.page.value(label) for label in FILTERS[page])


def _find_another(
    tab: Tab, page: str, seen: set[tuple[str, ...]], dice: random.Random
) -> tuple[str, str] | None:
    """Return a label and words that lead to a state not seen; None when all were."""
    now = _read_state(tab, page)
    offered = [
        (label, words)
        for at, label in enumerate(FILTERS[page])
        for words in tab.page.offered(label)[:MOST_CHOICES]
        if not words.endswith(STAYS_INSIDE) and (*now[:at], words, *now[at + 1 :]) not in seen
    ]
    if not offered:
        return None
    # Each filter as often as the others, however many choices it has.
    label = dice.choice(sorted({label for label, _ in offered}))
    return dice.choice([one for one in offered if one[0] == label])


def _read_page(tab: Tab) -> list[str]:
    """Return everything on the page but its sidebar; an error or nothing there is a failure."""
    failures = tab.page.failures()
    shown = [f"{kind} {value}" for kind, value in tab.page.elements(aside=False)]
    if failures or not shown:
        raise BrokenError(f"the page shows {failures or 'nothing'}")
    return shown
