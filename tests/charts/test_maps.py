"""Maps: a colour, its class in the key and the number behind it always agree; names cover nothing."""

import math
from itertools import combinations, pairwise

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
from tests.oracles.figure_checks import assert_valid, find_colours, find_names, list_areas, squares

COUNTS = st.lists(st.integers(0, 5000), max_size=40)
RATES = st.lists(st.floats(0, 3000, allow_subnormal=False).filter(lambda v: v == 0 or v > 0.001))
DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, synthetic=False)


def read_bounds(words):
    """The least and most a label of the key speaks of, read as a person reads it."""
    words = words.replace(",", "")
    if words == "any":
        return 0.0, math.inf
    if words.startswith("up to "):
        return 0.0, float(words.removeprefix("up to "))
    if words.endswith(" or more"):
        return float(words.removesuffix(" or more")), math.inf
    parts = [float(part) for part in words.split("–")]
    return parts[0], parts[-1]


def find_class(colour):
    """Which class above zero a colour means, from 0."""
    kind, _, place = colour.partition(":")
    assert kind == "ramp"
    return int(place) - 1


def list_labels(key):
    """The words of the classes above zero, least first."""
    return [words for _, words, _ in key.classes[1:]]


@pytest.mark.parametrize(("drawn", "decimals"), [(COUNTS, 0), (RATES, 1)], ids=["counts", "rates"])
def test_every_value_lies_in_the_class_its_colour_means(drawn, decimals):
    @hypothesis_settings.many
    @given(drawn)
    def check(values):
        key = area_maps.build_scale([float(v) for v in values], "people shot", decimals)
        edges, spans = [most for most, *_ in key.classes], [read_bounds(label) for label in list_labels(key)]
        assert len(spans) <= len(RAMP)
        assert edges == sorted(set(edges))
        for (_, high), (low, _) in pairwise(spans):
            assert low > high  # no number is in two classes
            assert low - high == pytest.approx(10**-key.decimals)  # and none between two
        for value in values:
            colour = key.find_colour(value, "shown" if value else "zero")
            if value == 0:
                assert colour == "ramp:0"
                continue
            low, high = spans[find_class(colour)]
            assert low <= float(f"{value:.{key.decimals}f}") <= high
        if any(values) and not decimals:  # the largest has the darkest colour in use
            used = [find_class(key.find_colour(v, "shown")) for v in values if v]
            assert find_class(key.find_colour(max(values), "shown")) == max(used) == len(spans) - 1

    check()


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
    assert list_labels(area_maps.build_scale(values, "unit", decimals)) == labels


def test_states_never_share_a_colour():
    key = area_maps.build_scale([3.0], "people shot")
    drawn = {
        key.find_colour(0.0, "zero"),
        key.find_colour(math.nan, "no_residents"),
        key.find_colour(0.0, "no_residents"),
        *(key.find_colour(v, "shown") for v in (1, 2, 3)),
    }
    assert drawn == {f"ramp:{at}" for at in range(4)} | {"ramp:no_residents"}
    for look in (LIGHT, DARK):
        assert len({find_colour(look, name) for name in drawn}) == len(drawn)


def draw(values, size=(300, 400), boundaries=None):
    """A map of a row of squares with these values, and its key; without residents a value is None."""
    names = list(values)
    states = ["no_residents" if v is None else "zero" if v == 0 else "shown" for v in values.values()]
    frame = pd.DataFrame({"city": "east", "neighbourhood": names, "said": names, "state": states})
    frame["value"] = [math.nan if v is None else float(v) for v in values.values()]
    key = area_maps.build_scale(list(frame["value"].dropna()), "people shot")
    chart = area_maps.draw_areas(frame, boundaries or squares(names), DRAWING, key, None, "East", size)
    assert_valid(chart.figure)
    return chart, key


@hypothesis_settings.some
@given(st.dictionaries(st.text("abcdef", min_size=1), st.none() | st.integers(0, 60), min_size=1))
def test_an_area_is_drawn_in_the_colour_of_its_class(values):
    chart, key = draw(values)
    colours = find_colours(chart.figure)
    for name, value in values.items():
        state = "no_residents" if value is None else "zero" if value == 0 else "shown"
        assert colours[name] == find_colour(LIGHT, key.find_colour(value or 0, state))


@pytest.mark.parametrize("size", [(300, 400), (1000, 560)])
def test_the_view_holds_every_corner_and_is_true_to_scale(size):
    chart, _ = draw(dict.fromkeys("abcdef", 1), size)
    for figure in (chart.figure, chart.printed):
        layout = figure["layout"]
        (west, east), (south, north) = (layout[axis]["range"] for axis in ("xaxis", "yaxis"))
        for area in list_areas(figure):
            assert all(west - 0.01 <= x <= east + 0.01 for x in area["x"] if x is not None)
            assert all(south - 0.01 <= y <= north + 0.01 for y in area["y"] if y is not None)
            # A square of degrees: a metre is as long across as upwards.
            across, up = (max(area[axis]) - min(area[axis]) for axis in "xy")
            assert across / up == pytest.approx(math.cos(math.radians(40.005)), abs=0.01)
        assert layout["yaxis"]["scaleanchor"] == "x"  # fitted to whatever width there is


def test_names_with_places_of_their_own_cover_no_name_and_no_area():
    areas = [shapely.box(x, 0, x + 20, 40) for x in range(0, 100, 20)]
    words = [leaders.NameBox(area.centroid.x, area.centroid.y, 60, 12, area) for area in areas]
    found = leaders.find_leaders(tuple(words[1:]), tuple(words[:1]), (-80, 180, -60, 100))
    boxes = [shapely.box(x - 30, y - 6, x + 30, y + 6) for x, y in ((10, 20), *(place for _, place in found))]
    assert not any(shapely.intersects(a, b) for a, b in combinations(boxes, 2))
    for area, (end, _), box in zip(areas[1:], found, boxes[1:], strict=True):
        assert shapely.intersects(area, shapely.Point(end))
        assert not shapely.intersects(box, shapely.union_all(areas))


def test_a_name_is_at_its_label_and_one_too_wide_outside_with_a_line():
    wide = "A-name-that-no-area-is-wide-enough-for"
    boundaries = squares(["a", wide])
    boundaries["features"][0]["properties"]["label"] = [10.002, 40.007]
    chart, _ = draw({"a": 1, wide: 1}, (700, 300), boundaries)
    for figure in (chart.figure, chart.printed):
        square, far = list_areas(figure)
        for place, axis, share in zip(find_names(figure)["a"], "xy", (0.2, 0.7), strict=True):
            low, high = min(square[axis]), max(square[axis])
            assert place == pytest.approx(low + share * (high - low), abs=0.1)
        (moved,) = [note for note in figure["layout"]["annotations"] if note["text"] == wide]
        # The line ends in the area, and the words are outside of all.
        assert moved["showarrow"]
        assert min(far["x"]) < moved["x"] < max(far["x"])
        assert not min(far["y"]) < moved["ay"] < max(far["y"])


def test_however_wide_the_picture_is_its_height_holds_the_names_outside():
    names = [f"A-name-that-is-far-too-long-for-{n}" for n in range(8)]
    chart, _ = draw(dict.fromkeys(names, 1), (300, 900))
    south, north = chart.figure["layout"]["yaxis"]["range"]
    outside = [note for note in chart.figure["layout"]["annotations"] if note.get("showarrow")]
    assert len(outside) == len(names)
    assert all(south < note["ay"] < north for note in outside)
