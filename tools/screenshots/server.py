"""The dashboard on one day, whatever the clock says: `-m tools.screenshots.server PORT DAY`."""

from __future__ import annotations

import sys
from datetime import date

from longevity.ui import page_context, server

if __name__ == "__main__":
    port, day = int(sys.argv[1]), date.fromisoformat(sys.argv[2])
    page_context.read_today = lambda: day
    sys.exit(server.serve_application("127.0.0.1", port, print))
