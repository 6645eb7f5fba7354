"""What every answer of the server tells the browser: not to guess, not to be framed by others.

Streamlit sets its cookies without `Secure`, because it cannot know whether a proxy before it
speaks https. Where the address of the sign-in says so, it is added here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    # Streamlit's own parts may be framed by its pages; nobody else may frame anything.
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
)


class Headers:
    """Adds these headers to every answer, and with `https` marks its cookies `Secure`."""

    def __init__(self, app: Application, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back with the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.lower(), value) for name, value in message.get("headers", [])]
                there = {name for name, _ in given}
                told = [(name, self._secured(name, value)) for name, value in given]
                told += [one for one in ALWAYS if one[0] not in there]
                message = {**message, "headers": told}
            await send(message)

        await self._app(scope, receive, sending)

    def _secured(self, name: bytes, value: bytes) -> bytes:
        if not self._https or name != b"set-cookie":
            return value
        said = {part.strip().lower() for part in value.split(b";")[1:]}
        return value if b"secure" in said else value + b"; Secure"
