"""The dashboard for a measurement: `python -m tools.server PORT [--day DAY] [--script SCRIPT]`.

`--day`: as on that day, whatever the clock says. `--script`: this one page instead of ours.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import uvicorn

from longevity import settings as configuration
from longevity.settings import ROOT
from longevity.ui import page_context, server


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.server", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--day", type=date.fromisoformat)
    parser.add_argument("--script", type=Path, default=ROOT / "app.py")
    asked = parser.parse_args()
    if asked.day:
        page_context.read_today = lambda: asked.day
    settings = configuration.load_settings()
    application = server.build_application(asked.script, settings)
    uvicorn.run(application, port=asked.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
