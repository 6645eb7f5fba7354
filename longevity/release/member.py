"""Where an extract is kept inside a release."""

from __future__ import annotations

from longevity.ingest.contract import BY_NAME
from longevity.release.manifest import NAMED


def member_of(extract: str) -> str:
    """Return `extracts/<name>.parquet`, or `named/…` when its rows hold a group or person code."""
    below = NAMED if BY_NAME[extract].named else "extracts"
    return f"{below}/{extract}.parquet"
