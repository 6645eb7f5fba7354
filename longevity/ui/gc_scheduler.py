"""Garbage is collected between pages, not while one is made.

A collection of all that is there holds every page up for a tenth of a second and more: what
releases, answers and charts are kept of is some hundred thousand objects. Python begins one
when enough has come in, which is in the middle of a page. Here it is never begun by itself,
but by a thread that looks for a moment in which nobody waits. What was made last, and is
mostly gone by the end of a page, is collected as ever.
"""

from __future__ import annotations

import gc
import sys
import threading
import time

from longevity.ui import page_slot

LOOKS_EVERY = 0.25  # seconds
QUIET = 0.5  # seconds in which no page was made: then it is nobody's wait
FEW, MOST = 10, 100  # pages made since: worth a collection; not to be put off any longer
LONGEST = 300.0  # seconds: parts of pages look at the clock also while no page is made
NAME = "collect"  # a thread


def start_scheduler() -> None:
    """Collect everything between pages only, from here on."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, sys.maxsize >> 32)
    threading.Thread(target=_collect_when_quiet, name=NAME, daemon=True).start()


def is_due(pages: int, idle: float, since: float) -> bool:
    """Return whether to collect now.

    `pages` made and `since` seconds passed since the last time; `idle` seconds without a page
    being made, 0 while one is.
    """
    if pages >= 2 * MOST or since >= LONGEST:
        return True  # there may never be a quiet moment
    return (pages >= MOST and idle > 0) or (pages >= FEW and idle >= QUIET)


def _collect_when_quiet() -> None:
    pages, at = page_slot.count_pages_made(), time.monotonic()
    while True:
        time.sleep(LOOKS_EVERY)
        if is_due(
            page_slot.count_pages_made() - pages,
            page_slot.count_idle_seconds(),
            time.monotonic() - at,
        ):
            gc.collect()
            pages, at = page_slot.count_pages_made(), time.monotonic()
