"""The kinds: drawn alike on every ground, in colours that can be told apart, and as PowerPoint has them."""

import math
import re
from dataclasses import replace
from functools import partial
from itertools import chain, combinations, pairwise

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE

from longevity.charts import theme as style
from longevity.charts.drawing import Drawing
from longevity.charts.kinds import KINDS, area_maps, bars
from longevity.charts.sparkline import ROOM, TALL, WIDE, draw_sparkline
from longevity.charts.template import leaders
from longevity.charts.template.maps import Area, AreaMap
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, DARK, LIGHT, NO_RESIDENTS, RAMP, ZERO, find_colour
from longevity.outputs.bundle import powerpoint_chart, slides
from longevity.outputs.bundle.powerpoint_chart import build_native
from longevity.screens.chart_catalogue import chart_list, over_time
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart, make_context
from tests.oracles import figure_checks
from tests.oracles.figure_checks import SEEN, contrast, difference, find_colours, find_names, list_areas, squares

DAYS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])
LINES = pd.DataFrame(
    {
        "city": ["east"] * 3 + ["west"] * 3,
        "day": [*DAYS, *DAYS],
        "shot": pd.array([4, None, 6, 1, 2, 3], "Int64"),
        "begins": DAYS[1],
    }
)
CELLS = pd.DataFrame({"day": ["Mon"], "hour": ["12 am"], "said": ["7"], "text": ["7"], "colour": ["ramp:2"]})
DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, False)


def give(kind, frame, words, **options):
    """What draws a frame as a kind does, with a drawing, and on paper or not."""
    return lambda drawing=DRAWING, **more: KINDS[kind](drawing, frame, words, **options).draw(**more)


def give_ratios(*rows):
    """What draws ratios of cities, each with its interval."""
    frame = pd.DataFrame(rows, columns=["city", "value", "low", "high"])
    return give("intervals", frame.assign(label=frame["city"], said=frame["city"]), {}, ratio=True)


def draw_map(drawing=DRAWING, **more):
    areas, boundaries = (Area("Hill", "#F6C296", "shown", "Hill: 3"),), figure_checks.squares(["Hill"])
    return AreaMap(drawing, boundaries, areas, (("1–3", "#F6C296"),), "people shot", (300, 400)).draw(**more)


MARKED = [{"kind": "line", "y": "shot", "markers": True}]
lines = partial(give, "plot", LINES, {"rule": "program begins"}, x="day", marks=MARKED)
HOUSING = pd.DataFrame({"answered": [3], "label": ["Housing"]})
DRAWN = {
    "plot": lines(along="days", cities="series", rule="begins", keyed=True),
    "rows": give("rows", HOUSING, {"parts.answered": "answered"}, parts={"answered": "yes"}),
    "intervals": give_ratios(("east", 2, 1, 3)),
    "grid": give("grid", CELLS, {}, column="hour", row="day"),
    "map": draw_map,
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_kind_is_drawn_the_same_twice_and_in_the_colours_of_its_ground_alone(kind):
    for look, other in ((LIGHT, DARK), (DARK, LIGHT)):
        for synthetic in (True, False):
            drawing = replace(DRAWING, theme=look, synthetic=synthetic)
            figure = DRAWN[kind](drawing)
            assert figure == DRAWN[kind](drawing)
            assert not any(colour in str(figure) for colour in (other.ink, other.quiet, other.grid))
            for picture in (figure, DRAWN[kind](drawing, on_paper=True)):
                figure_checks.assert_valid(picture)
                assert figure_checks.is_marked(picture) == synthetic
                assert all(map(figure_checks.is_coloured, picture["data"]))


def test_what_is_not_known_is_a_gap_and_lines_differ_without_their_colours():
    figure = DRAWN["plot"]()
    assert figure["data"][0]["y"] == [4, None, 6]
    assert figure["data"][0]["connectgaps"] is False
    assert [trace["line"]["dash"] for trace in figure["data"]] == list(CITY_DASHES[:2])
    assert [trace["marker"]["symbol"] for trace in figure["data"]] == list(CITY_SYMBOLS[:2])


def test_of_a_part_that_is_missing_that_is_read_out_and_of_a_nought_nothing():
    frame = pd.DataFrame({"label": ["East"], "met": [3], "late": [0]})
    frame["unmet"] = pd.array([None], "Int64")
    parts = {"met": "yes", "late": "late", "unmet": "no"}
    said = bars.Rows(DRAWING, frame, {f"parts.{name}": name for name in parts}, parts).describe()
    assert said == "Bars. East: 3 met, not shown unmet."


def draw_years(years, mark, **columns):
    frame = pd.DataFrame({"city": "east", "year": years, **columns})
    return give("plot", frame, {}, x="year", marks=[mark])()["data"]


def test_bars_years_apart_are_as_wide_as_a_year_and_cover_none_between():
    """Of the room there is between them Plotly would take most: 2018 reached over 2016."""
    (drawn,) = draw_years([2015, 2018, 2023], {"kind": "bar", "y": "shot"}, shot=[4, 5, 6])
    assert drawn["width"] < 1


def test_intervals_have_a_place_on_the_scale_and_bands_their_ends():
    first, second = give_ratios(("east", 0, 0, 0.5), ("west", None, 2, None))()["data"]
    assert all(0 < x < 1 for x in first["x"])
    assert first["x"] == sorted(first["x"])
    assert second["marker"]["size"] == [1, 1, 1]  # no mark: only a least ratio is known
    assert second["x"][0] == 2 < second["x"][2]
    mark = {"kind": "line", "y": "rate", "low": "low", "high": "high"}
    low, high, _ = draw_years([2025, 2026], mark, rate=[3, 4], low=[2, 3], high=[5, 6])
    assert (low["y"], high["y"], high["fill"]) == ([2, 3], [5, 6], "tonexty")


THREE = {"east": "East", "west": "West", "south": "South"}


@hypothesis_settings.some
@given(st.lists(st.integers(0, 300), min_size=3, max_size=3))
def test_end_labels_never_cover_each_other_and_keep_their_order(values):
    frame = pd.DataFrame({"city": list(THREE), "year": 2026, "victims": values, "complete": True})
    about = over_time.describe_measure("victims")
    rows = frame.astype({"victims": "Int64"}).assign(count=frame["victims"])
    chart = draw_chart("year-to-date", rows, THREE, days="January 1 to November 22", **about)
    heights = {note["text"]: note["y"] for note in chart.figure["layout"]["annotations"] if note["yref"] == "y"}
    at = [heights[f"<b>{THREE[city]} {value}</b>"] for city, value in zip(THREE, values, strict=True)]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert abs(at[i] - at[j]) >= max(1, *values) * 0.07
        assert values[i] >= values[j] or at[i] < at[j]


def test_the_line_of_a_tile_begins_at_zero_and_a_year_not_known_is_a_gap_that_takes_its_room():
    def read(counts):
        found = re.findall(r'points="([^"]+)"', draw_sparkline(counts))
        return [[tuple(map(float, point.split(","))) for point in points.split()] for points in found]

    ((first, second, last),) = read([10, 20, 0])
    foot = TALL - ROOM
    assert (first[0], second[0], last) == (0, WIDE / 2, (WIDE, foot))
    assert abs((foot - second[1]) - 2 * (foot - first[1])) < 0.2
    before, after = read([None, 5, 5, None, 5])
    assert [[x for x, _ in line] for line in (before, after)] == [[25, 50], [100]]


# Colours can be read and told apart: by every eye, and printed grey
# CIEDE2000. About 1 is the least a trained eye sees side by side; what is nearer than this must
# be told apart by something that is no colour.
APART = 6.5
THEMES = [LIGHT, DARK]
TOLD_APART = ("up", "down", "unclear")  # the others are drawn as unclear and say why in words
AMOUNTS = {str(at): colour for at, colour in enumerate((ZERO, *RAMP))}
# Of each palette the colours, and what tells its parts apart without them: a dash and a marker, a
# hatching or a symbol.
PALETTES = {
    "amounts on a map": (AMOUNTS, {}),
    "amounts and states on paper": ({**AMOUNTS, "no_residents": NO_RESIDENTS}, style.HATCHES),
    **{f"differences, {name}, on a map": (colours, {}) for name, colours in style.DIFFERENCES.items()},
}
for theme in THEMES:
    dashes = enumerate(zip(style.CITY_DASHES, style.CITY_SYMBOLS, strict=True))
    cities = {str(at): colour for at, colour in enumerate(theme.cities)}
    changes = {way: colour for way, colour in style.CHANGES[theme.name].items() if way in TOLD_APART}
    PALETTES |= {
        f"cities, {theme.name}": (cities, {str(at): look for at, look in dashes}),
        f"done, {theme.name}": (style.STATES[theme.name], {}),
        f"changes, {theme.name}": (changes, style.CHANGE_SYMBOLS),
    }
OF_A_MAP = ("on a map", "on paper")


@pytest.mark.parametrize("eyes", SEEN)
def test_what_colour_does_not_tell_apart_something_else_does(eyes):
    for name, (colours, second) in PALETTES.items():
        for part, other in combinations(colours, 2):
            apart = difference(colours[part], colours[other], eyes)
            assert apart >= APART or second.get(part) != second.get(other), (name, part, other, round(apart, 1))
    if eyes != "printed grey":  # on the screen a map needs no hatching
        for colour, other in combinations((ZERO, NO_RESIDENTS, *RAMP), 2):
            assert difference(colour, other, eyes) >= APART, (colour, other)


@pytest.mark.parametrize("name", [name for name in PALETTES if not name.endswith(OF_A_MAP)])
def test_a_mark_or_what_is_around_it_stands_out_on_its_ground(name):
    theme = DARK if name.endswith("dark") else LIGHT
    for part, colour in PALETTES[name][0].items():
        edge = style.find_edge(theme, f"done:{part}") if name.startswith("done") else colour
        assert max(contrast(colour, theme.ground), contrast(edge, theme.ground)) >= 3, (part, colour)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_what_is_read_or_outlined_stands_out_from_what_lies_under_it(theme):
    looks = (f"done:{kind}" for kind in style.STATES[theme.name]), (f"ramp:{at}" for at in style.AMOUNTS[theme.name])
    cells = [(find_colour(theme, look), style.find_ink(theme, look)) for look in chain(*looks)]
    on_ground = (*theme.cities, theme.ink, theme.quiet, *style.CHANGES[theme.name].values())
    for least, pairs in (
        (4.5, cells),  # words in a cell
        (4.5, [(theme.ground, colour) for colour in on_ground]),
        (3, [(theme.ground, colour) for colour in (style.BORDER, theme.quiet)]),  # around areas, patches and cells
    ):
        for under, colour in pairs:
            assert contrast(under, colour) >= least, (under, colour)
    assert len({style.CHANGE_SYMBOLS[way] for way in TOLD_APART}) == 3


# What PowerPoint has a chart for is one with the figure's values; the rest is a picture
YEARS = pd.DataFrame({"year": [2021, 2022, 2023], "shot": [1, 2, 3], "killed": [1, 1, 1]})
CITIES = pd.concat([YEARS.assign(city="east"), YEARS.assign(city="west")])
LINE, BARS = ({"kind": kind, "y": "shot"} for kind in ("line", "bar"))


def plot(frame, *marks, **more):
    options = {"x": "year", "cities": "", "marks": marks} | more
    names = {"parts.shot": "shot", "parts.killed": "killed"}
    return build_native(KINDS["plot"](DRAWING, frame, names, **options).draw(on_paper=True))


def add(native):
    """The chart on a slide, as python-pptx reads it."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    return powerpoint_chart.add_chart(slide, native, (0, 0, 9_000_000, 5_000_000)).chart


def test_columns_are_a_series_each_with_a_gap_where_nothing_is_known():
    frame = pd.DataFrame({"year": [2025, 2026], "killed": [0, 1]})
    frame["shot"] = pd.array([4, None], "Int64")
    native = plot(frame, parts={"shot": "yes", "killed": "no"})
    drawn = add(native)
    assert native.categories == ("2025", "2026")
    assert [list(series.values) for series in drawn.plots[0].series] == [[4, None], [0, 1]]
    assert drawn.chart_type == XL_CHART_TYPE.COLUMN_STACKED


@pytest.mark.parametrize("kind", style.STATES["light"])
def test_a_part_that_looks_like_the_ground_has_an_outline(kind):
    frame = pd.DataFrame({"label": ["East"], "of": [2], "rest": [3]})
    parts, names = {"of": kind, "rest": "yes"}, {"parts.of": kind, "parts.rest": "rest"}
    native = build_native(KINDS["rows"](DRAWING, frame, names, parts).draw(on_paper=True))
    part = add(native).plots[0].series[0].format
    assert {str(part.fill.fore_color.rgb), str(part.line.color.rgb)} != {LIGHT.ground.removeprefix("#")}


PICTURES = {
    **{kind: build_native(DRAWN[kind](on_paper=True)) for kind in ("intervals", "grid", "map")},
    "band": plot(YEARS, LINE | {"low": "killed", "high": "year"}),
    "a part of a period, which is hollow": plot(YEARS.assign(whole=[True, True, False]), BARS | {"whole": "whole"}),
    "two kinds": plot(YEARS, LINE, {"kind": "bar", "y": "killed"}),
    "under each other": plot(CITIES, LINE, cities="panels"),
    "what a legend cannot tell apart": plot(YEARS, LINE, LINE),
    "nothing": plot(YEARS.head(0), LINE),
}


@pytest.mark.parametrize("native", PICTURES.values(), ids=PICTURES)
def test_what_powerpoint_has_no_chart_for_is_a_picture(native):
    assert native is None
    bent = plot(YEARS.assign(year=[2019, 2021, 2022]), LINE)
    assert (bent.kind, bent.series[0][1]) == ("lines", (1, None, 2, 3))  # a year without a figure has its place


def test_a_withheld_step_is_no_bar_of_nothing_on_a_slide():
    steps = ["invited", "reachable", "attended"]
    frame = pd.DataFrame({"city": "east", "year": 2025, "step": steps})
    frame["members"] = pd.array([9, None, 0], dtype="Int64")
    frame["members_state"] = ["shown", "withheld", "zero"]
    context = make_context({"east": "East"}, public_funnel=frame)
    chart = build_native(chart_list.draw_chart(context, "call-in-steps", {}).printed)
    assert (chart.kind, chart.series[0][1]) == ("bars", (9, None, 0))
    assert chart.categories[1] == "East, Reached by the invitation: withheld"


# Maps: a colour, its class in the key and the number behind it always agree; names cover nothing.
COUNTS = st.lists(st.integers(0, 5000), max_size=40)
RATES = st.lists(st.floats(0, 3000, allow_subnormal=False).filter(lambda v: v == 0 or v > 0.001))


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


@pytest.mark.hypothesis  # as its property is inside
@pytest.mark.parametrize(("drawn", "decimals"), [(COUNTS, 0), (RATES, 1)], ids=["counts", "rates"])
def test_every_value_lies_in_the_class_its_colour_means(drawn, decimals):
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


def test_of_a_block_whose_source_holds_those_killed_alone_no_number_of_people_shot_is_said():
    points = pd.DataFrame({"city": "east", "longitude": [1, 2], "latitude": 1, "neighbourhood": "Hill", "fatal": 1})
    points = points.assign(occurred_on=DAYS[:2], victims=pd.array([None, 1], "Int64"))
    said = area_maps.group_by_block(points)["said"]
    assert ["shot" in words for words in said] == [False, True]


def draw(values, size=(300, 400), boundaries=None):
    """A map of a row of squares with these values, and its key; without residents a value is None."""
    names = list(values)
    states = ["no_residents" if v is None else "zero" if v == 0 else "shown" for v in values.values()]
    frame = pd.DataFrame({"city": "east", "neighbourhood": names, "said": names, "state": states})
    frame["value"] = [math.nan if v is None else float(v) for v in values.values()]
    key = area_maps.build_scale(list(frame["value"].dropna()), "people shot")
    chart = area_maps.draw_areas(frame, boundaries or squares(names), DRAWING, key, None, "East", size)
    figure_checks.assert_valid(chart.figure)
    return chart, key


def test_an_area_is_drawn_in_the_colour_of_its_class():
    values = {"a": None, "b": 0, "c": 1, "d": 7, "e": 7, "f": 60}
    chart, key = draw(values)
    colours = find_colours(chart.figure)
    for name, value in values.items():
        state = "no_residents" if value is None else "zero" if value == 0 else "shown"
        assert colours[name] == find_colour(LIGHT, key.find_colour(value or 0, state))
    assert len({*colours.values()}) == 5


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


def test_names_outside_cover_no_area_and_no_name_and_their_lines_cross_none():
    areas = [shapely.box(x, y, x + 20, y + 20) for x in range(0, 80, 20) for y in range(0, 60, 20)]
    names = tuple(leaders.NameBox(area.centroid.x, area.centroid.y, 70, 20, area) for area in areas)
    found = leaders.find_leaders(names, (), (-200, 280, -100, 160))
    boxes = [shapely.box(x - 35, y - 10, x + 35, y + 10) for _, (x, y) in found]
    assert not any(one.intersects(other) for one, other in combinations([*boxes, shapely.union_all(areas)], 2))
    for at, (line, area) in enumerate(zip(map(shapely.LineString, found), areas, strict=True)):
        assert area.contains(shapely.Point(line.coords[0]))
        assert not any(line.intersects(box) for other, box in enumerate(boxes) if other != at)
    # Where all is area, over it, and still over no other name.
    wide = leaders.NameBox(50, 50, 40, 20, shapely.box(0, 0, 100, 100))
    (((_, (x, y))),) = leaders.find_leaders((wide,), (wide,), (0, 100, 0, 100))
    assert abs(x - 50) > 40 or abs(y - 50) > 20
