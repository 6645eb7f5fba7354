"""A file somebody hands in to be checked: let in within bounds, and gone when it was read.

The one thing that is sent to the server by HTTP. Before a byte of it is read it is known to come
from a page of ours, for a session that is open, and to be no larger than LARGEST; a session has
one at a time, an address OF_ADDRESS, and all together MOST. What comes by the drop is given up,
so that nobody holds the places of others; what no page took is dropped after SECONDS.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from streamlit import runtime

from longevity.ui.headers import Application, Message, Receive, Send
from longevity.ui.websocket_messages import Pace

LARGEST = 20 << 20  # bytes of a file; `.streamlit/config.toml` says the same to the page
AROUND = 64 << 10  # bytes of what packs it, and of its name
MOST = 6  # files of all sessions, on their way or not yet read
OF_ADDRESS = 2  # of these
SECONDS = 60.0  # for a file to arrive, and then to be read
GRACE, SLOWEST = 5.0, 64 << 10  # seconds in which nothing need come; then bytes a second
AT_ONCE, A_SECOND = 5, 0.1  # how many of a session, and then how often
PATH = re.compile(r"/_stcore/upload_file/([0-9a-f-]{36})/([0-9a-f-]{36})\Z")
GONE = 404, b"Not found."
NO_LENGTH = 411, b"A file is sent with its length."
TOO_LARGE = 413, b"This file is too large to be one of ours."
TOO_MANY = 429, b"Too many files at once. Try again in a minute."
TOO_SLOW = 408, b"The file took too long."
Key = tuple[str, str]  # a session and a number of a file


class _Place(NamedTuple):
    """A file's place: until when it has it, and the address it came from."""

    until: float
    address: str


class Uploads:
    """The files that are on their way or not yet read, and how fast each session sends them."""

    def __init__(self) -> None:
        self._held: dict[Key, _Place] = {}
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()

    async def take_upload(
        self, app: Application, scope: Message, receive: Receive, send: Send
    ) -> tuple[int, bytes] | None:
        """Hand a file on to Streamlit; return the status and words that refuse it, or None."""
        # The path under which the application is served was cut off by whoever matched it.
        match = PATH.search(scope["path"])
        key = (match[1], match[2]) if match else ("", "")
        # Of a visitor behind a proxy on this machine uvicorn has put theirs in.
        address = (scope.get("client") or ("",))[0]
        refusal = refuse_upload(scope, key[0]) or self._begin_upload(key, address)
        if refusal is not None:
            return refusal
        status: list[int] = []

        async def note_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
            await send(message)

        began, arrived = asyncio.get_running_loop().time(), 0

        async def receive_in_time() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            wait = GRACE + arrived / SLOWEST if message.get("more_body") else SECONDS
            limit.reschedule(began + min(wait, SECONDS))
            return message

        try:
            async with asyncio.timeout_at(began + GRACE) as limit:
                await app(scope, receive_in_time, note_status)
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

    def _begin_upload(self, key: Key, address: str) -> tuple[int, bytes] | None:
        now = time.monotonic()
        with self._lock:
            manager = runtime.get_instance()
            self._forget_files(
                [
                    one
                    for one, place in self._held.items()
                    if place.until < now or not manager.is_active_session(one[0])
                ]
            )
            for session in [one for one in self._paces if not manager.is_active_session(one)]:
                del self._paces[session]
            pace = self._paces.setdefault(key[0], Pace(AT_ONCE, A_SECOND))
            of_session = any(one[0] == key[0] for one in self._held)
            of_address = sum(place.address == address for place in self._held.values())
            full = of_session or of_address >= OF_ADDRESS or len(self._held) >= MOST
            if full or pace.take_turn(now) > 0:
                return TOO_MANY
            self._held[key] = _Place(now + 2 * SECONDS, address)
        return None

    def _forget_files(self, keys: Iterable[Key]) -> None:
        for session, file in keys:
            self._held.pop((session, file), None)
            if runtime.exists():
                manager: Any = runtime.get_instance().uploaded_file_mgr
                manager.remove_file(session, file)


UPLOADS = Uploads()


def is_upload(scope: Message) -> bool:
    """Return whether a request sends a file to be checked."""
    return scope["method"] == "PUT" and PATH.search(scope["path"]) is not None


def refuse_upload(scope: Message, session: str) -> tuple[int, bytes] | None:
    """Return the status and words that refuse a file whose body was not read yet."""
    if not runtime.exists() or not runtime.get_instance().is_active_session(session):
        return GONE
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    packed = any(name == b"transfer-encoding" for name, _ in scope["headers"])
    if packed or len(lengths) != 1 or not lengths[0].isdigit():
        return NO_LENGTH
    return TOO_LARGE if len(lengths[0]) > 9 or int(lengths[0]) > LARGEST + AROUND else None
