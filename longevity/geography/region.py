"""In which rectangle of degrees the coordinates of this program must lie."""

from __future__ import annotations

from typing import NamedTuple


class Region(NamedTuple):
    """A rectangle, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Return whether a point is inside."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def find_region(projected_crs: str, margin: float) -> Region:
    """Return where a projected system is made to be used, and so many degrees around it."""
    from pyproj import CRS

    area = CRS.from_user_input(projected_crs).area_of_use
    west, south, east, north = area.bounds if area else (-180, -90, 180, 90)
    return Region(west - margin, south - margin, east + margin, north + margin)
