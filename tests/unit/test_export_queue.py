"""What is made beside the pages: once however many wait, in turn, and told when it cannot be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from longevity.errors import UsageError
from longevity.ui import export_queue

PATIENCE = 10


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not so() and time.monotonic() < end:
        time.sleep(0.01)
    assert so()


def over(key: str) -> None:
    until(lambda: export_queue.is_over(key))


@contextmanager
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Nothing is drawn meanwhile, so that a line forms. Gives a way to say whose run it is."""
    go_on, begun = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go_on.wait(PATIENCE)

    def run_of(session: str) -> None:
        monkeypatch.setattr(export_queue, "read_session_id", lambda: session)

    export_queue._paid.clear()
    export_queue._handed_out.clear()
    run_of("whoever was before")
    export_queue.begin_drawing("held", hold)
    assert begun.wait(PATIENCE)
    try:
        yield run_of
    finally:
        go_on.set()


def test_it_is_drawn_once_and_who_moved_on_is_let_go(monkeypatch):
    drawn: list[str] = []
    with busy(monkeypatch):
        export_queue.begin_drawing("first", lambda: drawn.append("first"))
        export_queue.begin_drawing("first", lambda: drawn.append("first"))
        export_queue.begin_drawing("second", lambda: drawn.append("second"))
        export_queue.begin_drawing("third", lambda: drawn.append("third"))
        export_queue.let_go("second")
        export_queue.let_go("nothing of the kind")
        export_queue.let_go("held")  # is being drawn: that is not stopped
    over("third")
    assert drawn == ["first", "third"]


def test_what_is_alone_is_waited_for_and_what_stands_in_a_line_is_not(monkeypatch):
    drawn: list[str] = []
    with busy(monkeypatch):
        export_queue.begin_drawing("in a line", lambda: drawn.append("in a line"))
        export_queue.await_drawing("in a line", PATIENCE)
        assert not drawn
    over("in a line")
    export_queue.begin_drawing("alone", lambda: drawn.append("alone"))
    export_queue.await_drawing("alone", PATIENCE)
    assert drawn == ["in a line", "alone"]


def test_what_was_left_is_not_drawn(monkeypatch):
    drawn: list[str] = []
    monkeypatch.setattr(export_queue, "has_left", lambda session: session == "gone")
    with ThreadPoolExecutor(1) as aside, busy(monkeypatch) as run_of:
        run_of("gone")
        export_queue.begin_drawing("left", lambda: drawn.append("left"))
        file = aside.submit(export_queue.make_in_turn, "gone", lambda: drawn.append("file"))
        until(lambda: len(export_queue._waiting) == 2)
        run_of("here")
        export_queue.begin_drawing("shown", lambda: drawn.append("shown"))
    over("shown")
    over("left")
    assert drawn == ["shown"]
    with pytest.raises(UsageError):
        file.result(PATIENCE)


def test_a_session_waits_for_so_many_files_and_no_more(monkeypatch):
    with ThreadPoolExecutor(export_queue.MOST_FILES + 1) as aside, busy(monkeypatch):
        files = [
            aside.submit(export_queue.make_in_turn, "one", lambda at=at: at)  # type: ignore[misc]  # a lambda's default
            for at in range(export_queue.MOST_FILES)
        ]
        until(lambda: len(export_queue._waiting) == export_queue.MOST_FILES)
        with pytest.raises(UsageError, match="being made"):
            export_queue.make_in_turn("one", lambda: 0)
        another = aside.submit(export_queue.make_in_turn, "another", lambda: 7)
        until(lambda: len(export_queue._waiting) == export_queue.MOST_FILES + 1)
    assert [file.result(PATIENCE) for file in files] == list(range(export_queue.MOST_FILES))
    assert another.result(PATIENCE) == 7


def test_a_page_does_not_run_again_over_a_file_on_its_way(monkeypatch):
    monkeypatch.setattr(export_queue, "ON_ITS_WAY", 0.5)
    with ThreadPoolExecutor(1) as aside, busy(monkeypatch) as run_of:
        run_of("one")
        assert not export_queue.is_handing_out()
        made = aside.submit(export_queue.make_in_turn, "one", lambda: "a file")
        until(export_queue.is_handing_out)  # it waits for its turn
        run_of("two")
        assert not export_queue.is_handing_out()
        run_of("one")
    assert made.result(PATIENCE) == "a file"
    assert export_queue.is_handing_out()  # made, and not at its visitor's yet
    until(lambda: not export_queue.is_handing_out())


def test_what_failed_is_told_for_some_seconds(monkeypatch):
    def fail() -> None:
        raise ValueError("no ink")

    export_queue.begin_drawing("failing", fail)
    over("failing")
    assert str(export_queue.find_failure("failing")) == "no ink"
    assert export_queue.find_failure("another") is None
    with pytest.raises(ValueError, match="no ink"):
        export_queue.make_in_turn("one", fail)
    now = time.monotonic()
    monkeypatch.setattr(export_queue.time, "monotonic", lambda: now + export_queue.TRIED_AGAIN + 1)
    assert export_queue.find_failure("failing") is None
