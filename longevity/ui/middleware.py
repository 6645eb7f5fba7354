"""What stands before Streamlit: only what a page of ours asks for reaches it.

A websocket from a page of another site is refused here, because Streamlit, to find out whether
the page is its own, asks an outside address for its own and lets everybody wait. Of Streamlit's
routes those that no page uses are not there: components, programs instead of people. A file to
be checked is the one thing that can be sent, within bounds (`uploads`). See docs/decisions/0050.
A file that was made goes to the browser it was made for (`file_downloads`).
Who asks for a name that is not this server's was led here by somebody else's name: 0059.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longevity.ui import file_downloads, uploads
from longevity.ui.websocket_messages import Messages

CORE = "_stcore"  # what Streamlit's own routes begin with
STREAM, METRICS, BEFORE_A_PAGE = f"/{CORE}/stream", "metrics", f"/{CORE}/host-config"
ASKED_FOR = ("health", "host-config")  # of those routes, by a page of ours
UNUSED = "component"
FILES = "media"  # what the address of a file that was made begins with
METHODS = ("GET", "HEAD")
# A request with one of these was passed on by a proxy, whoever the connection is with.
PASSED_ON = ("forwarded", "x-forwarded-for")
GONE = 404, "Not found."
NOT_THIS_NAME = (
    403,
    "This server does not answer to that name. Whoever runs it says its name in longevity.toml: "
    "address, in [program].",
)
NOT_THAT_WAY = 405, "Only GET is answered here."
REFUSED_SOCKET = "a websocket of another site, or by a wrong proxy, was refused"
SECONDS_BETWEEN_LINES = 60.0  # a flood of refusals is a line a minute
LOG = logging.getLogger(__name__)
Refusal = tuple[int, str] | None  # a status and words; None where nothing is refused


class Gate:
    """Refuses what no page of ours asks for, and hands on the rest."""

    def __init__(self, app: ASGIApp, under: str = "", names: frozenset[str] = frozenset()) -> None:
        """Take `under`, the path the application is served under, as `/violence`; "" for none.

        `names`: what this server is called beside its addresses and `localhost`.
        """
        self._app = app
        self._names = names
        self._files = f"{under}/{FILES}/"
        self._last_line = -SECONDS_BETWEEN_LINES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request or websocket on, or refuse it."""
        if scope["type"] == "websocket":
            await self._pass_websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._pass_request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _pass_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        is_ours = comes_from_our_page(headers) and is_for_this_server(headers, self._names)
        if is_ours and scope["path"].endswith(STREAM):
            messages = Messages(receive, send)
            await self._app(scope, messages.receive_message, messages.send_message)
            return
        if time.monotonic() - self._last_line > SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            LOG.warning(REFUSED_SOCKET, extra={"event": "refused"})
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _pass_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, path = HTTPConnection(scope), scope["path"]
        browser = file_downloads.read_number(request.cookies.get(file_downloads.COOKIE))
        refusal: Refusal = None
        if not is_for_this_server(request.headers, self._names):
            refusal = NOT_THIS_NAME
        elif uploads.is_upload(scope) and comes_from_our_page(request.headers):
            refusal = await uploads.UPLOADS.take_upload(self._app, scope, receive, send)
            if refusal is None:
                return
        else:
            refusal = refuse_request(scope)
            if refusal is None and path.startswith(self._files):
                name = path.removeprefix(self._files)
                # Whether a file may still be had is looked up on the disk.
                refusal = await run_in_threadpool(file_downloads.refuse_download, name, browser)
        if refusal is not None:
            # What was sent is not read; the connection ends with the answer.
            status, words = refusal
            answer = PlainTextResponse(words, status, headers={"connection": "close"})
            await answer(scope, receive, send)
        elif path.startswith(self._files):
            await self._app(scope, receive, _add_header(send, "cache-control", "no-store"))
        elif path.endswith(BEFORE_A_PAGE) and not browser:
            cookie = file_downloads.write_cookie()
            await self._app(scope, receive, _add_header(send, "set-cookie", cookie))
        else:
            await self._app(scope, receive, send)


def refuse_request(scope: Scope) -> Refusal:
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
    host = headers.get("host", "")
    try:
        page = urlsplit(headers.get("origin", ""))
    except ValueError:
        return False
    is_page = page.scheme in ("http", "https") and bool(host)
    return is_page and page.netloc.lower() == host.lower()


def is_for_this_server(headers: Headers, names: frozenset[str]) -> bool:
    """Return whether a request is to this server by one of its names, or by an address.

    A page of another name that was made to lead here says that name. Nobody can make a number
    lead elsewhere, so those need not be known.
    """
    try:
        name = _read_name(f"//{headers.get('host', '')}")
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


def comes_from_this_machine(scope: Scope) -> bool:
    """Return whether a request was made on this machine and not passed on by a proxy on it."""
    request = HTTPConnection(scope)
    if request.client is None or any(name in request.headers for name in PASSED_ON):
        return False
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(request.client.host).is_loopback
    return False


def _add_header(send: Send, name: str, value: str) -> Send:
    """Send on, with one more header."""

    async def send_with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message.setdefault("headers", [])).append(name, value)
        await send(message)

    return send_with_header
