"""Read coordinates as city files write them, and turn them into degrees (WGS 84).

A row is never refused for its coordinates: those that are missing, unreadable or impossible are
left empty, with a remark, and the incident is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from longevity.geography.region import Region
from longevity.ingest.importing.values import read_number

NUMBER = r"([+-]?\d+(?:\.\d*)?)"
# Both coordinates at the end of a text: `(41.3, -72.9)`, `POINT (-72.9 41.3)`, GeoJSON.
PAIR = re.compile(rf"{NUMBER}\s*[,;\s]\s*{NUMBER}[\s)\]}}]*$")
MARGIN_DEGREES = 0.5  # how far beyond the cities' area of use is "nowhere near"

MISSING = "No coordinates given, kept without"
UNREADABLE = "Coordinates that cannot be read, emptied"
IMPOSSIBLE = "Coordinates outside the region of the cities, emptied"
SWAPPED = "Of these, coordinates that would lie in the region the other way round"

Point = tuple[float, float]  # longitude, latitude
Place = tuple[float | None, float | None]
NOWHERE = (None, None)


def build_place_reader(
    crs: str | None, is_point: bool, region: Region
) -> Callable[[Sequence[str]], tuple[Place, tuple[str, ...]]]:
    """Return a function that reads texts as a place, with remarks about them.

    `read(["-72.9", "41.3"])` is `((-72.9, 41.3), ())`. The texts are longitude and latitude, in
    degrees or in `crs`; with `is_point` they are one text with both, `(41.3, -72.9)`, in whichever
    order lies in the region. Texts that are missing are left out of the list.
    """
    to_degrees = _build_transformation(crs)

    def read_place(texts: Sequence[str]) -> tuple[Place, tuple[str, ...]]:
        if len(texts) < (1 if is_point else 2):
            return NOWHERE, (MISSING,)
        pair = PAIR.search(texts[0]) if is_point else None
        x, y = map(read_number, pair.groups() if pair else (*texts, "")[:2])
        if x is None or y is None:
            return NOWHERE, (UNREADABLE,)
        if not (x or y):  # many sources write 0, 0 where there are none
            return NOWHERE, (MISSING,)
        place, turned = to_degrees(x, y), to_degrees(y, x)
        if region.holds(*place):
            return place, ()
        if region.holds(*turned):
            return (turned, ()) if is_point else (NOWHERE, (IMPOSSIBLE, SWAPPED))
        return NOWHERE, (IMPOSSIBLE,)

    return read_place


def _build_transformation(crs: str | None) -> Callable[[float, float], Point]:
    """Return a function from coordinates in `crs` to degrees; None: they are degrees already."""
    if crs is None:
        return lambda x, y: (x, y)
    from pyproj import Transformer

    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    transform: Callable[[float, float], Point] = transformer.transform
    return transform
