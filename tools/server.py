"""The dashboard for a measurement: `python -m tools.server PORT [--day DAY] [--script SCRIPT]`.

`--day`: as on that day, whatever the clock says. `--script`: this one page instead of ours.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from longevity import settings as configuration
from longevity.ui import page_context, server


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.server", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--day", type=date.fromisoformat)
    parser.add_argument("--script", type=Path)
    asked = parser.parse_args()
    if asked.day:
        page_context.read_today = lambda: asked.day
    settings = configuration.load_settings()
    if asked.script is None:
        return server.serve_application(settings, "127.0.0.1", asked.port, print)
    import uvicorn

    application = server.build_application(asked.script, settings)
    uvicorn.run(application, port=asked.port, log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
