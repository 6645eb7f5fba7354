"""`/healthz`: whether this process can serve, in a word.

200 where a release is open, the configuration reads and the home can be written to; else 503, and
the log says what is wrong. It is looked at once in some seconds, however many ask. Streamlit's own
`/_stcore/health` says only that the process is alive.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from longevity.errors import LongevityError
from longevity.ui import live_settings

PATH = "healthz"
SECONDS_KEPT = 5.0
BLOCK = 4096  # bytes: as much as a disk gives at least
READY, NOT_READY = ("ready", 200), ("not ready", 503)
LOG = logging.getLogger(__name__)


def build_route(under: str, look: Callable[[], bool] | None = None) -> Route:
    """Build the route, below the path the application is served under: `/violence`, or "".

    `look` says whether it can serve, and is asked once in SECONDS_KEPT.
    """
    lock, is_ready, until = asyncio.Lock(), False, 0.0

    async def answer(_request: Request) -> Response:
        nonlocal is_ready, until
        async with lock:
            if time.monotonic() > until:
                is_ready = await run_in_threadpool(look or check_readiness)
                until = time.monotonic() + SECONDS_KEPT
        word, status = READY if is_ready else NOT_READY
        return PlainTextResponse(word, status, headers={"Cache-Control": "no-store"})

    return Route(f"{under}/{PATH}", answer)


def check_readiness() -> bool:
    """Return whether this process can serve; what is wrong is in the log at length."""
    from longevity.ui import page_context

    try:
        home = page_context.read_home()
        page_context.open_served_context()
    except LongevityError as error:
        LOG.warning("not ready: %s", error, extra={"event": "readiness"})
        return False
    return _is_writable(home) and not live_settings.find_trouble()


def _is_writable(home: Path) -> bool:
    """Return whether a block can be written there now; it has no name and is gone at once."""
    try:
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(bytes(BLOCK))
            file.flush()
    except OSError as error:
        LOG.warning("the home cannot be written to: %s", error.strerror, extra={"event": "home"})
        return False
    return True
