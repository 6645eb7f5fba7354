"""What a browser of ours sends over its websocket; whatever else comes ends the connection.

Streamlit also takes messages that its developers' menus send: to read the state of the git
repository, to empty everybody's caches, to end the program. No menu of ours has them, so who
sends one is no browser of ours. What comes too fast waits its turn; nothing is lost.
"""

from __future__ import annotations

import asyncio
import time

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import Message, Receive, Send

from longevity.ui.streamlit_internals import BackMsg

LARGEST = 256 * 1024  # bytes; the largest that a page of ours sent in a test was 12 KiB
ALLOWED = ("rerun_script", "stop_script", "backend_operation_request")
OPERATIONS = ("deferred_file",)  # a download's
# How many at once, and then a second. No browser of ours comes near; each takes a millisecond in
# the thread that serves everybody, and 3,000 at once held all visitors up for four seconds.
AT_ONCE, A_SECOND = 60, 20.0
NOT_ALLOWED, NOT_READABLE, NOT_BYTES, TOO_LARGE = 1008, 1002, 1003, 1009


class Pace:
    """So many at once, then so many a second: `take_turn` says how long the next one waits."""

    def __init__(self, at_once: int, a_second: float) -> None:
        self._most, self._a_second = float(at_once), a_second
        self._left, self._at = self._most, 0.0

    def take_turn(self, now: float) -> float:
        """Count one more at `now`, seconds on any clock; return how many seconds it waits."""
        if self._at:
            self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now
        self._left -= 1
        return max(0.0, -self._left / self._a_second)


class Messages:
    """One websocket's two ways, of which the one from the browser is looked at."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._pace = Pace(AT_ONCE, A_SECOND)
        self._closed = False

    async def receive_message(self) -> Message:
        """Return the browser's next message, not before its time; its leaving, if not allowed."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        code = _judge_message(message)
        if code:
            self._closed = True
            await self._send({"type": "websocket.close", "code": code})
            return {"type": "websocket.disconnect", "code": code}
        wait = self._pace.take_turn(time.monotonic())
        if wait:
            await asyncio.sleep(wait)
        return message

    async def send_message(self, message: Message) -> None:
        """Hand on what Streamlit sends, until the connection was closed here."""
        if not self._closed:
            await self._send(message)


def _judge_message(message: Message) -> int:
    """Return the code to close the connection with where a message is not allowed, else 0."""
    data = message.get("bytes")
    if data is None:
        return NOT_BYTES
    if len(data) > LARGEST:
        return TOO_LARGE
    parsed = BackMsg()
    try:
        parsed.ParseFromString(data)
    except DecodeError:
        return NOT_READABLE
    kind = parsed.WhichOneof("type")
    if kind == "file_urls_request":
        allowed = len(parsed.file_urls_request.file_names) <= 1  # one file is checked at a time
    elif kind == "backend_operation_request":
        allowed = parsed.backend_operation_request.WhichOneof("payload") in OPERATIONS
    else:
        allowed = kind in ALLOWED
    return 0 if allowed else NOT_ALLOWED
