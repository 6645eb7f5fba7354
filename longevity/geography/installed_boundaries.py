"""Boundaries from a file, checked and kept in LONGEVITY_HOME.

Nothing is guessed: a file with an overlapping or nameless area is refused whole, with the
area and the reason. An outline that is not valid is mended, and refused where that changes
more than MENDED_SHARE of the area.
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS

from longevity import labels, private_files
from longevity.errors import DataError, UsageError, describe_error, suggest_nearest
from longevity.files import atomic_write
from longevity.geography import boundary_file, reference_neighbourhoods
from longevity.geography.reference_neighbourhoods import Neighbourhood
from longevity.settings import City, Settings

FOLDER = "boundaries"
# An overlap is refused where it is wider than this, in metres. Borders drawn
# twice, or simplified each on its own, cross by a few metres: narrower than a
# street, which no recorded place of an incident can tell apart.
OVERLAP_WIDTH = 10.0
# Degrees beyond the area of use that are still taken: its bounds are rounded.
_MARGIN = 0.1
_COLUMNS = ("neighbourhood", "population", "area_km2", "source", "credit", "geometry")
# Signs: names are listed as far as a city's areas go.
_NAMED_AT_MOST = 1500
# An invalid outline is mended where that changes its area by at most this share. Ours: spikes,
# repeated corners and touching rings change far less, a crossing that hides ground far more.
MENDED_SHARE = 0.001


@dataclass(frozen=True)
class InstallReport:
    """What was installed: how many areas, and what to know of them."""

    areas: int
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lines:
    """Areas of a city: neighbourhood, population, area_km2, geometry (metres); their source.

    `credit` is what a map names that leaves the building: whose lines, or a file handed over.
    """

    areas: gpd.GeoDataFrame
    source: str
    credit: str


def find_path(settings: Settings, city_id: str) -> Path:
    """Return where a city's installed boundaries are kept."""
    return settings.home / FOLDER / f"{settings.city(city_id).id}.parquet"


def read_installed(settings: Settings, city_id: str) -> Lines | None:
    """Read the installed boundaries of a city, sorted by name; None when there are none.

    DataError when the kept file is damaged.
    """
    file = find_path(settings, city_id)
    if not file.exists():
        return None
    try:
        areas = gpd.read_parquet(file)[list(_COLUMNS)].to_crs(settings.projected_crs)
        source, credit = str(areas["source"].iloc[0]), str(areas["credit"].iloc[0])
    except (OSError, ValueError, LookupError, RuntimeError, TypeError, pa.ArrowException) as error:
        raise DataError(f"{file} is damaged.", "Install the city's boundaries again.") from error
    areas = areas.drop(columns=["source", "credit"]).astype({"neighbourhood": object})
    return Lines(areas.sort_values("neighbourhood", ignore_index=True), source, credit)


def install_boundaries(
    settings: Settings, city_id: str, file: Path, name_field: str | None, today: date
) -> InstallReport:
    """Check a file of areas and keep it as the boundaries of a city.

    `name_field` is the column with the areas' names, by default the city's
    `boundary_name_field`. The next publish uses what is installed.
    Raises UsageError for an unknown city, file or column, DataError for what is wrong with the
    file, each as a sentence; then what was installed before stays.
    """
    city = settings.city(city_id)
    frame, remarks = boundary_file.read_boundary_file(file)
    column = _find_name_column(frame, name_field or city.boundary_name_field, file)
    frame["neighbourhood"] = _name_areas(frame[column], city, file, remarks)
    frame = frame[frame["neighbourhood"] != ""]
    if frame.empty:
        raise DataError(
            f"{file}: every area is left out by the boundary_names of {city.name}.",
            "Take those that belong to the city out of that table.",
        )
    _refuse_shapes(frame, file)
    flat = _project(frame, settings, file)
    flat["population"] = _read_populations(frame, file)
    _mend_shapes(flat, file, remarks)
    areas = _merge_parts(flat, remarks)
    _refuse_overlaps(areas, file, remarks)
    facts = reference_neighbourhoods.list_neighbourhoods(settings, city_id)
    if facts:
        pairs = _refuse_another_place(areas, facts, file)
        areas["population"] = areas["population"].fillna(
            reference_neighbourhoods.find_residents(facts, areas["neighbourhood"])
        )
        where = f"[cities.{city_id}.boundary_names] of {settings.config_path.name}"
        remarks += _explain_unmatched(areas["neighbourhood"].tolist(), facts, pairs, where)
    without = areas.loc[areas["population"].isna(), "neighbourhood"].tolist()
    if without:
        which = "every area" if len(without) == len(areas) else _join_names(without)
        remarks.append(
            f"Without residents to divide by, and so without rates: {which}. "
            "A column 'population' gives them."
        )
    areas["source"] = f"{file.name}, installed {today.isoformat()}"
    areas["credit"] = file.name
    _write_areas(areas[list(_COLUMNS)], find_path(settings, city_id))
    return InstallReport(len(areas), remarks)


def _find_name_column(frame: gpd.GeoDataFrame, name: str, file: Path) -> str:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if name in columns:
        return name
    raise UsageError(
        f"{file} has no column '{name}'.",
        f"{suggest_nearest(name, columns)} Give it with --name-field.".lstrip(),
    )


def _name_areas(values: pd.Series, city: City, file: Path, remarks: list[str]) -> list[str]:
    """Return the areas' names as sentences use them, a row each, "" for one to leave out.

    Two that a pattern makes one are refused; two that `boundary_names` makes one are parts of it.
    """
    # Converted, a number is written as a whole one where it is: 75, not 75.0.
    texts = values.convert_dtypes().astype("string").fillna("").str.split().str.join(" ")
    pattern = f"the boundary_name_pattern of {city.name}"
    names: list[str] = []
    raw_by_name: dict[str, str] = {}
    left_out = []
    for row, raw in enumerate(texts, start=1):
        if not raw:
            raise DataError(
                f"{file}, row {row}: the area has no name in '{values.name}'.", "Name it."
            )
        name = city.area_name(raw)
        wrong = labels.find_label_problem(raw) or labels.find_label_problem(name)
        if wrong:
            raise DataError(f"{file}, row {row}: the area's name {wrong}.", "Correct it.")
        is_renamed = city.renames(raw)
        if not name and not is_renamed:
            raise DataError(f"{file}: {pattern} leaves no name of '{raw}'.", "Correct the pattern.")
        other = raw_by_name.setdefault(name.casefold(), raw)
        if other.casefold() != raw.casefold() and not (is_renamed or city.renames(other)):
            raise DataError(
                f"{file}: by {pattern} '{other}' and '{raw}' are both '{name}'.",
                "Give a pattern that leaves each area a name of its own.",
            )
        names.append(name)
        if not name:
            left_out.append(raw)
    if left_out:
        remarks.append(f"Left out by boundary_names: {_join_names(left_out)}.")
    return names


def _refuse_shapes(frame: gpd.GeoDataFrame, file: Path) -> None:
    """Refuse a row that is no polygon or several."""
    for name, shape in zip(frame["neighbourhood"], frame.geometry, strict=True):
        kind = "empty" if shape is None or shape.is_empty else f"a {shape.geom_type}"
        if kind not in ("a Polygon", "a MultiPolygon"):
            raise DataError(
                f"{file}: '{name}' is {kind}, not an area.",
                "Draw it as a polygon, or leave the row out.",
            )


def _project(frame: gpd.GeoDataFrame, settings: Settings, file: Path) -> gpd.GeoDataFrame:
    """Return name and outline (metres) of each area, once it is sure they lie in reach."""
    flat = frame[["neighbourhood"]].set_geometry(frame.geometry.force_2d())
    try:
        west, south, east, north = flat.to_crs("EPSG:4326").total_bounds
        in_metres = flat.to_crs(settings.projected_crs)
    except RuntimeError as error:  # pyproj's errors are of this kind
        raise DataError(
            f"{file}: its reference system has no way to {settings.projected_crs}.",
            "Export it in EPSG:4326.",
        ) from error
    if not is_in_use((west, south, east, north), settings.projected_crs):
        raise DataError(
            f"{file} lies outside the area in which {settings.projected_crs} is used.",
            "Longitude and latitude seem to be swapped."
            if is_in_use((south, west, north, east), settings.projected_crs)
            else "Its reference system is not the one it says, it is of another place, or "
            "'projected_crs' has to be one that covers all cities (docs/another-state.md).",
        )
    return in_metres


def is_in_use(bounds: tuple[float, float, float, float], projected_crs: str) -> bool:
    """Return whether west, south, east and north (degrees) lie where a system is made for."""
    west, south, east, north = bounds
    area = CRS.from_user_input(projected_crs).area_of_use
    first, lowest, last, highest = area.bounds if area else (-180.0, -90.0, 180.0, 90.0)
    if first > last:  # it crosses the 180th meridian, so longitudes are left unchecked
        first, last = -180.0, 180.0
    in_width = first - _MARGIN <= west and east <= last + _MARGIN
    return bool(in_width and lowest - _MARGIN <= south and north <= highest + _MARGIN)


def _read_populations(frame: gpd.GeoDataFrame, file: Path) -> pd.Series:
    """Read the file's own `population` column; missing where it has none or nobody lives there."""
    column = next((name for name in frame.columns if str(name).casefold() == "population"), None)
    if column is None:
        return pd.Series(pd.NA, index=frame.index, dtype="Int64")
    numbers = pd.to_numeric(frame[column], errors="coerce")
    is_wrong = (numbers.isna() & frame[column].notna()) | (numbers < 0) | np.isinf(numbers)
    if is_wrong.any():
        raise DataError(
            f"{file}: the population of '{frame['neighbourhood'][is_wrong].iloc[0]}' is not a "
            "number of people.",
            "Correct it, or leave it blank.",
        )
    return numbers.where(numbers > 0).astype(float).round().astype("Int64")


def _mend_shapes(flat: gpd.GeoDataFrame, file: Path, remarks: list[str]) -> None:
    """Mend invalid areas in place and say by how much that changed each.

    The area that the corners of an outline give counts ground twice, or takes it away, where
    the outline crosses itself; so it differs from the mended area by what the crossing hides.
    DataError where that is more than MENDED_SHARE.
    """
    crossing = flat[~flat.is_valid]
    mended = crossing.make_valid(method="structure", keep_collapsed=False)
    shares = ((mended.area - crossing.area).abs() / mended.area).fillna(np.inf)
    for name, shape, share in zip(
        crossing["neighbourhood"], crossing.geometry, shares, strict=True
    ):
        if share > MENDED_SHARE:
            raise DataError(
                f"{file}: '{name}' is not a valid area: {shapely.is_valid_reason(shape)}. "
                f"Mending it would change more than {MENDED_SHARE:.1%} of it.",
                "Correct its outline where the file is kept.",
            )
        remarks.append(f"Mended: {name}, whose area changed by {share:.4%}.")
    flat.loc[mended.index, "geometry"] = mended


def _merge_parts(flat: gpd.GeoDataFrame, remarks: list[str]) -> gpd.GeoDataFrame:
    """Merge rows of one name, which are parts of one area, and say so.

    A point in any of them could be reported under no other name. Their
    population is kept when all parts carry the same figure, which is then the
    area's; parts that differ may be parts or slips, so none is taken.
    """
    parts = flat.groupby(flat["neighbourhood"].str.casefold())
    for _, rows in parts:
        if len(rows) > 1:
            name = rows["neighbourhood"].iloc[0]
            remarks.append(f"'{name}' is {len(rows)} rows, taken as one area.")
    areas = flat.dissolve(parts.ngroup())
    agree = parts["population"].nunique(dropna=False).to_numpy() == 1
    areas["population"] = areas["population"].where(agree)
    areas["area_km2"] = areas.area / 1e6
    return areas


def _refuse_overlaps(areas: gpd.GeoDataFrame, file: Path, remarks: list[str]) -> None:
    """Refuse areas that cover the same ground; narrow slivers are only remarked on."""
    shapes, names = areas.geometry.values, areas["neighbourhood"].to_numpy()
    first, second = areas.sindex.query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.intersection(shapes[first], shapes[second])
    ground = shapely.area(common)
    wide = ~shapely.is_empty(shapely.buffer(common, -OVERLAP_WIDTH / 2))
    if wide.any():
        worst = int(np.argmax(ground * wide))
        raise DataError(
            f"{file}: '{names[first[worst]]}' and '{names[second[worst]]}' overlap on "
            f"{ground[worst]:,.0f} m².",
            "Each place belongs to one area: give areas that do not overlap.",
        )
    if ground.sum() >= 1:
        remarks.append(
            f"{int((ground >= 1).sum())} pairs of areas overlap by slivers narrower than "
            f"{OVERLAP_WIDTH:.0f} m, {ground.sum():,.0f} m² in all: "
            "a point there is in the first by name."
        )


def _refuse_another_place(
    areas: gpd.GeoDataFrame, facts: list[Neighbourhood], file: Path
) -> list[tuple[str, str]]:
    """Return the names of each area and of a fact whose label point it holds."""
    points = gpd.points_from_xy(
        [fact.longitude for fact in facts], [fact.latitude for fact in facts], crs="EPSG:4326"
    )
    held, holding = areas.sindex.query(points.to_crs(areas.crs), predicate="intersects")
    if not len(held):
        raise DataError(
            f"{file}: no area holds any of the label points known for the city.",
            "It seems to be the file of another place.",
        )
    holders = len(set(holding))
    if len(areas) > len(facts) and holders < len(facts) / 2:
        raise DataError(
            f"{file}: the {len(facts)} label points known for the city lie in only {holders} of "
            f"its {len(areas)} areas.",
            "It seems to be a file of larger areas, such as towns: give the city's neighbourhoods.",
        )
    names = areas["neighbourhood"].iloc[holding]
    return [(name, facts[fact].name) for name, fact in zip(names, held, strict=True)]


def _explain_unmatched(
    names: list[str], facts: list[Neighbourhood], pairs: list[tuple[str, str]], where: str
) -> list[str]:
    """Say which areas have no facts and which facts no area, and what to write for those alike.

    An area of a name nobody knows that holds the label point of a fact no area is named after
    may be that one: who knows the city decides.
    """
    names_of_facts = [fact.name for fact in facts]
    unknown, lacking = _leave_known(names, names_of_facts), _leave_known(names_of_facts, names)
    remarks = []
    if unknown:
        remarks.append(f"Areas without published facts of that name: {_join_names(unknown)}.")
    if lacking:
        remarks.append(
            f"Published facts name areas that the file does not: {_join_names(lacking)}."
        )
    if unknown and lacking:
        lines = [
            f"{json.dumps(theirs, ensure_ascii=False)} = {json.dumps(ours, ensure_ascii=False)}"
            for theirs, ours in pairs
            if theirs in unknown and ours in lacking
        ]
        text = "; ".join(lines) or '"their name" = "our name"'
        remarks.append(
            f"Where two of these are one place under two names, write so under {where}, then do "
            f"this again: {text}."
        )
    return remarks


def _leave_known(names: list[str], known: list[str]) -> list[str]:
    """Return the names that are not among those known, upper and lower case alike."""
    folded = {name.casefold() for name in known}
    return [name for name in names if name.casefold() not in folded]


def _join_names(names: list[str]) -> str:
    return textwrap.shorten(", ".join(names), _NAMED_AT_MOST, placeholder=" …")


def _write_areas(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Write next to the place, then move there: a reader sees the old file or the new one."""
    try:
        private_files.make_private_folder(path.parent)
        with atomic_write(path, mode=0o600) as draft:
            areas.to_parquet(draft, index=False)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written: {describe_error(error)}.",
            "See that the folder of LONGEVITY_HOME is writable and has room.",
        ) from error
