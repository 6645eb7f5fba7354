"""What no browser sends and uvicorn takes without end: its connection is closed.

A request that is begun and not ended has some seconds, and all together some places: each is an
open file, of which a process may have so many; then nobody gets in. Requests that are sent before
the last one was answered fill the memory. Frames of a websocket that are no message (pings, empty
pieces of one) keep the one thread busy that serves everybody, as each is read in Python.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from longevity.ui.websocket_messages import Pace

SECONDS = 10.0  # from a connection's beginning, or a request's, to the end of its headers
MOST = 100  # connections in that state; of one more the oldest is closed
LARGEST = 64 * 1024  # bytes of headers; a sign-in's cookie takes up to 32 KiB
AHEAD = 16  # requests on one connection that wait for the answer to an earlier one
FRAMES_AT_ONCE, FRAMES_A_SECOND = 60, 10.0  # that are no message
PIECE = 4096  # bytes that are read before the frames in them are counted


class Unfinished(HttpToolsProtocol):
    """uvicorn's connection, closed where its request does not end in time."""

    waiting: ClassVar[dict[Unfinished, asyncio.TimerHandle]] = {}  # oldest first

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a connection, of which a request is waited for."""
        super().connection_made(transport)
        self._start_timer()

    def on_message_begin(self) -> None:
        """Begin with a request; one that raises is answered with 400 and ends the connection."""
        if len(self.pipeline) >= AHEAD:
            raise ValueError("too many requests before an answer")
        super().on_message_begin()

    def data_received(self, data: bytes) -> None:
        """Take part of a request, or all of it."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before or self.transport.get_protocol() is not self:
            self._stop_timer()  # its headers are whole, or it became a websocket
        elif before is None or before.response_complete:
            self._bytes += len(data)
            self._start_timer()
            if self._bytes > LARGEST:
                self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting: whoever it was is gone."""
        self._stop_timer()
        super().connection_lost(exc)

    def _start_timer(self) -> None:
        if self in Unfinished.waiting:
            return
        Unfinished.waiting[self] = self.loop.call_later(SECONDS, self._close_connection)
        if len(Unfinished.waiting) > MOST:
            next(iter(Unfinished.waiting))._close_connection()

    def _stop_timer(self) -> None:
        timer = Unfinished.waiting.pop(self, None)
        if timer is not None:
            timer.cancel()
        self._bytes = 0

    def _close_connection(self) -> None:
        self._stop_timer()
        self.transport.abort()


class Frames(WebSocketsSansIOProtocol):
    """uvicorn's websocket, closed where frames that are no message come too fast."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pace = Pace(FRAMES_AT_ONCE, FRAMES_A_SECOND)

    def data_received(self, data: bytes) -> None:
        """Take what came in pieces, so that few frames were read when one is too many."""
        for start in range(0, len(data), PIECE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + PIECE])

    def handle_ping(self) -> None:
        """Answer a ping."""
        if self._takes_one_more():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Take an answer to a ping, or what looks like one."""
        if self._takes_one_more():
            super().handle_pong(event)

    def handle_cont(self, event: Frame) -> None:
        """Take a further piece of a message."""
        if self._takes_one_more():
            super().handle_cont(event)

    def _takes_one_more(self) -> bool:
        if not self.transport.is_closing() and self._pace.take_turn(time.monotonic()):
            self.transport.abort()
        return not self.transport.is_closing()
