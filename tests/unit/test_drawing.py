"""What is drawn beside the pages: once however many wait, and told when it cannot be."""

from __future__ import annotations

import threading
import time

import pytest

from longevity.screen import drawing

PATIENCE = 10


def over(key: str) -> None:
    until = time.monotonic() + PATIENCE
    while not drawing._begun[key].done() and time.monotonic() < until:
        time.sleep(0.01)


def test_it_is_drawn_once_and_who_moved_on_is_let_go() -> None:
    go_on, drawn = threading.Event(), []

    def first() -> None:
        go_on.wait(PATIENCE)
        drawn.append("first")

    drawing.begin("first", first)
    drawing.begin("first", first)
    drawing.begin("second", lambda: drawn.append("second"))
    drawing.begin("third", lambda: drawn.append("third"))
    drawing.let_go("second")
    drawing.let_go("nothing of the kind")
    go_on.set()
    over("third")
    assert drawn == ["first", "third"]


def test_what_failed_is_told_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("no ink")

    drawing.begin("failing", fail)
    over("failing")
    assert str(drawing.failed("failing")) == "no ink"
    assert drawing.failed("another") is None
    now = time.monotonic()
    monkeypatch.setattr(drawing.time, "monotonic", lambda: now + drawing.TRIED_AGAIN + 1)
    assert drawing.failed("failing") is None
