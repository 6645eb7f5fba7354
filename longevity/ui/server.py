"""Serve the application: uvicorn on Streamlit's own Starlette app."""

from __future__ import annotations

import gc
import importlib
import logging
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from longevity.errors import LongevityError, UsageError, describe_error
from longevity.progress import Progress
from longevity.settings import ROOT

if TYPE_CHECKING:
    import streamlit

PAGES_USE = (
    "longevity.ui.navigation",
    "longevity.ui.components",
    "longevity.ui.documents",
    "longevity.ui.chart_export",
    "longevity.ui.claim_box",
    "longevity.outputs.documents.pages",
    "plotly.io",
    "statsmodels.duration.survfunc",
    "statsmodels.genmod.generalized_linear_model",
)
WARM = "warm"  # a thread
SECONDS_TO_WARM = 20.0
# What says, with a traceback, that a connection was closed while something was sent on it.
# Streamlit gives most of them a handler of its own as it is loaded.
OF_CONNECTIONS = ("uvicorn", "uvicorn.error", "asyncio")
LOG = logging.getLogger(__name__)


def build_application(script: Path, warm: bool = False, host: str = "") -> streamlit.App:
    """Build the ASGI application of `script` and its pages, which answers to `host` too.

    `warm`: what the first visitor would wait for is loaded before, for so long at most as an
    orchestrator may wait for an answer; what is left then goes on beside the visitors.
    """
    import streamlit
    from starlette.middleware import Middleware

    from longevity.auth import sign_in_provider
    from longevity.measures.declarations import check_measures
    from longevity.ui import live_settings, middleware, readiness, sign_in, streamlit_internals
    from longevity.ui.headers import Headers

    check_measures()  # a sentence that names no figure stops the start, not a reader

    # The guard on each page does this too; here it spares the first visitor the detour.
    streamlit_internals.ignore_pages_folder()
    logging.getLogger(streamlit_internals.NOT_MADE).addFilter(_is_unexpected)
    streamlit.App(script)  # from here on Streamlit looks for secrets beside the script
    provider, _ = sign_in.find_provider()
    secrets = {"auth": provider} if sign_in_provider.read_environment() else None
    base = str(streamlit.get_option("server.baseUrlPath") or "").strip("/")
    under = f"/{base}" if base else ""
    settings = live_settings.read_settings_if_any()
    addresses = [str(provider.get("redirect_uri", "")), settings.address if settings else ""]
    names = middleware.read_names([*addresses, f"http://{host}"])
    is_https = any(address.startswith("https://") for address in addresses)
    if warm:
        warming = threading.Thread(target=_warm_up, name=WARM, daemon=True)
        warming.start()
        warming.join(SECONDS_TO_WARM)
    return streamlit.App(
        script,
        secrets=secrets,
        middleware=[
            Middleware(Headers, https=is_https),
            Middleware(middleware.Gate, under=under, names=names),
        ],
        routes=[readiness.build_route(under)],
    )


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Return whether a file was not made for a reason that has no line of ours in the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(getattr(error, "__cause__", None), LongevityError)


def _warm_up() -> None:
    """Load what pages are made of, open the release, make the first screen; then the gallery."""
    from longevity.ui import streamlit_internals

    # Streamlit would say of each thing kept here that no visitor's run is there.
    no_run = logging.getLogger(streamlit_internals.NO_RUN)
    no_run.addFilter(lambda record: record.threadName != WARM)
    try:
        for name in PAGES_USE:
            importlib.import_module(name)
        importlib.import_module("longevity.ui.page_context").prepare_first_screen()
    except LongevityError as error:
        LOG.warning("not warmed: %s", error, extra={"event": "warm"})  # the pages will say why
    # What is there now stays: no later collection need look through it again.
    gc.collect()
    gc.freeze()
    # What `publish` did not draw takes half a minute, for which nobody waits.
    threading.Thread(target=_draw_gallery, name=WARM, daemon=True).start()


def _draw_gallery() -> None:
    try:
        importlib.import_module("longevity.ui.gallery").prepare_gallery()
    except LongevityError as error:
        LOG.warning("the gallery was not drawn: %s", error, extra={"event": "warm"})


def serve_application(host: str, port: int, say: Progress) -> int:
    """Serve until stopped; UsageError when the port cannot be used."""
    import uvicorn

    from longevity import logs
    from longevity.ui import streamlit_internals, websocket_messages
    from longevity.ui.slow_requests import Frames, Unfinished

    logs.start_logging()
    # Taken first, as what cannot be is said at once; nobody is let in before it is warm: to wait
    # here is shorter than at a first page that shares the processor with what is being loaded.
    taken = _take_port(host, port)
    application = build_application(ROOT / "app.py", warm=True, host=host)
    logs.start_logging(*OF_CONNECTIONS, streamlit_internals.CONNECTION)
    say(f"The dashboard is at http://{host}:{port}  (Ctrl+C stops it)")
    config = uvicorn.Config(
        application,
        log_config=None,  # ours: JSON lines, warnings and worse
        log_level="warning",
        access_log=False,
        http=Unfinished,
        ws=Frames,
        ws_max_size=websocket_messages.LARGEST,
        ws_per_message_deflate=False,  # nothing of ours is sent packed
        server_header=False,
    )
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):  # Ctrl+C, which uvicorn raises anew once it has closed
        server.run(sockets=[taken])
    return 0 if server.started else 1


def _take_port(host: str, port: int) -> socket.socket:
    """Take the port, so that another process finds it taken, however long this one warms."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except (OSError, OverflowError) as error:
        taken.close()
        raise UsageError(
            f"{host}:{port} cannot be used: {describe_error(error)}.",
            "Give another --host or --port.",
        ) from error
    return taken
