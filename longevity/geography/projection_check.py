"""Whether every city lies where the configured reference system is made for."""

from __future__ import annotations

from longevity.errors import ConfigError
from longevity.geography import installed_boundaries, reference_neighbourhoods
from longevity.settings import Settings

Point = tuple[float, float]  # longitude, latitude in degrees


def require_projection(settings: Settings) -> None:
    """Raise ConfigError naming the cities that `projected_crs` is not made for.

    Points outside its area of use are taken for mistakes by import and check, and areas
    and distances there are wrong. A city of which nothing says where it lies passes.
    """
    from pyproj import CRS

    area = CRS.from_user_input(settings.projected_crs).area_of_use
    # An area across the 180th meridian has its west east of its east: left unchecked.
    if area is None or area.west >= area.east:
        return
    problems = []
    for city in settings.cities.values():
        points = list_city_points(settings, city.id)
        outside = [
            (x, y)
            for x, y in points
            if not (area.west <= x <= area.east and area.south <= y <= area.north)
        ]
        if outside:
            x, y = outside[0]
            problems.append(
                f"{city.name}: {len(outside)} of its {len(points)} points lie outside, the first "
                f"at {x:.2f}, {y:.2f}"
            )
    if problems:
        raise ConfigError(
            f"{settings.config_path}: 'program.projected_crs' is {settings.projected_crs}, made "
            f"for longitudes {area.west:g} to {area.east:g} and latitudes {area.south:g} to "
            f"{area.north:g}. {'. '.join(problems)}.",
            "Give a system in metres that holds every city, such as the UTM zone of the region or "
            "one made for several states.",
        )


def list_city_points(settings: Settings, city_id: str) -> list[Point]:
    """List points of a city: of its installed areas, else of its published neighbourhoods.

    Without either, the centre configured for the demonstration; else none.
    """
    installed = installed_boundaries.read_installed(settings, city_id)
    if installed is not None:
        inside = installed.areas.geometry.representative_point().to_crs("EPSG:4326")
        return list(zip(inside.x, inside.y, strict=True))
    facts = reference_neighbourhoods.list_neighbourhoods(settings, city_id, synthetic=False)
    if facts:
        return [(fact.longitude, fact.latitude) for fact in facts]
    centre = settings.city(city_id).demonstration.centre
    return [centre] if centre is not None else []
