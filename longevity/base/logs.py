"""Logs: one JSON object a line, with no fields but `FIELDS`, so that no value of a row gets in."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from datetime import UTC, datetime

FIELDS = ("event", "query", "viewer", "release_id", "rows", "seconds", "page", "path", "error")
MOST_ALIKE = 10  # lines a second that one place in the code of others may write


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


class Pace(logging.Filter):
    """Drops lines of others that come by the thousand, as Streamlit's of each message it cannot
    read: who sends such messages would fill the disk with them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._second = 0
        self._said: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is written."""
        if int(record.created) != self._second:
            self._second = int(record.created)
            self._said.clear()
        place = (record.pathname, record.lineno)
        self._said[place] += 1
        return record.name.startswith("longevity") or self._said[place] <= MOST_ALIKE


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
            ours[0].addFilter(Pace())
        logger.handlers[:] = ours
        logger.propagate = False
        logger.setLevel(logger.level or logging.INFO)
