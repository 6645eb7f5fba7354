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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from longevity.errors import LongevityError
from longevity.ui import live_settings

PATH = "healthz"
SECONDS_KEPT = 5.0
BLOCK = 4096  # bytes: as much as a disk gives at least
THREAD = "readiness"
GOOD = {"configuration": "good", "release": "open", "home": "writable"}
BAD = {"configuration": "broken", "release": "closed", "home": "unwritable"}
UNKNOWN = "unknown"  # no configuration says where they are
LOG = logging.getLogger(__name__)
Words = Mapping[str, str]


def build_route(under: str) -> Route:
    """Build the route, below the path the application is served under: `/violence`, or ""."""
    return Route(f"{under}/{PATH}", Readiness(check_readiness))


class Readiness:
    """Answers by what `look` finds, which is asked once in SECONDS_KEPT."""

    def __init__(self, look: Callable[[], Words]) -> None:
        self._look = look
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=THREAD)
        self._found: asyncio.Future[Words] | None = None
        self._until = 0.0

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        """Answer one request."""
        response = await self.answer_request()
        await response(scope, receive, send)  # type: ignore[arg-type]

    async def answer_request(self) -> Response:
        """Answer with the words, and 200 where all are good."""
        if self._found is None or (self._found.done() and time.monotonic() > self._until):
            loop = asyncio.get_running_loop()
            self._found = loop.run_in_executor(self._thread, self._look)
            self._until = time.monotonic() + SECONDS_KEPT
        words = await asyncio.shield(self._found)
        status = 200 if words == GOOD else 503
        return JSONResponse(dict(words), status, headers={"Cache-Control": "no-store"})


def check_readiness() -> Words:
    """Return a word for each thing it takes to serve; what is wrong is in the log at length."""
    from longevity.ui import page_context

    good = {"configuration": False}
    try:
        home = page_context.read_home()
        good |= {"configuration": live_settings.find_trouble() is None, "release": False}
        good["home"] = _is_writable(home)
        page_context.open_served_release()
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
