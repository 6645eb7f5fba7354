"""`/healthz`: whether this process can serve, a word for each thing it takes.

200 where a release is open, the configuration reads and the home can be written to; else 503.
It is looked at once in some seconds, however many ask. Streamlit's own `/_stcore/health` says
only that the process is alive.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from longevity.errors import LongevityError
from longevity.ui import live_settings

PATH = "healthz"
SECONDS_KEPT = 5.0
BLOCK = 4096  # bytes: as much as a disk gives at least
GOOD = {"configuration": "good", "release": "open", "home": "writable"}
BAD = {"configuration": "broken", "release": "closed", "home": "unwritable"}
UNKNOWN = "unknown"  # no configuration says where they are
LOG = logging.getLogger(__name__)
Words = Mapping[str, str]


def build_route(under: str, look: Callable[[], Words] | None = None) -> Route:
    """Build the route, below the path the application is served under: `/violence`, or "".

    `look` says what is found, and is asked once in SECONDS_KEPT.
    """
    lock, words, until = asyncio.Lock(), GOOD, 0.0

    async def answer(_request: Request) -> Response:
        nonlocal words, until
        async with lock:
            if time.monotonic() > until:
                words = dict(await run_in_threadpool(look or check_readiness))
                until = time.monotonic() + SECONDS_KEPT
        status = 200 if words == GOOD else 503
        return JSONResponse(words, status, headers={"Cache-Control": "no-store"})

    return Route(f"{under}/{PATH}", answer)


def check_readiness() -> Words:
    """Return a word for each thing it takes to serve; what is wrong is in the log at length."""
    from longevity.ui import page_context

    good = {"configuration": False}
    try:
        home = page_context.read_home()
        good |= {"configuration": not live_settings.find_trouble(), "release": False}
        good["home"] = _is_writable(home)
        page_context.open_served_context()
        good["release"] = True
    except LongevityError as error:
        LOG.warning("not ready: %s", error, extra={"event": "readiness"})
    return {name: (GOOD if good[name] else BAD)[name] if name in good else UNKNOWN for name in GOOD}


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
