"""What every screen wears: a chart drawn for the dark ground is printed as on the light."""

from __future__ import annotations

import re

import pytest

from longevity.charts import theme
from longevity.ui import appearance
from tests.oracles.colour_vision import contrast

PALETTES = tuple(theme.PALETTES.values())


def test_every_colour_of_the_dark_ground_has_one_on_paper():
    known = appearance.pair_colours()
    dark = theme.DARK
    assert {dark.ink, dark.quiet, dark.grid, dark.ground, *dark.cities} <= set(known)
    for palette in PALETTES:
        assert set(palette["dark"].values()) <= set(known)


def test_what_is_drawn_in_ink_can_be_read_on_paper():
    known = appearance.pair_colours()
    for dark in (theme.DARK.ink, theme.DARK.quiet, *theme.DARK.cities):
        assert contrast(known[dark], "#FFFFFF") >= 4.5


def test_no_dark_colour_has_two_on_the_light_ground_that_differ_in_what_they_say():
    for palette in (
        theme.STATE_COLOURS,
        theme.DONE_COLOURS,
        theme.GMI_COLOURS,
        theme.COVERAGE_COLOURS,
    ):
        on_light = [appearance.pair_colours()[dark] for dark in palette["dark"].values()]
        assert len(set(on_light)) == len(on_light)


def test_a_rule_names_the_colour_as_a_browser_writes_it():
    rules = appearance.write_paper_rules()
    red, green, blue = (int(theme.DARK.ink[at : at + 2], 16) for at in (1, 3, 5))
    assert f'[style*="fill: rgb({red}, {green}, {blue})"]{{fill:{theme.LIGHT.ink}' in rules


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_nothing_is_fetched_from_elsewhere(name):
    text = (appearance.HERE / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|import\(", text)
