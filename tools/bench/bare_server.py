"""One script served as the application is: `python -m tools.bench.bare_server SCRIPT PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from longevity.ui import server

if __name__ == "__main__":
    script, port = sys.argv[1:]
    uvicorn.run(
        server.build_application(Path(script)),
        host="127.0.0.1",
        port=int(port),
        log_level="warning",
        access_log=False,
    )
