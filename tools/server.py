"""The dashboard for a measurement: `python -m tools.server PORT [--day DAY] [--script SCRIPT]`.

`--day`: as on that day, whatever the clock says. `--script`: this one page instead of ours.
On SIGUSR1 it drops every answer, figure and model that is kept, as after a publish.
"""

from __future__ import annotations

import argparse
import signal
import sys
from datetime import date
from pathlib import Path

from longevity.release.store import Store
from longevity.ui import live_settings, page_context, server


def forget() -> None:
    """Drop what is kept between visits; releases stay open."""
    opened = (page_context._read_settings, page_context._open_warehouse)
    modules = [module for name, module in sys.modules.items() if name.startswith("longevity.")]
    for module in modules:
        for value in list(vars(module).values()):
            is_cache = callable(getattr(value, "clear", None)) and hasattr(value, "__wrapped__")
            if is_cache and value not in opened:
                value.clear()
    Store(live_settings.read_settings().home).drop_pictures()


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.server", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--day", type=date.fromisoformat)
    parser.add_argument("--script", type=Path)
    asked = parser.parse_args()
    signal.signal(signal.SIGUSR1, lambda *_: forget())
    if asked.day:
        page_context.read_today = lambda: asked.day
    if asked.script is None:
        return server.serve_application("127.0.0.1", asked.port, print)
    import uvicorn

    application = server.build_application(asked.script)
    uvicorn.run(application, port=asked.port, log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
