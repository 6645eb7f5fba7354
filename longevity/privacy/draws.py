"""Random numbers that no one can predict without the program's secret (release/signing.py).

They choose which larger cells of a table are withheld with the small ones (`suppression.py`). A
table always gets the same numbers, so that a release can be made again. Synthetic data get
others, as everybody may read those data and could work out the numbers from them.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Callable, Iterator

Draws = Iterator[float]  # numbers from 0 up to, not including, 1, without end
DrawsByPeriod = Callable[..., Draws]  # the draws for a table, city and year

_BYTES = 6  # a float holds a whole number of 48 bits exactly


def draw_numbers(secret: bytes, *period: object) -> Draws:
    """Yield random numbers for one table, such as ("real", "age_band", "hartford", 2024)."""
    for number in itertools.count():
        text = "\n".join(str(part) for part in (*period, number))
        digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        yield int.from_bytes(digest[:_BYTES]) / 256**_BYTES
