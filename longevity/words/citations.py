"""Short names for published sources, on screens and in source lines: "ct.gov" for its address."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

# A source without a web address: "source document A-12 (Annual report 2019)".
FILED = re.compile(r"source document \S+ \((?P<title>.+)\)")


@lru_cache(maxsize=1024)
def name_site(source: str) -> str:
    """Return the site of a web address, `ct.gov`; a source without an address by its title."""
    site = urlsplit(source).netloc.split(" ")[0]
    return site.removeprefix("www.") or name_source(source)


def name_source(source: str) -> str:
    """Return a web address as it is; of "source document A-12 (Annual report)" the title alone."""
    filed = FILED.fullmatch(source.strip())
    return filed["title"] if filed else source
