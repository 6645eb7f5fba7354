"""Takes a city's boundaries from a file: checked, and kept in LONGEVITY_HOME.

Nothing is guessed: a file with an overlapping, invalid or nameless area is refused whole, with the
area and the reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from longevity.base import files, labels, private_files
from longevity.base.errors import DataError, UsageError, count_noun, describe_error, suggest_nearest
from longevity.base.files import atomic_write
from longevity.geography import reference_neighbourhoods
from longevity.geography.region import find_region
from longevity.settings import City, Settings
from longevity.words.language import join_words

FOLDER = "boundaries"
# An overlap is refused where it is wider than this, in metres. Borders drawn
# twice, or simplified each on its own, cross by a few metres: narrower than a
# street, which no recorded place of an incident can tell apart.
OVERLAP_WIDTH = 10.0
# What reading raises on bytes that are no GeoJSON: nesting without end is a RuntimeError.
_UNREADABLE = (
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    AttributeError,
    TypeError,
    shapely.errors.ShapelyError,
)
# Degrees beyond the area of use that are still taken: its bounds are rounded.
_MARGIN = 0.1
_COLUMNS = ("neighbourhood", "population", "area_km2", "source", "geometry")


@dataclass(frozen=True)
class Lines:
    """Areas of a city: neighbourhood, population, area_km2, geometry (metres); their source.

    `credit` is what a map names that leaves the building: whose lines, where that is on file.
    """

    areas: gpd.GeoDataFrame
    source: str
    credit: str = ""


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
        source = str(areas["source"].iloc[0])
    except (OSError, ValueError, LookupError, RuntimeError, TypeError, pa.ArrowException) as error:
        raise DataError(f"{file} is damaged.", "Install the city's boundaries again.") from error
    areas = areas.drop(columns="source").astype({"neighbourhood": object})
    return Lines(areas.sort_values("neighbourhood", ignore_index=True), source)


def install_boundaries(
    settings: Settings, city_id: str, file: Path, name_field: str | None, today: date
) -> list[str]:
    """Check a GeoJSON file of areas, keep it as the boundaries of a city, and say what to know.

    `name_field` is the column with the areas' names, by default the city's
    `boundary_name_field`. The next publish uses what is installed.
    Raises UsageError for an unknown city, file or column, DataError for what is wrong with the
    file, each as a sentence; then what was installed before stays.
    """
    city = settings.city(city_id)
    frame, remarks = _read_file(file), list[str]()
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
    areas = _merge_parts(flat, remarks)
    _refuse_overlaps(areas, file)
    facts = reference_neighbourhoods.read_neighbourhoods(settings, city_id)
    if len(facts):
        found = reference_neighbourhoods.find_facts(facts, areas["neighbourhood"])
        areas["population"] = areas["population"].fillna(found["population"])
        names = areas["neighbourhood"].tolist()
        named = facts["name"].tolist()
        _list_unmatched(
            names=names,
            known=named,
            what="Areas without published facts of that name",
            remarks=remarks,
        )
        _list_unmatched(
            names=named,
            known=names,
            what="Published facts name areas that the file does not",
            remarks=remarks,
        )
    without = areas.loc[areas["population"].isna(), "neighbourhood"].tolist()
    if without:
        which = "every area" if len(without) == len(areas) else join_words(without)
        remarks.append(
            f"Without residents to divide by, and so without rates: {which}. "
            "A column 'population' gives them."
        )
    areas["source"] = f"{file.name}, installed {today.isoformat()}"
    _write_areas(areas[list(_COLUMNS)], find_path(settings, city_id))
    installed = f"{count_noun(len(areas), 'area')} of {city.name} installed"
    return [*remarks, f"{installed}; the next publish uses them."]


def _read_file(file: Path) -> gpd.GeoDataFrame:
    """Read the rows of a GeoJSON file, in longitude and latitude as it is by definition."""
    if not file.exists():
        raise UsageError(f"There is no file {file}.", "Give the path of a GeoJSON file of areas.")
    if other := files.describe_other_kind(file):
        raise DataError(f"{file} {other}.", "Give a GeoJSON file.")
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        frame = gpd.GeoDataFrame.from_features(content["features"], crs="EPSG:4326")
    except _UNREADABLE as error:
        raise DataError(
            f"{file} cannot be read: it is not GeoJSON, or damaged.",
            "Export the areas as GeoJSON, in longitude and latitude (EPSG:4326).",
        ) from error
    if frame.empty:
        raise DataError(f"{file} has no rows.", "Give a file with one row an area.")
    return frame


def _find_name_column(frame: gpd.GeoDataFrame, name: str, file: Path) -> str:
    """Return `name`, the column with the areas' names; UsageError where it is not there."""
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if name in columns:
        return name
    raise UsageError(
        f"{file} has no column '{name}'.",
        f"{suggest_nearest(name, columns)} Give it with --name-field.".lstrip(),
    )


def _name_areas(values: pd.Series, city: City, file: Path, remarks: list[str]) -> list[str]:
    """Return the areas' names as sentences use them, one for each row; "" for one to leave out.

    The configuration of the city says how a file's names are changed ("75" to "Police district
    75"). What was left out is added to `remarks`.
    """
    # Converted, a number is written as a whole one where it is: 75, not 75.0.
    texts = values.convert_dtypes().astype("string").fillna("").str.split().str.join(" ")
    names, left_out = [], []
    for row, raw in enumerate(texts, start=1):
        name = city.area_name(raw)
        is_left_out = city.renames(raw) and not name
        wrong = labels.find_label_problem(raw) or labels.find_label_problem(name)
        if wrong or not (name or is_left_out):
            raise DataError(
                f"{file}, row {row}: the area's name '{labels.make_printable(raw)}' in "
                f"'{values.name}' {wrong or 'leaves nothing to call it'}.",
                f"Name it, or correct the boundary_name_pattern of {city.name}.",
            )
        names.append(name)
        if is_left_out:
            left_out.append(raw)
    if left_out:
        remarks.append(f"Left out by boundary_names: {join_words(left_out)}.")
    return names


def _refuse_shapes(frame: gpd.GeoDataFrame, file: Path) -> None:
    """Refuse a file with a row that is no polygon, or not a valid one."""
    for name, shape in zip(frame["neighbourhood"], frame.geometry, strict=True):
        kind = "empty" if shape is None or shape.is_empty else f"a {shape.geom_type}"
        if kind not in ("a Polygon", "a MultiPolygon"):
            raise DataError(
                f"{file}: '{name}' is {kind}, not an area.",
                "Draw it as a polygon, or leave the row out.",
            )
        if not shape.is_valid:
            raise DataError(
                f"{file}: '{name}' is not a valid area: {shapely.is_valid_reason(shape)}.",
                "Correct its outline where the file is kept.",
            )


def _project(frame: gpd.GeoDataFrame, settings: Settings, file: Path) -> gpd.GeoDataFrame:
    """Return each area's name and outline in metres, if they lie where the projection is right."""
    flat = frame[["neighbourhood"]].set_geometry(frame.geometry.force_2d())
    region = find_region(settings.projected_crs, _MARGIN)
    corners = flat.total_bounds.reshape(2, 2)
    if not all(region.holds(east, north) for east, north in corners):
        raise DataError(
            f"{file} lies outside the area in which {settings.projected_crs} is used.",
            "Longitude and latitude seem to be swapped."
            if all(region.holds(north, east) for east, north in corners)
            else "It is not in longitude and latitude (EPSG:4326), it is of another place, or "
            "'projected_crs' has to be one that covers all cities (docs/another-state.md).",
        )
    return flat.to_crs(settings.projected_crs)


def _read_populations(frame: gpd.GeoDataFrame, file: Path) -> pd.Series:
    """Read the file's own `population` column; missing where it has none or no one lives there."""
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


def _merge_parts(flat: gpd.GeoDataFrame, remarks: list[str]) -> gpd.GeoDataFrame:
    """Merge rows of one name, which are parts of one area, and say so in `remarks`.

    Their population is kept when all parts carry the same figure, which is then the area's; figures
    that differ may be of parts or slips, so none is taken.
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


def _refuse_overlaps(areas: gpd.GeoDataFrame, file: Path) -> None:
    """Refuse a file with areas that cover the same ground.

    Narrow slivers pass: a point in one is in the first of its areas by name.
    """
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


def _list_unmatched(names: list[str], known: list[str], what: str, remarks: list[str]) -> None:
    """Remark on the names that are not `known`, capitals aside; `what` says what that means."""
    folded = {name.casefold() for name in known}
    unmatched = [name for name in names if name.casefold() not in folded]
    if unmatched:
        remarks.append(
            f"{what}: {join_words(unmatched)}. Where two names are one place, say so under "
            "boundary_names (docs/configuration.md), then install again."
        )


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
