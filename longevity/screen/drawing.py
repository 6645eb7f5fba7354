"""Pictures drawn beside the pages: a page shows one once it is there, and is never held up.

One at a time, as there is one browser. Nothing of a picture reaches a visitor from here: a
page that runs again, past its guard, shows the one that belongs to what it has on screen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor

import streamlit as st

POLL = 0.15  # seconds between looks
HEIGHT = 410  # pixels: about that of a picture
TRIED_AGAIN = 10.0  # seconds after it failed, should the page run again

_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
_begun: dict[Hashable, Future[None]] = {}
_failed: dict[Hashable, tuple[Exception, float]] = {}
_lock = threading.Lock()


def begin(key: Hashable, draw: Callable[[], None]) -> None:
    """Have it drawn, unless it is being drawn already."""
    with _lock:
        for old in [one for one, drawn in _begun.items() if drawn.done()]:
            del _begun[old]
        if key not in _begun:
            _begun[key] = _pool.submit(_run, key, draw)


def _run(key: Hashable, draw: Callable[[], None]) -> None:
    try:
        draw()
    except Exception as error:  # told where the picture would stand
        with _lock:
            _failed[key] = (error, time.monotonic() + TRIED_AGAIN)


def let_go(key: Hashable) -> None:
    """Not to be drawn any more, where it was not begun: who waited for it has moved on."""
    with _lock:
        drawn = _begun.get(key)
        if drawn is not None:
            drawn.cancel()


def failed(key: Hashable) -> Exception | None:
    """Why it could not be drawn, for some seconds; None where it can or was not tried."""
    with _lock:
        now = time.monotonic()
        for old in [one for one, (_, until) in _failed.items() if until < now]:
            del _failed[old]
        return _failed[key][0] if key in _failed else None


@st.fragment(run_every=POLL)
def wait(key: Hashable) -> None:
    """A grey shape in the picture's place until it is drawn; then the whole page runs again."""
    st.skeleton(height=HEIGHT)
    st.caption("Drawing the picture …")
    with _lock:
        drawn = _begun.get(key)
    if drawn is None or drawn.done():
        st.rerun()
