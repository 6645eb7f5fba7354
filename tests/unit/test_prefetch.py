"""Questions asked beside: from the last to the first, and nothing that fails there is raised."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from longevity.warehouse import prefetch

WAIT = 10.0
QUESTIONS = [(name, {"of": name}) for name in "abc"]


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(prefetch, "PROCESSORS", 2)
    prefetch._open_pool.cache_clear()
    yield
    prefetch._open_pool.cache_clear()


def test_they_are_asked_by_another_from_the_last_to_the_first() -> None:
    asked: list[tuple[str, Mapping[str, Any], int]] = []
    done = threading.Event()

    def ask(name: str, values: Mapping[str, Any]) -> None:
        asked.append((name, values, threading.get_ident()))
        if name == "a":
            done.set()

    with prefetch.prefetch_answers(ask, QUESTIONS):
        assert done.wait(WAIT)
    assert [(name, values) for name, values, _ in asked] == QUESTIONS[::-1]
    assert threading.get_ident() not in {thread for *_, thread in asked}


def test_what_fails_there_is_left_to_whoever_asks_it() -> None:
    done = threading.Event()

    def ask(name: str, _: Mapping[str, Any]) -> None:
        if name == "a":
            done.set()
        raise RuntimeError(name)

    with prefetch.prefetch_answers(ask, QUESTIONS):
        assert done.wait(WAIT)


def test_at_the_end_the_one_being_asked_is_waited_for_and_no_more_are() -> None:
    asked: list[str] = []
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def ask(name: str, _: Mapping[str, Any]) -> None:
        asked.append(name)
        begun.set()
        assert go_on.wait(WAIT)
        ended.set()

    with prefetch.prefetch_answers(ask, QUESTIONS):
        assert begun.wait(WAIT)
        threading.Timer(0.1, go_on.set).start()
    assert ended.is_set()
    assert asked == ["c"]


def test_one_processor_asks_nothing_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "PROCESSORS", 1)
    with prefetch.prefetch_answers(lambda *_: pytest.fail("asked"), QUESTIONS):
        pass
    assert prefetch._open_pool.cache_info().currsize == 0
