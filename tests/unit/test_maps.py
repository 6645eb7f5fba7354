"""Maps: a colour, its class in the key and the number behind it always agree."""

from __future__ import annotations

import math
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
    if words == "any":
        return 0.0, math.inf
    if words.endswith(" or more"):
        return float(words.removesuffix(" or more")), math.inf
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
        ([], 0, ["any"]),
        ([3, 1], 0, ["1", "2", "3 or more"]),
        ([31, 25, 24], 0, ["1–2", "3–5", "6–15", "16–20", "21 or more"]),
        ([100, 3, 2, 1], 0, ["1–4", "5–20", "21–40", "41–80", "81 or more"]),
        ([7.2, 6], 1, ["up to 0.3", "0.4–1.5", "1.6–3.0", "3.1–5.0", "5.1 or more"]),
        ([0.04], 1, ["any"]),
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


def test_states_never_share_a_colour():
    shades = area_maps.build_scale([3.0], "people shot")
    drawn = {
        shades.find_colour(0.0, "zero"),
        shades.find_colour(math.nan, "no_residents"),
        shades.find_colour(0.0, "no_residents"),
        *(shades.find_colour(v, "shown") for v in (1, 2, 3)),
    }
    assert drawn == {f"ramp:{at}" for at in range(4)} | {"ramp:no_residents"}
    for look in (LIGHT, DARK):
        assert len({find_colour(look, name) for name in drawn}) == len(drawn)


def areas(values: dict[str, float | None], city: str = "east") -> pd.DataFrame:
    frame = pd.DataFrame({"city": city, "neighbourhood": list(values), "said": list(values)})
    frame["value"] = [float("nan") if v is None else float(v) for v in values.values()]
    frame["state"] = ["no_residents" if v is None else "zero" if v == 0 else "shown" for v in values.values()]
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
        assert colours[name] == find_colour(LIGHT, shades.find_colour(value or 0, state))


@pytest.mark.parametrize("size", [(300, 400), (1000, 560)])
def test_the_view_holds_every_corner_and_is_true_to_scale(size):
    boundaries = figure_checks.squares(list("abcdef"))
    shades = area_maps.build_scale([1.0], "people shot")
    frame = areas(dict.fromkeys("abcdef", 1))
    chart = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "East", size)
    for figure in (chart.figure, chart.printed):
        layout = figure["layout"]
        (west, east), (south, north) = (layout[axis]["range"] for axis in ("xaxis", "yaxis"))
        for area in areas_of(figure):
            assert all(west - 0.01 <= x <= east + 0.01 for x in area["x"] if x is not None)
            assert all(south - 0.01 <= y <= north + 0.01 for y in area["y"] if y is not None)
            # A square of degrees: a metre is as long across as upwards.
            across, up = (max(area[axis]) - min(area[axis]) for axis in "xy")
            assert across / up == pytest.approx(math.cos(math.radians(40.005)), abs=0.01)
        # Fitted to whatever width there is.
        assert layout["yaxis"]["scaleanchor"] == "x"


def names_in(figure: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Each name in a map and where its middle is."""
    notes = [note for note in figure["layout"]["annotations"] if note.get("yref") == "y"]
    return {note["text"]: (note["x"], note["y"]) for note in notes}


def test_names_with_places_of_their_own_cover_no_name_and_no_area():
    areas = [shapely.box(x, 0, x + 20, 40) for x in range(0, 100, 20)]
    words = [leaders.NameBox(area.centroid.x, area.centroid.y, 60, 12, area) for area in areas]
    frame = (-80, 180, -60, 100)
    found = leaders.find_leaders(tuple(words[1:]), tuple(words[:1]), frame)
    boxes = [shapely.box(-20, 14, 40, 26)] + [
        shapely.box(x - 30, y - 6, x + 30, y + 6) for x, y in (leader.place for leader in found)
    ]
    assert not any(shapely.intersects(a, b) for a, b in combinations(boxes, 2))
    for area, leader, box in zip(areas[1:], found, boxes[1:], strict=True):
        assert shapely.intersects(area, shapely.Point(leader.end))
        assert not shapely.intersects(box, shapely.union_all(areas))


def test_a_name_stands_at_its_label_and_one_too_wide_outside_with_a_line():
    wide = "A-name-that-no-area-is-wide-enough-for"
    boundaries = figure_checks.squares(["a", wide])
    boundaries["features"][0]["properties"]["label"] = [10.002, 40.007]
    shades = area_maps.build_scale([1.0], "people")
    frame = areas({"a": 1, wide: 1})
    chart = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "", (700, 300))
    for figure in (chart.figure, chart.printed):
        x, y = names_in(figure)["a"]
        square, far = areas_of(figure)
        for place, axis, share in ((x, "x", 0.2), (y, "y", 0.7)):
            low, high = min(square[axis]), max(square[axis])
            assert place == pytest.approx(low + share * (high - low), abs=0.1)
        (moved,) = [note for note in figure["layout"]["annotations"] if note["text"] == wide]
        # The line ends in the area, and the words are outside of all.
        assert moved["showarrow"]
        assert min(far["x"]) < moved["x"] < max(far["x"])
        assert not min(far["y"]) < moved["ay"] < max(far["y"])


def test_however_wide_the_picture_is_its_height_holds_the_names_outside():
    names = [f"A-name-that-is-far-too-long-for-{n}" for n in range(8)]
    shades = area_maps.build_scale([1.0], "people")
    frame, boundaries = areas(dict.fromkeys(names, 1)), figure_checks.squares(names)
    chart = area_maps.draw_areas(frame, boundaries, DRAWING, shades, None, "", (300, 900))
    south, north = chart.figure["layout"]["yaxis"]["range"]
    outside = [note for note in chart.figure["layout"]["annotations"] if note.get("showarrow")]
    assert len(outside) == len(names)
    assert all(south < note["ay"] < north for note in outside)
