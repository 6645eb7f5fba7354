"""HTTP headers of every answer: what a page may load (content policy) and who may frame it.

A page may load from this server and nowhere else, and run the server's script files and the two
scripts written into the page, which are known by their hashes. See docs/decisions/0059.

Streamlit sets cookies without `Secure`, as it cannot know whether a proxy in front speaks https.
Where our configured address begins with https, it is added here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longevity.ui import appearance, streamlit_internals

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    # Streamlit's own parts may be framed by its pages; no one else may frame anything.
    "x-frame-options": "SAMEORIGIN",
}
POLICY = {
    "default-src": "'none'",
    # Streamlit, Plotly and our own marks write styles into the page as they draw.
    "style-src": "'self' 'unsafe-inline'",
    # A press picture, the sign of the tab and small drawings are addresses that hold them.
    "img-src": "'self' data:",
    # Streamlit's mathematical signs.
    "font-src": "'self' data:",
    # The websocket.
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def write_policy(inline: Iterable[str]) -> str:
    """Write the content policy, which allows these scripts in a page by their hashes."""
    digests = (hashlib.sha256(script.encode()).digest() for script in inline)
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    rules = {**POLICY, "script-src": " ".join(["'self'", *hashes])}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def read_inline_scripts() -> list[str]:
    """Read the scripts written into a page: those of Streamlit's index page, and `page.js`."""
    return [
        *INLINE.findall(streamlit_internals.read_index_page()),
        appearance.read_part("page.js"),
    ]


class Headers:
    """ASGI middleware: adds headers to every answer, and with `https` marks cookies `Secure`."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._https = https
        policy = write_policy(read_inline_scripts())
        self._always = ALWAYS | {"content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the app, and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in self._always.items():
                    headers.setdefault(name, value)
                # A file made for a visitor must not be cached (Streamlit's fonts may be).
                if "/media/" in scope["path"] and "/static/" not in scope["path"]:
                    headers["cache-control"] = "no-store"
                message["headers"] = [self._secure_cookie(*header) for header in headers.raw]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _secure_cookie(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        is_open = self._https and name == b"set-cookie" and b"; secure" not in value.lower()
        return name, value + b"; Secure" if is_open else value
