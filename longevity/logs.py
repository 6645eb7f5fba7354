"""Logs: one JSON object a line, with no fields but `FIELDS`, so that no value of a row gets in."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

FIELDS = ("event", "query", "viewer", "release_id", "rows", "seconds", "page", "path", "error")


class JSONFormatter(logging.Formatter):
    """Formats a record as JSON, with only the fields known to hold no row values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON for `record`."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        entry.update({f: getattr(record, f) for f in FIELDS if hasattr(record, f)})
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
        return json.dumps(entry, default=str)


def start_logging(*names: str) -> None:
    """Send these loggers, by default the library's, to stderr as JSON lines and nowhere else.

    Calling it twice changes nothing.
    """
    for name in names or ("longevity",):
        logger = logging.getLogger(name)
        ours = [one for one in logger.handlers if isinstance(one.formatter, JSONFormatter)]
        if not ours:
            ours = [logging.StreamHandler(sys.stderr)]
            ours[0].setFormatter(JSONFormatter())
        logger.handlers[:] = ours
        logger.propagate = False
        logger.setLevel(logger.level or logging.INFO)
