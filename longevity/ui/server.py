"""Serve the dashboard: Streamlit's own ASGI app (Starlette) with our middleware, run by uvicorn."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from longevity.base.errors import LongevityError, UsageError, describe_error
from longevity.base.progress import Progress, ignore_progress
from longevity.settings import ROOT, Settings

if TYPE_CHECKING:
    import streamlit
    from starlette.requests import Request
    from starlette.responses import Response

MOST_CONNECTIONS = 1000  # at once; one more is answered with 503
LARGEST_MESSAGE = 256 * 1024  # bytes; the largest that a page of ours sent in a test was 12 KiB
# Loggers that write a traceback when a visitor leaves while something is sent.
OF_CONNECTIONS = ("uvicorn", "uvicorn.error", "asyncio")
LOG = logging.getLogger(__name__)


def build_application(
    script: Path, settings: Settings, host: str = "", warm: bool = False
) -> streamlit.App:
    """Build the ASGI application of `script` and its pages.

    It answers requests to the configured host names, to localhost and to `host`. `warm`: load what
    the first visitor would have to wait for before it answers any request.
    """
    import streamlit
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Route

    from longevity.auth import sign_in_provider
    from longevity.screens.sentence_check import check_measures
    from longevity.ui import sign_in, streamlit_internals
    from longevity.ui.headers import Headers
    from longevity.ui.middleware import OriginCheck

    check_measures()  # a template that is wrong must stop the start, not a reader's page
    # `st.navigation` does this too, but only once the first visitor's page has run.
    streamlit_internals.ignore_pages_folder()
    streamlit.App(script)  # from here on Streamlit looks for secrets next to the script
    provider, _ = sign_in.find_provider()
    secrets = {"auth": provider} if sign_in_provider.read_environment() else None
    base = str(streamlit.get_option("server.baseUrlPath") or "").strip("/")
    under = f"/{base}" if base else ""
    addresses = [str(provider.get("redirect_uri", "")), settings.address]
    names = {"localhost", "127.0.0.1", host, *map(_read_name, addresses)} - {""}
    is_https = any(address.startswith("https://") for address in addresses)
    return streamlit.App(
        script,
        secrets=secrets,
        middleware=[
            Middleware(Headers, https=is_https),
            # Refuse other host names that lead here (DNS rebinding): docs/decisions/0059.
            Middleware(TrustedHostMiddleware, allowed_hosts=sorted(names), www_redirect=False),
            Middleware(OriginCheck),
        ],
        routes=[
            Route(f"{under}/healthz", _answer_health),
            Route(f"{under}/briefing", _lead_to_first_screen),
        ],
        lifespan=_warm_up if warm else None,
    )


def _read_name(address: str) -> str:
    """Return the host name in an address; "" where it cannot be read."""
    with suppress(ValueError):
        return urlsplit(address).hostname or ""
    return ""


def _answer_health(_request: Request) -> Response:
    """Answer "ready" if a release can be served, else 503 "not ready"; the log says why.

    Streamlit's own `/_stcore/health` says only that the process is alive.
    """
    from starlette.responses import PlainTextResponse

    from longevity.ui import page_context

    try:
        page_context.open_served_context()
    except LongevityError as error:
        LOG.warning("not ready: %s", error, extra={"event": "readiness"})
        return PlainTextResponse("not ready", 503)
    return PlainTextResponse("ready")


def _lead_to_first_screen(request: Request) -> Response:
    """Redirect `/briefing` to `/`, where the first screen is."""
    from starlette.responses import RedirectResponse

    return RedirectResponse(f"./?{request.url.query}")


@asynccontextmanager
async def _warm_up(_application: streamlit.App) -> AsyncIterator[None]:
    """Before the first request, open the release and compute the first screen.

    Pictures that `publish` did not draw are then drawn in the background.
    """
    from starlette.concurrency import run_in_threadpool

    from longevity.app.publish import draw_pictures
    from longevity.base import logs
    from longevity.ui import page_context, streamlit_internals

    streamlit_internals.silence_computing_without_visitor()
    try:
        await run_in_threadpool(page_context.prepare_first_screen)
        settings = page_context.read_settings()
        draw = (settings, date.today(), ignore_progress)
        threading.Thread(target=draw_pictures, args=draw, daemon=True).start()
    except LongevityError as error:
        LOG.warning("not warmed: %s", error, extra={"event": "warm"})  # the pages will say why
    logs.start_logging(*OF_CONNECTIONS, *streamlit_internals.list_loggers())
    yield


def serve_application(settings: Settings, host: str, port: int, say: Progress) -> int:
    """Serve until stopped; UsageError when the port cannot be used."""
    import uvicorn

    from longevity.base import logs

    logging.captureWarnings(True)  # those of Python, which would be lines of text
    logs.start_logging("longevity", "py.warnings")
    # The port first: if it cannot be used, the user is to know at once.
    taken = _take_port(host, port)
    application = build_application(ROOT / "app.py", settings, host, warm=True)
    say(f"The dashboard is at http://{host}:{port}  (Ctrl+C stops it)")
    config = uvicorn.Config(
        application,
        log_config=None,  # ours: JSON lines, warnings and worse
        log_level="warning",
        access_log=False,
        limit_concurrency=MOST_CONNECTIONS,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # messages are sent uncompressed
        server_header=False,
    )
    server = uvicorn.Server(config)
    # A stop by systemd or a container ends like Ctrl+C: the browser's folder is removed too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # uvicorn raises either again once it has closed
        server.run(sockets=[taken])
    return 0 if server.started else 1


def _take_port(host: str, port: int) -> socket.socket:
    """Bind the port now, so that no other process takes it while this one is warming up."""
    try:
        return socket.create_server((host, port))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}:{port} cannot be used: {describe_error(error)}.",
            "Give another --host or --port.",
        ) from error
