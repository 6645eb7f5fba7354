"""What is made beside the pages: once however many wait, in turn, and told when it cannot be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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

    drawing._paid.clear()
    drawing._handed_out.clear()
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


def test_the_line_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture takes a second: a asks for three, b for two, c comes after two were made.

    | made  | a1 | b1 | c1 | a2 | b2 | c2 | a3 |
    | place | 0  | 0  | 0  | 1  | 1  | 1  | 2  |

    What stands at one place goes in the order it was asked for: a2 and b2 before c2.
    """
    made: list[str] = []
    monkeypatch.setattr(drawing, "_waiting", [])
    monkeypatch.setattr(drawing, "_stands", [0.0])
    monkeypatch.setattr(drawing, "_paid", {})

    def ask(name: str) -> None:
        stands = drawing._stands[0]
        task = drawing._Task(name, lambda: None, {name[0]}, stands, Future())
        drawing._waiting.append(task)

    def make(number: int) -> None:
        for _ in range(number):
            task = drawing._next()
            assert task is not None
            drawing._waiting.remove(task)
            drawing._stands[0] = task.place()
            drawing._pay(task, 1.0)
            made.append(str(task.key))

    for name in ("a1", "a2", "a3", "b1", "b2"):
        ask(name)
    make(2)
    ask("c1")
    ask("c2")
    make(5)
    assert made == ["a1", "b1", "c1", "a2", "b2", "c2", "a3"]
    # d had none of it, and a had much: it is not held against a who comes back later.
    for _ in range(5):
        ask("d1")
        make(1)
    ask("d1")
    ask("a1")
    ask("d1")
    make(3)
    assert made[-3:] == ["a1", "d1", "d1"]


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
    with ThreadPoolExecutor(1) as aside, busy(monkeypatch) as run_of:
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
    with ThreadPoolExecutor(drawing.MOST_FILES + 1) as aside, busy(monkeypatch):
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


def test_a_page_does_not_run_again_over_a_file_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "ON_ITS_WAY", 0.5)
    with ThreadPoolExecutor(1) as aside, busy(monkeypatch) as run_of:
        run_of("one")
        assert not drawing.is_handing_out()
        made = aside.submit(drawing.in_turn, "one", lambda: "a file")
        until(drawing.is_handing_out)  # it waits for its turn
        run_of("two")
        assert not drawing.is_handing_out()
        run_of("one")
    assert made.result(PATIENCE) == "a file"
    assert drawing.is_handing_out()  # made, and not at its visitor's yet
    until(lambda: not drawing.is_handing_out())


@pytest.mark.parametrize("on_its_way", [True, False])
def test_a_drawn_picture_waits_for_the_file_on_its_way(
    monkeypatch: pytest.MonkeyPatch, on_its_way: bool
) -> None:
    again: list[bool] = []
    monkeypatch.setattr(drawing.st, "rerun", lambda: again.append(True))
    monkeypatch.setattr(drawing, "is_handing_out", lambda: on_its_way)
    drawing.wait.__wrapped__("drawn already")
    assert bool(again) is not on_its_way


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
