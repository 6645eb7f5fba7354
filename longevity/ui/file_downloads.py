"""Files on their way to a visitor: who may fetch one, and for how long.

Streamlit lays a file under an address made of its content, and serves it to whoever knows that
address. What stands before Streamlit (`middleware`) asks here first: a file goes to the browser
whose page had it made, within a minute, while it may still have it. See docs/decisions/0058.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from longevity.errors import LongevityError
from longevity.ui import streamlit_internals

COOKIE = "longevity_browser"
NUMBER = re.compile(r"[0-9a-f]{32}")
SECONDS = 60.0  # after which a file that was made cannot be fetched; each click makes it anew
NOT_THERE = 404, "Not found."


@dataclass(frozen=True)
class _Handout:
    """One file for one browser; `ask_again` raises once it may not have it any more.

    `digest`: the SHA-256 of the file, of which nothing else is kept here.
    """

    digest: bytes
    browser: str
    ask_again: Callable[[], None]
    until: float


_handouts: list[_Handout] = []
_lock = threading.Lock()


def allow_download(data: bytes, browser: str, ask_again: Callable[[], None]) -> None:
    """Let this browser fetch a file for SECONDS, as long as `ask_again` does not raise."""
    now = time.monotonic()
    with _lock:
        current = [handout for handout in _handouts if handout.until > now]
        _handouts[:] = [*current, _Handout(_hash(data), browser, ask_again, now + SECONDS)]


def refuse_download(name: str, browser: str) -> tuple[int, str] | None:
    """Return the status and words that refuse a browser a file; None where it may have it.

    `name` as in the file's address. To others it is not there; to its own it is said why not.
    """
    data = streamlit_internals.read_made_file(name)
    if data is None or not browser:
        return NOT_THERE
    digest, now = _hash(data), time.monotonic()
    with _lock:
        own = [
            handout
            for handout in _handouts
            if handout.digest == digest
            and handout.until > now
            and secrets.compare_digest(handout.browser, browser)
        ]
    refusal = NOT_THERE
    for handout in own:
        try:
            handout.ask_again()
        except LongevityError as error:
            refusal = 403, str(error)
        else:
            return None
    return refusal


def read_number(value: object) -> str:
    """Read what a cookie says, where it is a number as given out here, else ""."""
    return value if isinstance(value, str) and NUMBER.fullmatch(value) else ""


def write_cookie() -> str:
    """Write a cookie with a new number, for a browser that has none.

    No script reads it. `Lax`: who comes by a link from elsewhere keeps the number they have.
    """
    return f"{COOKIE}={secrets.token_hex(16)}; Path=/; HttpOnly; SameSite=Lax"


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
