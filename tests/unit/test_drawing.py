"""What is made beside the pages: once however many wait, in turn, and told when it cannot be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from longevity.errors import UsageError
from longevity.screen import drawing

PATIENCE = 10


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not so() and time.monotonic() < end:
        time.sleep(0.01)
    assert so()


def over(key: str) -> None:
    until(lambda: drawing.over(key))


@contextmanager
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Nothing is drawn meanwhile, so that a line forms. Gives a way to say whose run it is."""
    go_on, begun = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go_on.wait(PATIENCE)

    def run_of(session: str) -> None:
        monkeypatch.setattr(drawing, "session", lambda: session)

    drawing._lately.clear()
    run_of("whoever was before")
    drawing.begin("held", hold)
    assert begun.wait(PATIENCE)
    try:
        yield run_of
    finally:
        go_on.set()


def test_it_is_drawn_once_and_who_moved_on_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    with busy(monkeypatch):
        drawing.begin("first", lambda: drawn.append("first"))
        drawing.begin("first", lambda: drawn.append("first"))
        drawing.begin("second", lambda: drawn.append("second"))
        drawing.begin("third", lambda: drawn.append("third"))
        drawing.let_go("second")
        drawing.let_go("nothing of the kind")
        drawing.let_go("held")  # is being drawn: that is not stopped
    over("third")
    assert drawn == ["first", "third"]


def test_what_two_wait_for_is_drawn_when_one_moved_on(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    with busy(monkeypatch) as run_of:
        for session in ("one", "two"):
            run_of(session)
            drawing.begin("shared", lambda: drawn.append("shared"))
        drawing.let_go("shared")
        run_of("one")
        drawing.begin("mine", lambda: drawn.append("mine"))
        drawing.let_go("mine")
    over("shared")
    assert drawn == ["shared"]


def test_who_had_least_lately_is_next(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    with busy(monkeypatch) as run_of:
        now = time.monotonic()
        drawing._lately.append((now - drawing.LATELY - 1, 99.0, frozenset({"long ago"})))
        drawing._lately.append((now, 9.0, frozenset({"much"})))
        drawing._lately.append((now, 1.0, frozenset({"little"})))
        for session in ("much", "little", "nothing", "long ago", "nothing"):
            run_of(session)
            name = f"{session} {len(drawing._waiting)}"
            drawing.begin(name, lambda name=name: drawn.append(name))  # type: ignore[misc]
    over("much 0")
    assert drawn[-2:] == ["little 1", "much 0"]
    assert sorted(drawn[:3]) == ["long ago 3", "nothing 2", "nothing 4"]


def test_of_a_flood_of_one_session_another_waits_for_one_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []
    with busy(monkeypatch) as run_of:
        run_of("many")
        for at in range(20):
            name = f"many {at}"

            def draw(name: str = name) -> None:
                time.sleep(0.01)
                drawn.append(name)

            drawing.begin(name, draw)
        run_of("one")
        drawing.begin("one", lambda: drawn.append("one"))
    over("one")
    over("many 19")
    assert drawn.index("one") <= 1


def test_what_was_left_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(drawing, "_left", lambda session: session == "gone")
    with busy(monkeypatch) as run_of, ThreadPoolExecutor(1) as aside:
        run_of("gone")
        drawing.begin("left", lambda: drawn.append("left"))
        file = aside.submit(drawing.in_turn, "gone", lambda: drawn.append("file"))
        until(lambda: len(drawing._waiting) == 2)
        run_of("here")
        drawing.begin("shown", lambda: drawn.append("shown"))
    over("shown")
    over("left")
    assert drawn == ["shown"]
    with pytest.raises(UsageError):
        file.result(PATIENCE)


def test_a_session_waits_for_so_many_files_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with busy(monkeypatch), ThreadPoolExecutor(drawing.MOST_FILES + 1) as aside:
        files = [
            aside.submit(drawing.in_turn, "one", lambda at=at: at)  # type: ignore[misc]
            for at in range(drawing.MOST_FILES)
        ]
        until(lambda: len(drawing._waiting) == drawing.MOST_FILES)
        with pytest.raises(UsageError, match="being made"):
            drawing.in_turn("one", lambda: 0)
        another = aside.submit(drawing.in_turn, "another", lambda: 7)
        until(lambda: len(drawing._waiting) == drawing.MOST_FILES + 1)
    assert [file.result(PATIENCE) for file in files] == list(range(drawing.MOST_FILES))
    assert another.result(PATIENCE) == 7


def test_what_failed_is_told_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("no ink")

    drawing.begin("failing", fail)
    over("failing")
    assert str(drawing.failed("failing")) == "no ink"
    assert drawing.failed("another") is None
    with pytest.raises(ValueError, match="no ink"):
        drawing.in_turn("one", fail)
    now = time.monotonic()
    monkeypatch.setattr(drawing.time, "monotonic", lambda: now + drawing.TRIED_AGAIN + 1)
    assert drawing.failed("failing") is None
