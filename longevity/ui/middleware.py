"""What stands before Streamlit: only what a page of ours asks for reaches it.

A websocket from a page of another site is refused here, because Streamlit, to find out whether
the page is its own, asks an outside address for its own and lets everybody wait. Of Streamlit's
routes those that no page uses are not there: components, programs instead of people. A file to
be checked is the one thing that can be sent, within bounds (`uploads`). See docs/decisions/0050.
A file that was made goes to the browser it was made for (`file_downloads`).
Who asks for a name that is not this server's was led here by somebody else's name: 0059.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from longevity.ui import file_downloads, uploads
from longevity.ui.headers import Application, Message, Receive, Send
from longevity.ui.websocket_messages import Messages

CORE = "_stcore"  # what Streamlit's own routes begin with
STREAM, METRICS = "stream", "metrics"
ASKED_FOR = ("health", "host-config")  # of those routes, by a page of ours
UNUSED = "component"
FILES = "media"  # what the address of a file that was made begins with
BEFORE_A_PAGE = f"/{CORE}/host-config"  # asked for by each page before its websocket
METHODS = ("GET", "HEAD")
# A request with one of these was passed on by a proxy, whoever the connection is with.
PASSED_ON = (b"forwarded", b"x-forwarded-for")
GONE = 404, b"Not found."
NOT_THIS_NAME = (
    403,
    b"This server does not answer to that name. Whoever runs it says its name in longevity.toml: "
    b"address, in [program].",
)
NOT_THAT_WAY = 405, b"Only GET is answered here."
SECONDS_BETWEEN_LINES = 60.0
LOG = logging.getLogger(__name__)
Headers = Iterable[tuple[bytes, bytes]]


class Gate:
    """Refuses what no page of ours asks for, and hands on the rest."""

    def __init__(
        self, app: Application, under: str = "", names: frozenset[str] = frozenset()
    ) -> None:
        """Take `under`, the path the application is served under, as `/violence`; "" for none.

        `names`: what this server is called beside its addresses and `localhost`.
        """
        self._app = app
        self._names = names
        self._files = f"{under}/{FILES}/"
        # Whether a file may be fetched is looked up on the disk.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gate")
        self._last_line = -SECONDS_BETWEEN_LINES

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand one request or websocket on, or refuse it."""
        if scope["type"] == "websocket":
            ours = comes_from_our_page(scope["headers"]) and is_for_this_server(
                scope["headers"], self._names
            )
            if not _is_stream(scope["path"]) or not ours:
                self._log_refusal("a websocket of another site, or by a wrong proxy, was refused")
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
            messages = Messages(receive, send)
            receive, send = messages.receive_message, messages.send_message
        elif scope["type"] == "http":
            refusal = None if is_for_this_server(scope["headers"], self._names) else NOT_THIS_NAME
            if (
                refusal is None
                and uploads.is_upload(scope)
                and comes_from_our_page(scope["headers"])
            ):
                refusal = await uploads.UPLOADS.take_upload(self._app, scope, receive, send)
                if refusal is None:
                    return
            refusal = refusal or refuse_request(scope) or await self._refuse_file(scope)
            if refusal is not None:
                await _send_answer(send, *refusal)
                return
            if scope["path"].startswith(self._files):
                send = _add_header(send, (b"cache-control", b"no-store"))
            if scope["path"].endswith(BEFORE_A_PAGE) and not file_downloads.read_browser(
                scope["headers"]
            ):
                send = _add_header(send, (b"set-cookie", file_downloads.write_cookie()))
        await self._app(scope, receive, send)

    async def _refuse_file(self, scope: Message) -> tuple[int, bytes] | None:
        """Refuse as `refuse_request` does, of a file that was made for a visitor."""
        if not scope["path"].startswith(self._files):
            return None
        name = scope["path"].removeprefix(self._files)
        browser = file_downloads.read_browser(scope["headers"])
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, file_downloads.refuse_download, name, browser
        )

    def _log_refusal(self, sentence: str) -> None:
        """Write a line in the log, and not one for each of a flood."""
        if time.monotonic() - self._last_line > SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            LOG.warning(sentence, extra={"event": "refused"})


def refuse_request(scope: Message) -> tuple[int, bytes] | None:
    """Return the status and words that refuse a request; None for one that our pages make."""
    parts = scope["path"].split("/")
    if UNUSED in parts:
        return GONE
    if CORE in parts:
        route = "/".join(parts[parts.index(CORE) + 1 :])
        if route == METRICS:
            return None if comes_from_this_machine(scope) else GONE
        if route not in ASKED_FOR:
            return GONE
    # Nothing is sent to the server but questions, and a file to be checked (`uploads`).
    return None if scope["method"] in METHODS else NOT_THAT_WAY


def comes_from_our_page(headers: Headers) -> bool:
    """Return whether a websocket is asked for by a page of the very host it is asked of.

    A browser says both and a page cannot change them. Behind a proxy the two must come as the
    browser said them: docs/deployment.md.
    """
    origin, host = _read_single_header(headers, b"origin"), _read_single_header(headers, b"host")
    if not origin or not host:
        return False
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    return page.scheme in ("http", "https") and page.netloc.lower() == host.lower()


def is_for_this_server(headers: Headers, names: frozenset[str]) -> bool:
    """Return whether a request is to this server by one of its names, or by an address.

    A page of another name that was made to lead here says that name. Nobody can make a number
    lead elsewhere, so those need not be known.
    """
    try:
        name = _read_name(f"//{_read_single_header(headers, b'host') or ''}")
        return name in names or name == "localhost" or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def read_names(addresses: Iterable[str]) -> frozenset[str]:
    """Read the names in addresses; of one that cannot be read, none."""
    hosts = set()
    for address in addresses:
        with contextlib.suppress(ValueError):
            hosts.add(_read_name(address))
    return frozenset(hosts - {""})


def _read_name(address: str) -> str:
    """Read the name in an address, without what may stand around it."""
    parts = urlsplit(address)
    return (parts.hostname or "").rstrip(".")


def comes_from_this_machine(scope: Message) -> bool:
    """Return whether a request was made on this machine and not passed on by a proxy on it."""
    client = scope.get("client")
    try:
        near = client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        near = False
    return near and all(name not in PASSED_ON for name, _ in scope["headers"])


def _is_stream(path: str) -> bool:
    return path.endswith(f"/{CORE}/{STREAM}")


def _read_single_header(headers: Headers, header: bytes) -> str | None:
    """Read the header of this name where it was said once."""
    values = [value for name, value in headers if name == header]
    return values[0].decode("latin-1").strip() if len(values) == 1 else None


def _add_header(send: Send, header: tuple[bytes, bytes]) -> Send:
    """Send on, with one more header."""

    async def send_with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), header]}
        await send(message)

    return send_with_header


async def _send_answer(send: Send, status: int, words: bytes) -> None:
    """Answer without reading what was sent; the connection ends with it."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(words)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
