"""Serve the application: uvicorn on Streamlit's own Starlette app.

`application` is what any ASGI server loads: `uvicorn longevity.screen.server:application`.
"""

from __future__ import annotations

import errno
import socket
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from longevity.days import in_words
from longevity.errors import UsageError
from longevity.settings import ROOT, Settings

if TYPE_CHECKING:
    import streamlit

PORTS_TRIED = 50


def __getattr__(name: str) -> streamlit.App:
    # Built on first use, so that the command line does not import Streamlit.
    if name == "application":
        return application_of(ROOT / "app.py")
    raise AttributeError(name)


def application_of(script: Path) -> streamlit.App:
    """The ASGI application that serves `script` and its pages."""
    import streamlit
    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    from longevity.screen import sign_in
    from longevity.screen.headers import Headers

    # A folder named pages/ makes Streamlit run a page without app.py for the first
    # visitor of a process (see docs/decisions). The guard on each page heals that;
    # saying so here spares the first visitor the detour.
    PagesManager.uses_pages_directory = False
    streamlit.App(script)  # from here on Streamlit looks for secrets beside the script
    provider = sign_in.given()
    secrets = None if provider is None else {"auth": provider}
    headers = Middleware(Headers, https=sign_in.by_https())
    return streamlit.App(script, secrets=secrets, middleware=[headers])


def serve(host: str, port: int, say: Callable[[str], None]) -> int:
    """Serve until stopped, on the first free port from `port`."""
    import uvicorn

    from longevity import logs

    logs.start("longevity", "uvicorn")
    free = _free_port(host, port)
    say(f"The dashboard is at http://{host}:{free}  (Ctrl+C stops it)")
    uvicorn.run(
        "longevity.screen.server:application",
        host=host,
        port=free,
        log_config=None,  # ours: JSON lines, warnings and worse
        log_level="warning",
        access_log=False,
    )
    return 0


def _free_port(host: str, first: int) -> int:
    for port in range(first, min(first + PORTS_TRIED, 65536)):
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
    raise UsageError(f"No free port from {first} on.", "Give another --port.")


def ensure_demonstration(settings: Settings, today: date, say: Callable[[str], None]) -> None:
    """With no release at all, publish two demonstrations a week apart.

    Two, so that the revision ledger has something to say. Real data, or an
    earlier demonstration, is left alone.
    """
    from longevity.intake import demonstration
    from longevity.release import publish
    from longevity.release.store import Store
    from longevity.warehouse import lattice

    if Store(settings.home).all():
        return
    yesterday = today - timedelta(days=1)
    for until in (yesterday - timedelta(days=7), yesterday):
        say(f"Building the demonstration to {in_words(until)}, which takes a moment:")
        with tempfile.TemporaryDirectory(prefix="demonstration-") as folder:
            say("  making up its shootings, groups and call-ins …")
            demonstration.write(Path(folder), settings, until, 1, 1, _quiet)
            say("  checking, locating and publishing them …")
            publish.publish(Path(folder), settings, today, None, _quiet, cut=lattice.cut)


def _quiet(_sentence: str) -> None:
    """Progress nobody reads."""
