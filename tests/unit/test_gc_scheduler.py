"""Garbage is collected when nobody waits for a page, and at last all the same."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from longevity.ui import gc_scheduler, page_slot


class Ring:
    """Something that only a collection removes."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def thresholds() -> Iterator[None]:
    """Python's own, put back afterwards."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("pages", "idle", "since", "now"),
    [
        (0, 9.0, 9.0, False),  # nothing was made
        (9, 9.0, 9.0, False),  # too little
        (10, 0.4, 9.0, False),  # somebody may be about to choose again
        (10, 0.5, 9.0, True),
        (100, 0.0, 9.0, False),  # a page is being made
        (100, 0.01, 9.0, True),  # between two
        (200, 0.0, 9.0, True),  # never a moment between
        (0, 9.0, 300.0, True),  # parts of pages were made
    ],
)
def test_when_to_collect(pages: int, idle: float, since: float, now: bool) -> None:
    assert gc_scheduler.is_due(pages, idle, since) is now


def test_pages_are_counted_and_waited_for() -> None:
    before = page_slot.count_pages_made()
    with page_slot.take_slot():
        assert page_slot.count_idle_seconds() == 0.0
        assert page_slot.count_pages_made() == before
    assert page_slot.count_pages_made() == before + 1
    time.sleep(0.01)
    assert page_slot.count_idle_seconds() > 0.0


def test_a_page_that_breaks_off_is_counted() -> None:
    before = page_slot.count_pages_made()
    with pytest.raises(ValueError, match="off"), page_slot.take_slot():
        raise ValueError("off")
    assert page_slot.count_pages_made() == before + 1


@pytest.mark.usefixtures("thresholds")
def test_what_pages_left_behind_goes_once_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc_scheduler, "LOOKS_EVERY", 0.01)
    monkeypatch.setattr(gc_scheduler, "QUIET", 0.05)
    gc_scheduler.start_scheduler()
    left = Ring()
    seen = weakref.ref(left)
    gc.collect(1)  # old enough that only a whole collection finds it
    del left
    for _ in range(gc_scheduler.FEW):
        with page_slot.take_slot():
            pass
    until = time.monotonic() + 30
    while seen() is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert seen() is None
