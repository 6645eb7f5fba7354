"""Requests that are begun and not ended: each has some seconds, and all together some places.

uvicorn waits for the rest of a request's headers without end. Each such connection is an open
file, of which a process may have so many; then nobody gets in.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SECONDS = 10.0  # from a connection's beginning, or a request's, to the end of its headers
MOST = 100  # connections in that state; of one more the oldest is closed
LARGEST = 64 * 1024  # bytes of headers; a sign-in's cookie takes up to 32 KiB


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
