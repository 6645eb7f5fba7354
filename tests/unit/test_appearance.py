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


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_nothing_is_fetched_from_elsewhere(name):
    text = (appearance.HERE / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|import\(", text)
