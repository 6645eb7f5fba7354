"""What every answer of the server tells the browser: what a page may load, who may frame it.

The content policy lets a page load from this server and nowhere else, but for pictures of streets
under maps from the one host that is configured, and run the scripts that lie there and the two
that are written in it, known by their hashes. See docs/decisions/0059 and 0075.

Streamlit sets its cookies without `Secure`, because it cannot know whether a proxy before it
speaks https. Where the address of the sign-in says so, it is added here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    # Streamlit's own parts may be framed by its pages; nobody else may frame anything.
    (b"x-frame-options", b"SAMEORIGIN"),
)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
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
PAGE_SCRIPT = Path(__file__).with_name("page.js")
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def write_policy(inline: Iterable[str], tiles: str = "") -> bytes:
    """Write the content policy of every page, in which these scripts may be written.

    `tiles`: the one host that pictures may come from besides, as https://tiles.example.
    """
    hashes = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inline)
    scripts = " ".join([POLICY["script-src"], *(f"'sha256-{one}'" for one in hashes)])
    pictures = f"{POLICY['img-src']} {tiles}".rstrip()
    policy_parts = POLICY | {"script-src": scripts, "img-src": pictures}
    return "; ".join(f"{name} {value}" for name, value in policy_parts.items()).encode()


def read_inline_scripts() -> list[str]:
    """Read the scripts that are written in a page: in Streamlit's own file, and ours."""
    from streamlit import file_util

    page = Path(file_util.get_static_dir()) / "index.html"
    return [*INLINE.findall(page.read_text("utf-8")), PAGE_SCRIPT.read_text("utf-8")]


class Headers:
    """Adds these headers to every answer, and with `https` marks its cookies `Secure`.

    `tiles`: as `write_policy` takes it.
    """

    def __init__(self, app: Application, https: bool, tiles: str = "") -> None:
        self._app = app
        self._https = https
        content_policy = write_policy(read_inline_scripts(), tiles)
        self._always = (*ALWAYS, (b"content-security-policy", content_policy))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = [(name.lower(), value) for name, value in message.get("headers", [])]
                names = {name for name, _ in sent}
                headers = [(name, self._secure_cookie(name, value)) for name, value in sent]
                headers += [one for one in self._always if one[0] not in names]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _secure_cookie(self, name: bytes, value: bytes) -> bytes:
        if not self._https or name != b"set-cookie":
            return value
        attributes = {part.strip().lower() for part in value.split(b";")[1:]}
        return value if b"secure" in attributes else value + b"; Secure"
