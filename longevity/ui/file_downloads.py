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
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.requests import cookie_parser
from streamlit import runtime

from longevity.errors import LongevityError

COOKIE = "longevity_browser"
NUMBER = re.compile(r"[0-9a-f]{32}")
SECONDS = 60.0  # after which a file that was made cannot be fetched; each click makes it anew
NOT_THERE = 404, b"Not found."


@dataclass(frozen=True)
class _Handout:
    """One file for one browser; `ask_again` raises once it may not have it any more."""

    browser: str
    ask_again: Callable[[], None]
    until: float


_handouts: dict[bytes, list[_Handout]] = {}  # by what the file holds
_lock = threading.Lock()


def allow_download(data: bytes, browser: str, ask_again: Callable[[], None]) -> None:
    """Let this browser fetch a file for SECONDS, as long as `ask_again` does not raise."""
    now = time.monotonic()
    with _lock:
        for key, handouts in list(_handouts.items()):
            _handouts[key] = [one for one in handouts if one.until > now]
            if not _handouts[key]:
                del _handouts[key]
        handout = _Handout(browser, ask_again, now + SECONDS)
        _handouts.setdefault(_hash_file(data), []).append(handout)


def refuse_download(name: str, browser: str) -> tuple[int, bytes] | None:
    """Return the status and words that refuse a browser a file; None where it may have it.

    `name` as in the file's address. To others it is not there; to its own it is said why not.
    """
    file = runtime.get_instance().media_file_mgr.read_file(name) if runtime.exists() else None
    if file is None or not browser:
        return NOT_THERE
    now = time.monotonic()
    with _lock:
        handouts = [one for one in _handouts.get(_hash_file(file.content), ()) if one.until > now]
    why: tuple[int, bytes] | None = NOT_THERE
    for one in handouts:
        if secrets.compare_digest(one.browser, browser):
            try:
                one.ask_again()
            except LongevityError as error:
                why = 403, str(error).encode()
            else:
                return None
    return why


def read_browser(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Read the number in the cookie of a request, "" where it brings none that is ours."""
    cookies = [value.decode("latin-1") for name, value in headers if name == b"cookie"]
    return read_number(cookie_parser("; ".join(cookies)).get(COOKIE))


def read_number(value: object) -> str:
    """Read what a cookie says, where it is a number as given out here, else ""."""
    return value if isinstance(value, str) and NUMBER.fullmatch(value) else ""


def write_cookie() -> bytes:
    """Write a cookie with a new number, for a browser that has none.

    No script reads it. `Lax`: who comes by a link from elsewhere keeps the number they have.
    """
    return f"{COOKIE}={secrets.token_hex(16)}; Path=/; HttpOnly; SameSite=Lax".encode()


def _hash_file(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
