"""Each screen of pages/ under changes of its filters, over the application's own websocket.

A change counts only when what is on the page afterwards differs. `first` are changes
nobody made before: every answer, figure and model kept was dropped before the visit, and
no choice is made twice in it. `again` are the same changes once more in the same visit.
"""

from __future__ import annotations

import json
import random
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from longevity.ui.navigation import SCREENS
from tools.bench.clock import PARTS, SERIALISING
from tools.load.client import BrokenError, Tab, alone

VIEWER = "View as"
CLAIMS = "Claims that these data support"  # a button each
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
    "claim_check": (CLAIMS, "Where"),
    "sources": (VIEWER,),
}
STAYS_INSIDE = "(stays inside)"  # of a chart that is not drawn for anybody
MOST_CHOICES = 40
OPENED_WITHIN = 10  # of the longest runs


@dataclass
class Change:
    """One change of a filter: seconds until its run had ended, bytes, and where the time went."""

    seconds: float
    sent: int
    parts: dict[str, float]
    processor: float  # seconds of processors, all threads of the server
    fetched: int


@dataclass
class ScreenTimes:
    """What one screen took."""

    page: str
    title: str
    arrived: float = 0.0
    arrived_bytes: int = 0
    first: list[Change] = field(default_factory=list)
    again: list[Change] = field(default_factory=list)
    same: int = 0  # changes after which the page was as before: not counted
    held: int = 0
    peak: int = 0
    failed: str = ""


class FailedPageError(Exception):
    """The page shows an error."""


def measure(
    address: str, runs: int, seconds: float, say: Callable[[str], None]
) -> list[ScreenTimes]:
    """Every screen: up to `runs` changes of each kind, within about `seconds` a screen."""
    alone(_opened(address))
    found = []
    for screen in SCREENS:
        say(f"  {screen.title} …")
        one = ScreenTimes(screen.file, screen.title)
        try:
            alone(_screen(address, one, runs, seconds))
        except Exception as error:  # a screen that fails is told; the others are measured
            one.failed = f"{type(error).__name__}: {error}"
        found.append(one)
    return found


async def _opened(address: str) -> None:
    """Be the first visitor, for whom the release is opened; at ten million that takes a while.

    Whoever comes while it is being opened waits for it too, so that each try is as long as a
    run may be.
    """
    for left in reversed(range(OPENED_WITHIN)):
        try:
            async with Tab(address) as tab:
                await tab.arrive("")
            return
        except BrokenError:
            if not left:
                raise


def control(address: str, what: str) -> dict[str, Any]:
    """Ask the clock around the server."""
    with urllib.request.urlopen(f"{address}/bench/{what}", timeout=120) as answer:
        return json.load(answer)  # type: ignore[no-any-return]  # what our own control says


async def _screen(address: str, one: ScreenTimes, runs: int, seconds: float) -> None:
    draw = random.Random(one.page)
    until = time.monotonic() + seconds
    while True:
        await _visit(address, one, runs, until, draw)
        # Once all is asked, a little of the time goes to what is asked again.
        if len(one.first) >= runs or time.monotonic() > until or not one.first:
            break
    one.held, one.peak = _memory(address)


async def _visit(
    address: str, one: ScreenTimes, runs: int, until: float, draw: random.Random
) -> None:
    """Arrive with nothing kept, make changes not made before, then the same once more."""
    control(address, "forget")
    control(address, "runs")
    async with Tab(address) as tab:
        await tab.arrive(_path(one.page))
        _whole(tab)
        arrived = _taken(address, tab)
        if not one.arrived:
            one.arrived, one.arrived_bytes = arrived.seconds, arrived.sent
        start = _stand(tab, one.page)
        walked = await _walk(address, tab, one, runs, until, draw)
        if walked:
            await _retrace(address, tab, one, start, walked, runs)


async def _walk(
    address: str, tab: Tab, one: ScreenTimes, runs: int, until: float, draw: random.Random
) -> list[tuple[str, str]]:
    """Changes that were not made in this visit; what was chosen, in order."""
    seen = {_state(tab, one.page)}
    walked: list[tuple[str, str]] = []
    while len(one.first) < runs and (time.monotonic() < until or len(walked) < 2):
        chosen = _another(tab, one.page, seen, draw)
        if chosen is None:
            break
        before = _shown(tab)
        await _choose(tab, *chosen)
        _whole(tab)
        change = _taken(address, tab)
        seen.add(_state(tab, one.page))
        walked.append(chosen)
        if _shown(tab) == before:
            one.same += 1
        else:
            one.first.append(change)
    return walked


async def _retrace(
    address: str,
    tab: Tab,
    one: ScreenTimes,
    start: list[tuple[str, str]],
    walked: list[tuple[str, str]],
    runs: int,
) -> None:
    """The same choices again, as long as those took at most.

    From where the visit began, every filter: else each leads to what was never asked before.
    """
    for label, words in start:
        if words in _offered(tab, label) and _value(tab, label) != words:
            await _choose(tab, label, words)
    _taken(address, tab)
    until = time.monotonic() + sum(change.seconds for change in one.first[-len(walked) :])
    for label, words in walked:
        if len(one.again) >= runs or (one.again and time.monotonic() > until):
            return
        if words not in _offered(tab, label) or _value(tab, label) == words:
            continue
        before = _shown(tab)
        await _choose(tab, label, words)
        _whole(tab)
        change = _taken(address, tab)
        if _shown(tab) != before:
            one.again.append(change)


def _path(page: str) -> str:
    return "" if page == SCREENS[0].file else page


async def _choose(tab: Tab, label: str, words: str) -> None:
    if label == CLAIMS:
        await tab.click(words)
    else:
        await tab.choose(label, words)


def _offered(tab: Tab, label: str) -> list[str]:
    if label != CLAIMS:
        return tab.page.offered(label)
    elements = list(tab.page.elements(aside=False))
    heading = next(at for at, (_, one) in enumerate(elements) if CLAIMS in getattr(one, "body", ""))
    return [one.label for kind, one in elements[heading:] if kind == "button"]


def _value(tab: Tab, label: str) -> str:
    return tab.page.value("What you want to say" if label == CLAIMS else label)


def _stand(tab: Tab, page: str) -> list[tuple[str, str]]:
    """The choices a visit begins with."""
    return list(zip(FILTERS[page], _state(tab, page), strict=True))


def _state(tab: Tab, page: str) -> tuple[str, ...]:
    return tuple(_value(tab, label) for label in FILTERS[page])


def _another(
    tab: Tab, page: str, seen: set[tuple[str, ...]], draw: random.Random
) -> tuple[str, str] | None:
    """A label and words that lead to a state not seen; None when all were."""
    now = _state(tab, page)
    offered = [
        (label, words)
        for at, label in enumerate(FILTERS[page])
        for words in _offered(tab, label)[:MOST_CHOICES]
        if not words.endswith(STAYS_INSIDE) and (*now[:at], words, *now[at + 1 :]) not in seen
    ]
    if not offered:
        return None
    # Each filter as often as the others, however many choices it has.
    label = draw.choice(sorted({label for label, _ in offered}))
    return draw.choice([one for one in offered if one[0] == label])


def _shown(tab: Tab) -> list[str]:
    """Everything on the page but its sidebar, as bytes would have it."""
    return [f"{kind} {value}" for kind, value in tab.page.elements(aside=False)]


def _whole(tab: Tab) -> None:
    failures = tab.page.failures()
    if failures:
        raise FailedPageError(failures[0].splitlines()[0] if failures[0] else "an error")
    if not any(True for _ in tab.page.elements(aside=False)):
        raise FailedPageError("an empty page")


def _taken(address: str, tab: Tab) -> Change:
    """What the last action took."""
    told = control(address, "runs")
    parts = dict.fromkeys(PARTS, 0.0)
    # A page may be run more than once for one change, as when it asks to be.
    for run in told["runs"]:
        for name, seconds in run["parts"].items():
            parts[name] += seconds
    parts[SERIALISING] += told["sending"]
    return Change(
        seconds=tab.seconds,
        sent=tab.received,
        parts=parts,
        processor=told["processor"],
        fetched=sum(run["fetched"] for run in told["runs"]),
    )


def _memory(address: str) -> tuple[int, int]:
    told = control(address, "runs")
    return int(told["held"]), int(told["peak"])
