"""A cache up to a number of bytes, in which each value is computed once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from longevity.lru_cache import LRUCache


def size_of(value: str) -> int:
    return len(value)


def test_those_used_longest_ago_give_way() -> None:
    cache = LRUCache(12)
    for key in ("a", "b", "c", "d"):
        cache.get_or_compute(key, lambda key=key: key * 3, size_of)
    assert (
        cache.get_or_compute("a", lambda: "never", size_of) == "aaa"
    )  # used again: b is now the oldest
    cache.get_or_compute("e", lambda: "eee", size_of)
    assert [key for key in "abcde" if cache.get(key)] == ["a", "c", "d", "e"]
    assert cache.size == 12


def test_what_would_drive_out_the_others_is_given_and_not_kept() -> None:
    cache = LRUCache(12)
    cache.get_or_compute("a", lambda: "aaa", size_of)
    assert cache.get_or_compute("b", lambda: "bbbb", size_of) == "bbbb"
    assert (cache.get("a"), cache.get("b")) == ("aaa", None)
    nothing = LRUCache(0)
    assert nothing.get_or_compute("a", lambda: "", size_of) == ""
    assert nothing.get("a") is None


def test_however_many_ask_at_once_it_is_made_once() -> None:
    cache, all_here, made = LRUCache(100), threading.Barrier(8), []

    def ask(_: int) -> str:
        all_here.wait()
        return cache.get_or_compute("a", lambda: made.append(1) or "a", size_of)

    with ThreadPoolExecutor(8) as several:
        assert set(several.map(ask, range(8))) == {"a"}
    assert made == [1]


def test_what_could_not_be_made_is_tried_again() -> None:
    cache = LRUCache(100)

    def fails() -> str:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            cache.get_or_compute("a", fails, size_of)
    assert cache.get_or_compute("a", lambda: "a", size_of) == "a"
