"""Random numbers that no one can foretell without the key of this home.

Which larger cells are withheld with the small ones is drawn (`suppression.py`). The same
draws come again for the same table, so that a release can be made again; a city's data that
anybody may read, as a demonstration's, are drawn for apart, or they would give the draws away.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from longevity.release import signing

Draws = Iterator[float]  # numbers from 0 up to, not including, 1, without end
DrawsByPeriod = Callable[..., Draws]  # the draws for a table, city and year

_BYTES = 6  # what a float holds exactly


def draw_numbers(secret: bytes, *period: object) -> Draws:
    """Draw numbers for one table, named by `period`: kind of data, table, city, year, …"""
    for number in itertools.count():
        text = "\n".join(str(part) for part in (*period, number))
        digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        yield int.from_bytes(digest[:_BYTES]) / 256**_BYTES


def derive_secret(home: Path) -> bytes:
    """Derive what all draws of a home come from. DataError where its key is lost or not secret."""
    return signing.derive_secret(home, "which cells are withheld")
