"""Maps: a colour, its class in the key and the number behind it always agree."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import area_maps
from longevity.charts.template import leaders
from longevity.charts.theme import DARK, LIGHT, RAMP, find_colour
from longevity.settings import Basemap
from tests.factories import hypothesis_settings
from tests.oracles import figure_checks

COUNTS = st.lists(st.integers(0, 5000), max_size=40)
RATES = st.lists(st.floats(0, 3000, allow_subnormal=False).filter(lambda v: v == 0 or v > 0.001))
DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, synthetic=False)


def bounds(words: str) -> tuple[float, float]:
    """The least and most a label of the key speaks of, read as a person reads it."""
    words = words.replace(",", "")
    if words.startswith("up to "):
        return 0.0, float(words.removeprefix("up to "))
    parts = [float(part) for part in words.split("–")]
    return parts[0], parts[-1]


def class_of(colour: str) -> int:
    """Which class above zero a colour stands for, from 0."""
    kind, _, place = colour.partition(":")
    assert kind == "ramp"
    return int(place) - 1


def written(value: float, shades: area_maps.Key) -> float:
    return float(f"{value:.{shades.decimals}f}")


def label(shades: area_maps.Key) -> list[str]:
    """The words of the classes above zero, least first."""
    return [words for _, words, _ in shades.classes[1:]]


def assert_key_holds(values: list[float], shades: area_maps.Key) -> None:
    labels = label(shades)
    assert len(labels) <= len(RAMP)
    edges = [most for most, *_ in shades.classes]
    assert edges == sorted(set(edges))
    spans = [bounds(label) for label in labels]
    for (_, high), (low, _) in pairwise(spans):
        assert low > high  # no number is in two classes
        assert low - high == pytest.approx(10**-shades.decimals)  # and none between two
    for value in values:
        colour = shades.find_colour(value, "shown" if value else "zero")
        if value == 0:
            assert colour == "ramp:0"
            continue
        low, high = spans[class_of(colour)]
        assert low <= written(value, shades) <= high


@hypothesis_settings.many
@given(COUNTS)
def test_every_count_lies_in_the_class_its_colour_stands_for(values):
    given = [float(v) for v in values]
    assert_key_holds(given, area_maps.build_scale(given, "people shot"))


@hypothesis_settings.many
@given(RATES)
def test_every_rate_lies_in_the_class_its_colour_stands_for(values):
    assert_key_holds(values, area_maps.build_scale(values, "per 100,000", 1))


@pytest.mark.parametrize(
    ("values", "decimals", "labels"),
    [
        ([], 0, ["1"]),
        ([3, 1], 0, ["1", "2", "3"]),
        ([31, 25, 24], 0, ["1–8", "9–16", "17–24", "25–32"]),
        ([100, 3, 2, 1], 0, ["1–4", "5–20", "21–40", "41–80", "81–100"]),
        ([7.2, 6], 1, ["up to 1.5", "1.6–3.0", "3.1–4.5", "4.6–6.0", "6.1–7.5"]),
        ([0.04], 1, ["up to 0.1"]),
    ],
)
def test_keys_by_hand(values, decimals, labels):
    assert label(area_maps.build_scale(values, "unit", decimals)) == labels


@hypothesis_settings.many
@given(COUNTS.filter(lambda values: max(values, default=0) > 0))
def test_the_largest_value_has_the_darkest_colour_in_use(values):
    shades = area_maps.build_scale([float(v) for v in values], "people shot")
    used = [class_of(shades.find_colour(v, "shown")) for v in values if v]
    assert class_of(shades.find_colour(max(values), "shown")) == max(used)
    assert max(used) == len(label(shades)) - 1


def test_a_fixed_scale_has_a_class_for_what_is_yet_to_come():
    shades = area_maps.build_scale([31.0, 25.0, 24.0], "people shot", endless=True)
    assert label(shades) == ["1–8", "9–16", "17–24", "25 or more"]
    assert shades.find_colour(900.0, "shown") == "ramp:4"
    rates_too = area_maps.build_scale([7.2, 6.0], "rate", 1, endless=True)
    assert label(rates_too)[-1] == "6.1 or more"
    assert label(area_maps.build_scale([], "people shot", endless=True)) == ["any"]
    # None stands in the key whether or not a year has an area without any.
    assert shades.list_key(set())[0] == ("none", "ramp:0")


def test_states_never_share_a_colour():
    shades = area_maps.build_scale([3.0], "people shot")
    drawn = {
        shades.find_colour(0.0, "zero"),
        shades.find_colour(None, "withheld"),
        shades.find_colour(2.0, "withheld"),
        shades.find_colour(None, "no_residents"),
        shades.find_colour(0.0, "no_residents"),
        *(shades.find_colour(v, "shown") for v in (1, 2, 3)),
    }
    assert drawn == {f"ramp:{at}" for at in range(4)} | {"apart:withheld", "apart:no_residents"}
    for look in (LIGHT, DARK):
        assert len({find_colour(look, name) for name in drawn}) == len(drawn)


def areas(values: dict[str, float | None], city: str = "east") -> pd.DataFrame:
    frame = pd.DataFrame({"city": city, "neighbourhood": list(values), "said": list(values)})
    frame["value"] = [float("nan") if v is None else float(v) for v in values.values()]
    frame["state"] = [
        "no_residents" if v is None else "zero" if v == 0 else "shown" for v in values.values()
    ]
    return frame


def drawn(frame: pd.DataFrame, shades: area_maps.Key, drawing: Drawing = DRAWING) -> dict[str, Any]:
    boundaries = figure_checks.squares(list(frame["neighbourhood"]))
    chart = area_maps.draw_areas(frame, boundaries, drawing, shades, None, "East", (300, 400))
    figure_checks.assert_valid(chart.figure)
    return chart.figure


def colours_of(figure: dict[str, Any]) -> dict[str, str]:
    """The colour each area is drawn in, as Plotly reads the trace."""
    return {trace["name"]: trace["fillcolor"] for trace in areas_of(figure)}


def areas_of(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """The traces of a map that are areas; none of any other chart."""
    return [trace for trace in figure["data"] if trace.get("hoveron") == "fills"]


@hypothesis_settings.some
@given(st.dictionaries(st.text("abcdef", min_size=1), st.none() | st.integers(0, 60), min_size=1))
def test_an_area_is_drawn_in_the_colour_of_its_class(values):
    frame = areas(values)
    shades = area_maps.build_scale(list(frame["value"].dropna()), "people shot")
    colours = colours_of(drawn(frame, shades))
    for name, value in values.items():
        state = "no_residents" if value is None else "zero" if value == 0 else "shown"
        assert colours[name] == find_colour(LIGHT, shades.find_colour(value, state))


@pytest.mark.parametrize("size", [(300, 400), (1000, 560)])
def test_the_view_holds_every_corner(size):
    boundaries = figure_checks.squares(list("abcdef"))
    shades = area_maps.build_scale([1.0], "people shot")
    frame = areas(dict.fromkeys("abcdef", 1))
    chart = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "East", size)
    for layout in (chart.figure["layout"], chart.printed["layout"]):
        (west, east), (south, north) = (layout[axis]["range"] for axis in ("xaxis", "yaxis"))
        for feature in boundaries["features"]:
            for lon, lat in feature["geometry"]["coordinates"][0]:
                assert west - 1e-9 <= lon <= east + 1e-9
                assert south <= lat <= north
        # Fitted to whatever width there is, and a metre is as long across as upwards.
        assert layout["yaxis"]["scaleanchor"] == "x"
        assert layout["yaxis"]["scaleratio"] == pytest.approx(1 / math.cos(math.radians(40.005)))


def test_streets_lie_under_a_map_on_the_screen_and_never_on_paper():
    boundaries = figure_checks.squares(list("ab"))
    shades = area_maps.build_scale([1.0], "people shot")
    plain = area_maps.draw_areas(
        areas({"a": 1, "b": 0}), boundaries, DRAWING, shades, None, "East", (300, 400)
    )
    tiles = Basemap(
        tiles="https://tiles.example/{z}/{x}/{y}.png", attribution="<b>Contributors</b>"
    )
    chart = replace(plain, draw=replace(area_maps.require_map(plain), basemap=tiles))
    figure_checks.assert_valid(chart.figure)
    layout, images = chart.figure["layout"], chart.figure["layout"]["images"]
    # Each lies where its number says (the rule of web maps), and together they cover the view.
    for image in images:
        zoom, column, row = map(int, re.findall(r"\d+", image["source"].removesuffix(".png")))
        west, north = (column / 2**zoom * 360 - 180, tile_edge(row, zoom))
        assert (image["x"], image["y"]) == pytest.approx((west, north))
        assert image["sizex"] == pytest.approx(360 / 2**zoom)
        assert image["y"] - image["sizey"] == pytest.approx(tile_edge(row + 1, zoom))
    (west, east), (south, north) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    assert min(image["x"] for image in images) <= west
    assert max(image["x"] + image["sizex"] for image in images) >= east
    assert max(image["y"] for image in images) >= north
    assert min(image["y"] - image["sizey"] for image in images) <= south
    assert "&lt;b>Contributors" in str(layout["annotations"])
    assert chart.printed == plain.printed
    assert "images" not in chart.printed["layout"]


def tile_edge(row: int, zoom: int) -> float:
    """The northern edge of a row of tiles, in degrees."""
    return math.degrees(2 * math.atan(math.exp(math.pi * (1 - 2 * row / 2**zoom))) - math.pi / 2)


def names_in(figure: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Each name in a map and where its middle is."""
    notes = [note for note in figure["layout"]["annotations"] if note.get("yref") == "y"]
    return {note["text"]: (note["x"], note["y"]) for note in notes}


def test_names_with_places_of_their_own_cover_no_name_and_no_area():
    areas = [shapely.box(x, 0, x + 20, 40) for x in range(0, 100, 20)]
    words = [leaders.NameBox(area.centroid.x, area.centroid.y, 60, 12, area) for area in areas]
    frame = (-80, -60, 180, 100)
    found = leaders.find_leaders(tuple(words[1:]), tuple(words[:1]), frame)
    boxes = [shapely.box(-20, 14, 40, 26)] + [
        shapely.box(x - 30, y - 6, x + 30, y + 6) for x, y in (leader.place for leader in found)
    ]
    assert not any(shapely.intersects(a, b) for a, b in combinations(boxes, 2))
    for area, leader, box in zip(areas[1:], found, boxes[1:], strict=True):
        assert shapely.intersects(area, shapely.Point(leader.end))
        assert not shapely.intersects(box, shapely.union_all(areas))


def test_counts_stand_in_rings_over_the_areas_that_have_any():
    frame = areas({"a": 3, "b": 1, "c": 0})
    boundaries = figure_checks.squares(list("abc"))
    shades = area_maps.build_scale([3.0], "people shot")
    plain = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "East", (300, 400))
    chart = area_maps.add_rings(plain, {"a": 2, "b": 0}, "In rings:")
    assert chart.alt == f"{plain.alt} In rings: a 2."
    for figure in (chart.figure, chart.printed):
        figure_checks.assert_valid(figure)
        (rings,) = [trace for trace in figure["data"] if trace["mode"] == "markers+text"]
        assert rings["text"] == ["<b>2</b>"]
        (name,) = [note for note in figure["layout"]["annotations"] if note["text"] == "a"]
        assert (rings["x"], rings["y"]) == ([name["x"]], [name["y"]])
        assert name["yshift"] < 0  # under the ring


def test_a_name_stands_at_its_label_and_one_too_wide_outside_with_a_line():
    wide = "A-name-that-no-area-is-wide-enough-for"
    boundaries = figure_checks.squares(["a", wide])
    boundaries["features"][0]["properties"]["label"] = [10.002, 40.007]
    shades = area_maps.build_scale([1.0], "people")
    frame = areas({"a": 1, wide: 1})
    chart = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "", (700, 300))
    for figure in (chart.figure, chart.printed):
        assert names_in(figure)["a"] == pytest.approx((10.002, 40.007))
        (moved,) = [note for note in figure["layout"]["annotations"] if note["text"] == wide]
        # The line ends in the area, and the words are outside of all.
        assert moved["showarrow"]
        assert 10.01 < moved["x"] < 10.02
        assert not 40.0 < moved["ay"] < 40.01


def test_however_wide_the_picture_is_its_height_holds_the_names_outside():
    names = [f"A-name-that-is-far-too-long-for-{n}" for n in range(8)]
    shades = area_maps.build_scale([1.0], "people")
    frame, boundaries = areas(dict.fromkeys(names, 1)), figure_checks.squares(names)
    chart = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "", (300, 900))
    south, north = chart.figure["layout"]["yaxis"]["range"]
    outside = [note for note in chart.figure["layout"]["annotations"] if note.get("showarrow")]
    assert len(outside) == len(names)
    assert all(south < note["ay"] < north for note in outside)
