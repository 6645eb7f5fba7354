"""Colours can be read and told apart, also by readers who are colour-blind."""

from __future__ import annotations

import tomllib
from itertools import combinations, pairwise

import pytest

from longevity.press import style
from longevity.press.figures import hurt
from longevity.press.style import DARK, LIGHT, NO_RESIDENTS, RAMP, WITHHELD, ZERO, Theme
from longevity.settings import ROOT

Colour = tuple[float, float, float]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}
APART = 15.0  # CIE76; about 2.3 is the least a trained eye sees side by side
CITIES_APART = 20.0


def light_of(colour: str) -> Colour:
    """Linear light of "#rrggbb"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def luminance(colour: str) -> float:
    r, g, b = light_of(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(light: Colour) -> Colour:
    r, g, b = light
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883

    def root(t: float) -> float:
        return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

    return 116 * root(y) - 16, 500 * (root(x) - root(y)), 200 * (root(y) - root(z))


def difference(one: str, other: str, matrix: tuple[tuple[float, ...], ...]) -> float:
    seen = []
    for colour in (one, other):
        light = light_of(colour)
        r, g, b = (
            min(1.0, max(0.0, sum(m * v for m, v in zip(row, light, strict=True))))
            for row in matrix
        )
        seen.append(lab((r, g, b)))
    return float(sum((p - q) ** 2 for p, q in zip(*seen, strict=True)) ** 0.5)


def test_the_measures_themselves_are_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert difference("#000000", "#FFFFFF", SEEN["all colours"]) == pytest.approx(100, abs=0.01)
    assert difference("#FF0000", "#00FF00", SEEN["all colours"]) == pytest.approx(170.6, abs=0.2)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_text_and_city_colours_can_be_read_on_the_ground(theme: Theme) -> None:
    for colour in (theme.ink, theme.quiet, *theme.cities):
        assert contrast(colour, theme.ground) >= 4.5, colour


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_cities_can_be_told_apart(theme: Theme, eyes: str) -> None:
    for one, other in combinations(theme.cities, 2):
        assert difference(one, other, SEEN[eyes]) >= CITIES_APART, (one, other)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_number_can_be_read_in_a_bar_that_says_whether_something_was_done(theme: Theme) -> None:
    assert tuple(style.DONE_COLOURS[theme.name]) == style.DONE
    for colour in style.DONE_COLOURS[theme.name].values():
        assert contrast(colour, theme.ground) >= 4.5, colour


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_a_comparison_says_can_be_read_in_its_colour(theme: Theme) -> None:
    for colour in style.CHANGE_COLOURS[theme.name].values():
        assert contrast(colour, theme.ground) >= 4.5
    symbols = style.CHANGE_SYMBOLS
    assert len({symbols["up"], symbols["down"], symbols["unclear"]}) == 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_can_be_read_on_each_kind_of_group_involvement(theme: Theme) -> None:
    for part, colour in hurt.GMI_COLOURS[theme.name].items():
        assert contrast(colour, theme.ground) >= 3
        written = theme.ink if part == "not_gmi" else theme.ground
        assert contrast(colour, written) >= 4.5


def test_a_pattern_tells_what_was_done_from_what_was_not() -> None:
    assert tuple(style.DONE_PATTERNS) == style.DONE
    assert len(set(style.DONE_PATTERNS.values())) == len(style.DONE)


def test_a_line_and_a_marker_tell_cities_apart_too() -> None:
    for kinds in (style.CITY_DASHES, style.CITY_SYMBOLS):
        assert len(set(kinds)) == len(kinds) == len(LIGHT.cities) == len(DARK.cities)


@pytest.mark.parametrize("eyes", SEEN)
def test_classes_and_states_of_a_map_can_be_told_apart(eyes: str) -> None:
    colours = (ZERO, WITHHELD, NO_RESIDENTS, *RAMP)
    for one, other in combinations(colours, 2):
        assert difference(one, other, SEEN[eyes]) >= APART, (one, other)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize(
    "fills", [style.OUTCOME_FILLS, style.CLUSTER_FILLS], ids=["change", "clusters"]
)
def test_kinds_of_a_map_can_be_told_apart(fills: dict[str, str], eyes: str) -> None:
    for one, other in combinations(fills.values(), 2):
        assert difference(one, other, SEEN[eyes]) >= APART, (one, other)


def test_more_is_darker() -> None:
    for less, more in pairwise((ZERO, *RAMP)):
        assert luminance(less) > luminance(more)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_screen_has_the_ground_of_the_charts(theme: Theme) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["theme"][theme.name]["backgroundColor"].upper() == theme.ground.upper()


def test_a_theme_is_found_by_name_and_light_otherwise() -> None:
    assert style.theme("dark") is DARK
    assert style.theme("light") is style.theme(None) is style.theme("sepia") is LIGHT


def test_a_layout_given_more_keeps_the_house_style() -> None:
    made = style.layout(LIGHT, 300, xaxis={"tickformat": "d"}, title={"text": "x"})
    assert made["xaxis"]["tickformat"] == "d"
    assert made["xaxis"]["gridcolor"] == LIGHT.grid
    assert made["yaxis"]["rangemode"] == "tozero"
    assert made["title"] == {"text": "x"}
