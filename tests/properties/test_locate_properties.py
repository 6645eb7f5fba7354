"""Locating many points at once equals asking each area about each point, one by one."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from longevity.geography.locate import locate_in_metres, locate_points
from tests.factories.areas import boundaries

ORIGIN = (300_000.0, 200_000.0)
whole = st.integers(min_value=-3, max_value=13)
places = st.lists(st.tuples(whole, whole), min_size=1, max_size=40)
names = st.text(alphabet="abcXYZ é&", min_size=1, max_size=4)


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, shapely.Geometry]:
    """Up to six areas with whole corners: triangles, boxes, overlaps, shared borders."""
    made = {}
    for name in draw(st.lists(names, min_size=1, max_size=6, unique=True)):
        corners = draw(st.lists(st.tuples(whole, whole), min_size=3, max_size=6, unique=True))
        hull = shapely.MultiPoint(corners).convex_hull
        if hull.geom_type == "Polygon":
            made[name] = shapely.transform(hull, lambda xy: xy * 100 + ORIGIN)
    return made


def one_by_one(
    areas: dict[str, shapely.Geometry], x: np.ndarray, y: np.ndarray
) -> list[str | None]:
    found: list[str | None] = []
    for px, py in zip(x, y, strict=True):
        holds = [name for name, area in areas.items() if area.intersects(shapely.Point(px, py))]
        found.append(min(holds) if holds else None)
    return found


@settings(max_examples=150, deadline=None)
@given(areas=shapes(), points=places)
def test_projected_points_corners_and_borders_included(areas, points):
    x, y = (np.array(points, dtype=float) * 100 + ORIGIN).T
    assert locate_in_metres(x, y, boundaries(areas)).tolist() == one_by_one(areas, x, y)


@settings(max_examples=100, deadline=None)
@given(
    areas=shapes(),
    points=st.lists(st.tuples(st.floats(), st.floats()), max_size=30),
)
def test_any_floats_at_all_give_a_name_or_none(areas, points):
    longitude = np.array([point[0] for point in points], dtype=float)
    latitude = np.array([point[1] for point in points], dtype=float)
    found = locate_points(longitude, latitude, boundaries(areas))
    assert len(found) == len(points)
    assert set(found) <= {None, *areas}
