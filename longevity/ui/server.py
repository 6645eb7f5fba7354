"""Serve the application: uvicorn on Streamlit's own Starlette app.

`application` is what any ASGI server loads: `uvicorn longevity.ui.server:application`.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import importlib
import logging
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from longevity.errors import LongevityError, UsageError
from longevity.progress import Progress
from longevity.settings import ROOT

if TYPE_CHECKING:
    import streamlit

USUAL_PORT, PORTS_TRIED = 8501, 50
PAGES_USE = (
    "longevity.ui.navigation",
    "longevity.ui.components",
    "longevity.ui.documents",
    "longevity.ui.chart_export",
    "longevity.ui.claim_box",
    "longevity.outputs.documents.one_page",
    "plotly.io",
    "statsmodels.duration.survfunc",
    "statsmodels.genmod.generalized_linear_model",
)
WARM = "warm"  # a thread
SECONDS_TO_WARM = 20.0
FILES_WAITED_FOR = 64
NO_RUN = "streamlit.runtime.scriptrunner_utils.script_run_context"
# Where Streamlit logs, with a traceback, that a file was not made.
NOT_MADE = "streamlit.runtime.backend_operation_handler"
# What says, with a traceback, that a connection was closed while something was sent on it.
# Streamlit gives most of them a handler of its own as it is loaded.
OF_CONNECTIONS = (
    "uvicorn",
    "uvicorn.error",
    "asyncio",
    "streamlit.web.server.starlette.starlette_websocket",
)
LOG = logging.getLogger(__name__)


def __getattr__(name: str) -> streamlit.App:
    # Built on first use, so that the command line does not import Streamlit.
    if name == "application":
        return build_application(ROOT / "app.py", warm=True)
    raise AttributeError(name)


def build_application(script: Path, warm: bool = False, host: str = "") -> streamlit.App:
    """Build the ASGI application of `script` and its pages, which answers to `host` too.

    `warm`: what the first visitor would wait for is loaded before, for so long at most as an
    orchestrator may wait for an answer; what is left then goes on beside the visitors.
    """
    import streamlit
    from starlette.middleware import Middleware
    from streamlit import config
    from streamlit.runtime.pages_manager import PagesManager

    from longevity.measures.declarations import load_measures
    from longevity.ui import live_settings, middleware, readiness, sign_in
    from longevity.ui.headers import Headers

    load_measures()  # a sentence that names no figure stops the start, not a reader

    # A folder named pages/ makes Streamlit run a page without app.py for the first
    # visitor of a process (see docs/decisions). The guard on each page heals that;
    # saying so here spares the first visitor the detour.
    PagesManager.uses_pages_directory = False
    logging.getLogger(NOT_MADE).addFilter(_is_unexpected)
    streamlit.App(script)  # from here on Streamlit looks for secrets beside the script
    provider = sign_in.read_environment_provider()
    secrets = None if provider is None else {"auth": provider}
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    under = f"/{base}" if base else ""
    addresses = [sign_in.read_return_address(), live_settings.read_address()]
    names = middleware.read_names([*addresses, f"http://{host}"])
    before = [
        Middleware(
            Headers,
            https=any(one.startswith("https://") for one in addresses),
            tiles=live_settings.read_tiles_origin(),
        ),
        Middleware(middleware.Gate, under=under, names=names),
    ]
    if warm:
        warming = threading.Thread(target=_warm_up, name=WARM, daemon=True)
        warming.start()
        warming.join(SECONDS_TO_WARM)
    return streamlit.App(
        script,
        secrets=secrets,
        middleware=before,
        routes=[readiness.build_route(under)],
        lifespan=_provide_threads,
    )


@asynccontextmanager
async def _provide_threads(_: streamlit.App) -> AsyncIterator[None]:
    """Let many files be waited for beside each other: each takes a thread, and one is made."""
    threads = ThreadPoolExecutor(FILES_WAITED_FOR, thread_name_prefix="waiting")
    asyncio.get_running_loop().set_default_executor(threads)
    yield


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Return whether a file was not made for a reason that has no line of ours in the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(getattr(error, "__cause__", None), LongevityError)


def _warm_up() -> None:
    """Load what pages are made of, open the release, make the first screen and the gallery."""
    # Streamlit would say of each thing kept here that no visitor's run is there.
    logging.getLogger(NO_RUN).addFilter(lambda record: record.threadName != WARM)
    try:
        for name in PAGES_USE:
            importlib.import_module(name)
        page_context = importlib.import_module("longevity.ui.page_context")
        page_context.prepare_first_screen()
        importlib.import_module("longevity.ui.gallery").prepare_gallery()
    except LongevityError as error:
        LOG.warning("not warmed: %s", error, extra={"event": "warm"})  # the pages will say why
    # What is there now stays: no later collection need look through it again.
    gc.collect()
    gc.freeze()


def serve_application(host: str, port: int | None, say: Progress) -> int:
    """Serve until stopped, on `port`; None: on the first free one from USUAL_PORT.

    UsageError when the port cannot be used: whoever names one has told others of it.
    """
    import uvicorn

    from longevity import logs
    from longevity.ui import websocket_messages
    from longevity.ui.slow_requests import Frames, Unfinished

    logs.start_logging()
    # Nobody is let in before it is warm: to wait here is shorter than to wait at a first page
    # that shares the processor with what is being loaded.
    _find_free_port(host, port)  # what cannot be is said at once
    application = build_application(ROOT / "app.py", warm=True, host=host)
    logs.start_logging(*OF_CONNECTIONS)
    free = _find_free_port(host, port)
    say(f"The dashboard is at http://{host}:{free}  (Ctrl+C stops it)")
    uvicorn.run(
        application,
        host=host,
        port=free,
        log_config=None,  # ours: JSON lines, warnings and worse
        log_level="warning",
        access_log=False,
        http=Unfinished,
        ws=Frames,
        ws_max_size=websocket_messages.LARGEST,
        ws_per_message_deflate=False,  # nothing of ours is sent packed
        server_header=False,
    )
    return 0


def _find_free_port(host: str, port_named: int | None) -> int:
    """Find the named port, or the first free one; UsageError when there is none."""
    first, tried = (USUAL_PORT, PORTS_TRIED) if port_named is None else (port_named, 1)
    for port in range(first, min(first + tried, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise UsageError(
                        f"{host}:{port} cannot be used: {error.strerror}.",
                        "Give another --host or --port.",
                    ) from error
                continue
            return port
    if port_named is not None and port_named < 65536:
        raise UsageError(
            f"{host}:{port_named} is taken: something is served there already.",
            "Stop it, or give another --port; without --port a free one is found.",
        )
    raise UsageError(f"No free port from {first} on.", "Give another --port.")
