"""Refuse websockets that pages of other sites open, before they reach Streamlit.

Streamlit's own check asks a server on the internet for our address first, which makes everybody
wait. See docs/decisions/0050.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

REFUSED = "a websocket of another site, or by a wrong proxy, was refused"
LOG = logging.getLogger(__name__)


class OriginCheck:
    """ASGI middleware: closes websockets that no page of this server opened; passes on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request or websocket on, or refuse it."""
        if scope["type"] != "websocket" or comes_from_our_page(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        LOG.warning(REFUSED, extra={"event": "refused"})
        await receive()
        await send({"type": "websocket.close", "code": 1008})


def comes_from_our_page(headers: Headers) -> bool:
    """Return whether the page that opens a websocket (`Origin`) is of the same host (`Host`).

    A browser sends both headers and no page can change them; a proxy has to pass them on as they
    are (docs/deployment.md).
    """
    host = headers.get("host", "")
    try:
        page = urlsplit(headers.get("origin", ""))
    except ValueError:
        return False
    is_page = page.scheme in ("http", "https") and bool(host)
    return is_page and page.netloc.lower() == host.lower()
