"""A file somebody hands in to be checked: let in within bounds, and gone when it was read.

The one thing that is sent to the server by HTTP. Before a byte of it is read it is known to come
from a page of ours; Streamlit refuses one for a session that is not open, and one that is or
becomes larger than LARGEST. A session has one at a time, an address OF_ADDRESS, and all together
MOST. What has not arrived after SECONDS is given up, so that nobody holds the places of others, and
what no page took by then is dropped.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longevity.ui import streamlit_internals

LARGEST = 20 << 20  # bytes of a file; `.streamlit/config.toml` says the same to the page
MOST = 6  # files of all sessions, on their way or not yet read
OF_ADDRESS = 2  # of these
SECONDS = 60.0  # for a file to arrive, and as many to be read
PATH = re.compile(r"/_stcore/upload_file/([0-9a-f-]{36})/([0-9a-f-]{36})\Z")
TOO_MANY = 429, "Too many files at once. Try again in a minute."
TOO_SLOW = 408, "The file took too long."
Key = tuple[str, str]  # a session and a number of a file


class _Place(NamedTuple):
    """A file's place: until when it has it, and the address it came from."""

    until: float
    address: str


class Uploads:
    """The files that are on their way or not yet read."""

    def __init__(self) -> None:
        self._held: dict[Key, _Place] = {}
        self._lock = threading.Lock()

    async def take_upload(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> tuple[int, str] | None:
        """Hand a file on to Streamlit; return the status and words that refuse it, or None."""
        # The path under which the application is served was cut off by whoever matched it.
        match = PATH.search(scope["path"])
        key = (match[1], match[2]) if match else ("", "")
        # Of a visitor behind a proxy on this machine uvicorn has put theirs in.
        address = (scope.get("client") or ("",))[0]
        if not self._begin_upload(key, address):
            return TOO_MANY
        status: list[int] = []

        async def note_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
            await send(message)

        try:
            async with asyncio.timeout(SECONDS):
                await app(scope, receive, note_status)
        except TimeoutError:
            return None if status else TOO_SLOW
        finally:
            if status != [204]:
                self._forget_files([key])
        return None

    def drop_files(self, session: str) -> None:
        """Forget a session's files, which were read."""
        with self._lock:
            self._forget_files([key for key in self._held if key[0] == session])

    def _begin_upload(self, key: Key, address: str) -> bool:
        now = time.monotonic()
        with self._lock:
            self._forget_files(
                [
                    held
                    for held, place in self._held.items()
                    if place.until < now or not streamlit_internals.is_open(held[0])
                ]
            )
            has_one = any(session == key[0] for session, _ in self._held)
            of_address = sum(place.address == address for place in self._held.values())
            if has_one or of_address >= OF_ADDRESS or len(self._held) >= MOST:
                return False
            self._held[key] = _Place(now + 2 * SECONDS, address)
        return True

    def _forget_files(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._held.pop(key, None)
            streamlit_internals.drop_upload(*key)


UPLOADS = Uploads()


def is_upload(scope: Scope) -> bool:
    """Return whether a request sends a file to be checked."""
    return scope["method"] == "PUT" and PATH.search(scope["path"]) is not None
