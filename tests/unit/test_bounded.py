"""What is kept up to a number of bytes, and made once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from longevity.bounded import Bounded


def size(value: str) -> int:
    return len(value)


def test_those_used_longest_ago_give_way() -> None:
    kept = Bounded(12)
    for key in ("a", "b", "c", "d"):
        kept.once(key, lambda key=key: key * 3, size)
    assert kept.once("a", lambda: "never", size) == "aaa"  # used again: b is now the oldest
    kept.once("e", lambda: "eee", size)
    assert [key for key, _ in kept] == ["c", "d", "a", "e"]
    assert kept.held == 12


def test_what_would_drive_out_the_others_is_given_and_not_kept() -> None:
    kept = Bounded(12)
    kept.once("a", lambda: "aaa", size)
    assert kept.once("b", lambda: "bbbb", size) == "bbbb"
    assert [key for key, _ in kept] == ["a"]
    nothing = Bounded(0)
    assert nothing.once("a", lambda: "", size) == ""
    assert not list(nothing)


def test_however_many_ask_at_once_it_is_made_once() -> None:
    kept, all_here, made = Bounded(100), threading.Barrier(8), []

    def ask(_: int) -> str:
        all_here.wait()
        return kept.once("a", lambda: made.append(1) or "a", size)

    with ThreadPoolExecutor(8) as several:
        assert set(several.map(ask, range(8))) == {"a"}
    assert made == [1]


def test_what_could_not_be_made_is_tried_again() -> None:
    kept = Bounded(100)

    def fails() -> str:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            kept.once("a", fails, size)
    assert kept.once("a", lambda: "a", size) == "a"
