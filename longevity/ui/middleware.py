"""What comes before Streamlit: a websocket of another site's page is refused.

Streamlit, to find out whether a page is its own, asks an outside address for its own and lets
everybody wait. See docs/decisions/0050.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

REFUSED = "a websocket of another site, or by a wrong proxy, was refused"
LOG = logging.getLogger(__name__)


class OriginCheck:
    """Closes each websocket that no page of this server asks for; hands on the rest."""

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
