"""Maps: a colour, its class in the key and the number behind it always agree."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.chart import Drawing
from longevity.charts.figures import maps
from longevity.charts.theme import DARK, LIGHT, NO_RESIDENTS, RAMP, WITHHELD, ZERO
from longevity.stats import rates
from longevity.text.rates import add_hover_text
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


def written(value: float, shades: maps.Scale) -> float:
    return float(f"{value:.{shades.decimals}f}")


def assert_key_holds(values: list[float], shades: maps.Scale) -> None:
    labels = shades.list_labels()
    assert len(labels) <= len(RAMP)
    assert list(shades.edges) == sorted(set(shades.edges))
    spans = [bounds(label) for label in labels]
    for (_, high), (low, _) in pairwise(spans):
        assert low > high  # no number is in two classes
        assert low - high == pytest.approx(10**-shades.decimals)  # and none between two
    for value in values:
        colour = shades.find_colour(value, "shown" if value else "zero")
        if value == 0:
            assert colour == ZERO
            continue
        low, high = spans[RAMP.index(colour)]
        assert low <= written(value, shades) <= high


@hypothesis_settings.many
@given(COUNTS)
def test_every_count_lies_in_the_class_its_colour_stands_for(values: list[int]) -> None:
    given = [float(v) for v in values]
    assert_key_holds(given, maps.build_scale(given, "people shot"))


@hypothesis_settings.many
@given(RATES)
def test_every_rate_lies_in_the_class_its_colour_stands_for(values: list[float]) -> None:
    assert_key_holds(values, maps.build_scale(values, "per 100,000", 1))


@pytest.mark.parametrize(
    ("values", "decimals", "labels"),
    [
        ([], 0, ["1"]),
        ([0, 0], 0, ["1"]),
        ([1], 0, ["1"]),
        ([3, 1], 0, ["1", "2", "3"]),
        ([6, 5, 4], 0, ["1–2", "3–4", "5–6"]),
        ([31, 25, 24], 0, ["1–8", "9–16", "17–24", "25–32"]),
        ([100, 3, 2, 1], 0, ["1–4", "5–20", "21–40", "41–80", "81–100"]),
        ([0.7], 1, ["up to 0.2", "0.3–0.4", "0.5–0.6", "0.7–0.8"]),
        ([7.2, 6], 1, ["up to 1.5", "1.6–3.0", "3.1–4.5", "4.6–6.0", "6.1–7.5"]),
        ([30, 25.5], 1, ["up to 6", "7–12", "13–18", "19–24", "25–30"]),
        ([0.04], 1, ["up to 0.1"]),
        ([], 1, ["up to 1.0"]),
    ],
)
def test_keys_by_hand(values: list[float], decimals: int, labels: list[str]) -> None:
    assert maps.build_scale(values, "unit", decimals).list_labels() == labels


@hypothesis_settings.many
@given(COUNTS.filter(lambda values: max(values, default=0) > 0))
def test_the_largest_value_has_the_darkest_colour_in_use(values: list[int]) -> None:
    shades = maps.build_scale([float(v) for v in values], "people shot")
    used = [RAMP.index(shades.find_colour(v, "shown")) for v in values if v]
    assert shades.find_colour(max(values), "shown") == RAMP[max(used)]
    assert max(used) == len(shades.edges) - 1


def test_missing_numbers_do_not_reach_the_scale() -> None:
    shades = maps.build_scale([float("nan"), 4.0, float("inf"), 2.0], "people shot")
    assert shades.edges == (1.0, 2.0, 3.0, 4.0)


def test_states_never_share_a_colour() -> None:
    shades = maps.build_scale([3.0], "people shot")
    drawn = {
        shades.find_colour(0.0, "zero"),
        shades.find_colour(None, "withheld"),
        shades.find_colour(2.0, "withheld"),
        shades.find_colour(None, "no_residents"),
        shades.find_colour(0.0, "no_residents"),
        *(shades.find_colour(v, "shown") for v in (1, 2, 3)),
    }
    assert drawn == {ZERO, WITHHELD, NO_RESIDENTS, *RAMP[:3]}


def areas(values: dict[str, float | None], city: str = "east") -> pd.DataFrame:
    frame = pd.DataFrame({"city": city, "neighbourhood": list(values), "said": list(values)})
    frame["value"] = [float("nan") if v is None else float(v) for v in values.values()]
    frame["state"] = [
        "no_residents" if v is None else "zero" if v == 0 else "shown" for v in values.values()
    ]
    return frame


def drawn(frame: pd.DataFrame, shades: maps.Scale, drawing: Drawing = DRAWING) -> dict[str, Any]:
    boundaries = figure_checks.squares(list(frame["neighbourhood"]))
    chart = maps.draw_areas(frame, boundaries, drawing, shades, None, "East", (300, 400))
    figure_checks.assert_valid(chart.figure)
    return chart.figure


def colours_of(figure: dict[str, Any]) -> dict[str, str]:
    """The colour each area is drawn in, as Plotly reads the trace."""
    (trace,) = figure["data"]
    steps = {round(at * trace["zmax"]): colour for at, colour in trace["colorscale"]}
    if len(set(trace["z"])) == 1:
        steps = {0: trace["colorscale"][0][1]}
    return {name: steps[z] for name, z in zip(trace["locations"], trace["z"], strict=True)}


@hypothesis_settings.some
@given(st.dictionaries(st.text("abcdef", min_size=1), st.none() | st.integers(0, 60), min_size=1))
def test_an_area_is_drawn_in_the_colour_of_its_class(values: dict[str, float | None]) -> None:
    frame = areas(values)
    shades = maps.build_scale(list(frame["value"].dropna()), "people shot")
    colours = colours_of(drawn(frame, shades))
    for name, value in values.items():
        state = "no_residents" if value is None else "zero" if value == 0 else "shown"
        assert colours[name] == shades.find_colour(value, state)


def test_one_number_has_one_colour_over_cities_that_stand_side_by_side() -> None:
    east, west = areas({"a": 2, "b": 40, "c": 0}), areas({"d": 2, "e": 40, "f": 7}, "west")
    shades = maps.build_scale([*east["value"], *west["value"]], "people shot")
    one, other = colours_of(drawn(east, shades)), colours_of(drawn(west, shades))
    assert one["a"] == other["d"]
    assert one["b"] == other["e"]
    assert one["c"] == ZERO


def test_a_single_area_and_no_area_can_be_drawn() -> None:
    shades = maps.build_scale([], "people shot")
    assert colours_of(drawn(areas({"a": 0}), shades)) == {"a": ZERO}
    empty = areas({})
    chart = maps.draw_areas(
        empty, figure_checks.squares([]), DRAWING, shades, None, "East", (300, 400)
    )
    figure_checks.assert_valid(chart.figure)
    assert chart.alt == "Map of 0 neighbourhoods. East. None above zero. 0 with none."


def test_the_alt_text_names_most_and_every_state() -> None:
    frame = areas({"a": 3.21, "b": 12.5, "c": 0, "d": None})
    shades = maps.build_scale(list(frame["value"].dropna()), "rate", 1)
    chart = maps.draw_areas(
        frame, figure_checks.squares(list("abcd")), DRAWING, shades, "b", "East", (9, 9)
    )
    assert chart.alt == (
        "Map of 4 neighbourhoods. East. Most: b 12.5, a 3.2. 1 with none, 1 without residents."
    )


def test_the_chosen_area_has_a_heavier_line() -> None:
    frame = areas({"a": 3, "b": 1})
    shades = maps.build_scale([3.0, 1.0], "people shot")
    chart = maps.draw_areas(
        frame, figure_checks.squares(["a", "b"]), DRAWING, shades, "b", "East", (300, 400)
    )
    first, second = chart.figure["data"][0]["marker"]["line"]["width"]
    assert second > first


@pytest.mark.parametrize("size", [(300, 400), (1000, 560)])
def test_the_view_holds_every_corner(size: tuple[int, int]) -> None:
    boundaries = figure_checks.squares(list("abcdef"))
    shades = maps.build_scale([1.0], "people shot")
    frame = areas(dict.fromkeys("abcdef", 1))
    chart = maps.draw_areas(frame, boundaries, DRAWING, shades, None, "East", size)
    view = chart.figure["layout"]["map"]
    # Web Mercator: the world is 512 pixels wide at zoom 0.
    pixels = 512 * 2 ** view["zoom"]
    longitudes = [x for f in boundaries["features"] for x, _ in f["geometry"]["coordinates"][0]]
    half = max(abs(x - view["center"]["lon"]) for x in longitudes) / 360 * pixels
    assert half <= size[0] / 2


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_mark_is_there_when_synthetic_and_only_then(theme: Any) -> None:
    frame = areas({"a": 1})
    shades = maps.build_scale([1.0], "people shot")
    for synthetic in (True, False):
        figure = drawn(frame, shades, Drawing(theme, {"east": "East"}, synthetic))
        assert figure_checks.is_marked(figure) == synthetic


def test_charts_leave_their_frame_as_it_was() -> None:
    frame = areas({"a": 1, "b": 0, "c": None})
    before = frame.copy(deep=True)
    drawn(frame, maps.build_scale([1.0, 0.0], "people shot"))
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("states", "names"),
    [
        ({"shown"}, ["1", "2"]),
        ({"shown", "zero"}, ["none", "1", "2"]),
        ({"zero", "no_residents", "withheld"}, ["none", "1", "2", "no residents", "withheld"]),
    ],
)
def test_the_key_names_the_states_that_occur(states: set[str], names: list[str]) -> None:
    frame = areas({state: 2 if state == "shown" else None for state in sorted(states)})
    frame["state"] = sorted(states)
    boundaries = figure_checks.squares(sorted(states))
    shades = maps.build_scale([2.0], "people shot")
    chart = maps.draw_areas(frame, boundaries, DRAWING, shades, None, "East", (300, 400))
    figure_checks.assert_valid(chart.printed)
    patches = [trace for trace in chart.printed["data"] if trace["mode"] == "markers"]
    assert [trace["name"] for trace in patches] == names
    colours = [trace["marker"]["color"] for trace in patches]
    assert len(set(colours)) == len(colours)


def test_a_rate_in_the_hover_lies_in_the_class_of_its_colour() -> None:
    frame = pd.DataFrame(
        {
            "city": "east",
            "neighbourhood": list("abcd"),
            "victims": [1, 7, 0, 3],
            "population": [90_000, 4_000, 2_000, None],
        }
    )
    shown = rates.compute_area_values(frame, "victims", 365, rates.RATE)
    shown = add_hover_text(shown, "victims", "people shot", 365, rates.RATE)
    shades = maps.build_scale(list(shown["value"].dropna()), "rate", 1)
    for row in shown[shown["state"] == "shown"].itertuples():
        said = re.search(r"([\d.,]+) per 100,000", row.said)
        assert said is not None
        low, high = bounds(
            shades.list_labels()[RAMP.index(shades.find_colour(row.value, row.state))]
        )
        assert low <= written(float(said[1].replace(",", "")), shades) <= high
