"""How a published source is named where it is read; the reference files keep it in full."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

# A source without an address: who filed it gave it a code, then said what it is.
FILED = re.compile(r"source document \S+ \((?P<title>.+)\)")


@lru_cache(maxsize=1024)
def name_site(source: str) -> str:
    """Return the site an address is at; a source that has none is named."""
    site = urlsplit(source).netloc.split(" ")[0]
    return site.removeprefix("www.") or name_source(source)


def name_source(source: str) -> str:
    """Return an address as it is; of a source without one what it is, without its code."""
    filed = FILED.fullmatch(source.strip())
    return filed["title"] if filed else source
