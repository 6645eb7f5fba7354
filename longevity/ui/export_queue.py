"""Pictures and files made beside the pages: one at a time, as there is one browser to draw with.

A page shows a picture once it is there; at its end it waits for one that comes soon. Nothing of
a picture reaches a visitor from here: a page, past its guard, shows the one that belongs to what
it has on screen.

The line is fair between sessions, by the seconds that were spent on each ("start-time fair
queueing"): one that asks for much waits for itself, and not the others for it; one that asked
for nothing for a while has saved up nothing. What only sessions wait for that have left is not
made.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from longevity.errors import UsageError
from longevity.ui.streamlit_internals import has_left, read_session_id

POLL = 0.15  # seconds between looks
HEIGHT = 410  # pixels: about that of a picture
TRIED_AGAIN = 10.0  # seconds after it failed, should the page run again
MOST_FILES = 2  # of one session, waiting beside each other
ON_ITS_WAY = 1.0  # seconds a file takes at most from here to its visitor
T = TypeVar("T")


@dataclass(eq=False)
class _Task:
    """Something to make, the sessions that wait for it, and where the line stood when it came."""

    key: Hashable
    make: Callable[[], Any]
    sessions: set[str]
    stood: float
    made: Future[Any]

    def find_place(self) -> float:
        """Find its place in line: no sooner than what was made for its session before is paid."""
        return min(max(self.stood, _paid.get(one, 0.0)) for one in self.sessions)


_waiting: list[_Task] = []  # in the order they were asked for
_under_way: list[_Task] = []  # at most one
# Seconds on a clock that is only the line's own: a session that is alone in it moves it on.
_stands: list[float] = [0.0]  # the place of what was made last
_paid: dict[str, float] = {}  # up to where each session has had its share, where that is ahead
_failed: dict[Hashable, tuple[Exception, float]] = {}
_handed_out: dict[str, float] = {}  # when each session was last given a file
_lock = threading.Lock()
_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")


def begin_drawing(key: Hashable, draw: Callable[[], None]) -> None:
    """Have it drawn for this session, unless it is being drawn already."""

    def draw_or_note_failure() -> None:
        try:
            draw()
        except Exception as error:  # told where the picture would stand
            with _lock:
                _failed[key] = (error, time.monotonic() + TRIED_AGAIN)

    with _lock:
        task = _find_task(key)
        if task is None:
            _add_task(key, draw_or_note_failure, read_session_id())
        else:
            task.sessions.add(read_session_id())


def let_go(key: Hashable) -> None:
    """Wait no longer for it in this session; where nobody else does, it is not drawn."""
    with _lock:
        task = _find_task(key)
        if task is not None and task in _waiting:
            task.sessions.discard(read_session_id())
            if not task.sessions:
                _drop_task(task)


def make_in_turn(session_id: str, make: Callable[[], T]) -> T:
    """Return what `make` makes for a session, once it is its turn.

    UsageError where the session waits for so many files already, or left before its turn.
    """
    with _lock:
        files = [
            one for one in _waiting if isinstance(one.key, _File) and session_id in one.sessions
        ]
        if session_id and len(files) >= MOST_FILES:
            raise UsageError("Other files of yours are being made.", "Wait for those.")
        result: Future[T] = _add_task(_File(), make, session_id)
    try:
        return result.result()
    finally:
        with _lock:
            now = time.monotonic()
            for old in [one for one, at in _handed_out.items() if at < now - ON_ITS_WAY]:
                del _handed_out[old]
            _handed_out[session_id] = now


def is_handing_out() -> bool:
    """Return whether a file of this session is being made, or is on its way to its visitor.

    A run of the page that begins then throws the answer away, and the button stays grey
    (docs/decisions/0042).
    """
    session_id = read_session_id()
    with _lock:
        files = (one for one in (*_waiting, *_under_way) if isinstance(one.key, _File))
        on_its_way = time.monotonic() - _handed_out.get(session_id, -math.inf) < ON_ITS_WAY
        return on_its_way or any(session_id in one.sessions for one in files)


class _File:
    """The key of a file: each is another."""


def find_failure(key: Hashable) -> Exception | None:
    """Find why it could not be drawn, for some seconds; None where it can or was not tried."""
    with _lock:
        now = time.monotonic()
        for old in [one for one, (_, until) in _failed.items() if until < now]:
            del _failed[old]
        return _failed[key][0] if key in _failed else None


def is_over(key: Hashable) -> bool:
    """Return whether it is not waited for: drawn, failed, or let go."""
    with _lock:
        return _find_task(key) is None


def await_drawing(key: Hashable, seconds: float) -> None:
    """Wait so long at most for what is alone in the line; what is not, does not come soon."""
    with _lock:
        alone = [*_waiting, *_under_way]
    if len(alone) == 1 and alone[0].key == key:
        futures.wait([alone[0].made], seconds)


@st.fragment(run_every=POLL)
def show_drawing_under_way(key: Hashable) -> None:
    """Show a grey shape in the picture's place until it is drawn; then the page runs again."""
    st.skeleton(height=HEIGHT)
    st.caption("Drawing the picture …")
    if is_over(key) and not is_handing_out():
        st.rerun()


# --- the line -------------------------------------------------------------------------------
# All of it while `_lock` is held, but for the making itself.


def _find_task(key: Hashable) -> _Task | None:
    return next((one for one in (*_waiting, *_under_way) if one.key == key), None)


def _add_task(key: Hashable, make: Callable[[], T], session_id: str) -> Future[T]:
    task = _Task(key, make, {session_id}, _stands[0], Future())
    _waiting.append(task)
    _one_at_a_time.submit(_make_next)
    return task.made


def _make_next() -> None:
    """Make what is next, which need not be what was asked for last, nor anything at all."""
    with _lock:
        task = _choose_next()
        if task is None:
            return
        _waiting.remove(task)
        _under_way.append(task)
        _stands[0] = task.find_place()
    began = time.monotonic()
    try:
        task.made.set_result(task.make())
    except BaseException as error:
        task.made.set_exception(error)
    with _lock:
        _under_way.remove(task)
        _charge_sessions(task, time.monotonic() - began)


def _charge_sessions(task: _Task, seconds: float) -> None:
    """Move those it was made for back by as much."""
    for session_id in task.sessions:
        _paid[session_id] = max(_stands[0], _paid.get(session_id, 0.0)) + seconds
    for session_id in [one for one, until in _paid.items() if until <= _stands[0]]:
        del _paid[session_id]  # says nothing any more


def _choose_next() -> _Task | None:
    """Choose whose turn it is; of two at one place, who waits longer."""
    for task in [one for one in _waiting if all(map(has_left, one.sessions))]:
        _drop_task(task)
    return min(_waiting, key=_Task.find_place, default=None)


def _drop_task(task: _Task) -> None:
    _waiting.remove(task)
    task.made.set_exception(UsageError("Nobody waits for this file any more."))
