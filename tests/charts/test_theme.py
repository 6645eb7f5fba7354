"""Colours can be read and told apart: on screen and paper, by every eye, and printed grey."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pytest

from longevity.charts import theme as style
from longevity.charts.theme import DARK, LIGHT, NO_RESIDENTS, RAMP, ZERO
from tests.oracles.colour_vision import SEEN, contrast, difference

# CIEDE2000. About 1 is the least a trained eye sees side by side; what is nearer than this must
# be told apart by something that is no colour.
APART = 8.0
THEMES = [LIGHT, DARK]
Palette = tuple[Mapping[str, str], Mapping[str, str]]


def palettes() -> dict[str, Palette]:
    """Of each palette the colours, and what tells its parts apart without them: a dash and a
    marker, a hatching or a symbol.
    """
    found: dict[str, Palette] = {}
    for theme in THEMES:
        name = theme.name
        second = [*zip(style.CITY_DASHES, style.CITY_SYMBOLS, strict=True)]
        cities = {str(at): colour for at, colour in enumerate(theme.cities)}
        found[f"cities, {name}"] = cities, {str(at): str(two) for at, two in enumerate(second)}
        found[f"done, {name}"] = style.STATES[name], dict.fromkeys(style.STATES[name], "")
        changes = {k: v for k, v in style.CHANGES[name].items() if k in TOLD_APART}
        found[f"changes, {name}"] = changes, style.CHANGE_SYMBOLS
    amounts = {str(at): colour for at, colour in enumerate((ZERO, *RAMP))}
    states = {"no_residents": NO_RESIDENTS}
    found["amounts on a map"] = amounts, dict.fromkeys(amounts, "")
    found["amounts and states on paper"] = (
        {**amounts, **states},
        {
            **dict.fromkeys(amounts, ""),
            **style.HATCHES,
        },
    )
    for name, colours in style.DIFFERENCES.items():
        found[f"differences, {name}, on a map"] = colours, dict.fromkeys(colours, "")
    return found


TOLD_APART = ("up", "down", "unclear")  # the others are drawn as unclear and say why in words
OF_A_MAP = ("on a map", "on paper")


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("name", palettes())
def test_what_colour_does_not_tell_apart_something_else_does(name, eyes):
    colours, second = palettes()[name]
    for one, other in combinations(colours, 2):
        apart = difference(colours[one], colours[other], eyes)
        assert apart >= APART or second[one] != second[other], (one, other, round(apart, 1))


@pytest.mark.parametrize("eyes", [eyes for eyes in SEEN if eyes != "printed grey"])
def test_on_the_screen_a_map_needs_no_hatching(eyes):
    for one, other in combinations((ZERO, NO_RESIDENTS, *RAMP), 2):
        assert difference(one, other, eyes) >= APART, (one, other)


@pytest.mark.parametrize("name", [name for name in palettes() if not name.endswith(OF_A_MAP)])
def test_a_mark_or_what_is_around_it_stands_out_on_its_ground(name):
    theme = DARK if name.endswith("dark") else LIGHT
    for part, colour in palettes()[name][0].items():
        edge = style.find_edge(theme, f"done:{part}") if name.startswith("done") else colour
        assert max(contrast(colour, theme.ground), contrast(edge, theme.ground)) >= 3, (
            part,
            colour,
        )


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_words_in_a_cell_can_be_read(theme):
    for kind, fill in style.STATES[theme.name].items():
        assert contrast(fill, style.find_ink(theme, f"done:{kind}")) >= 4.5, kind
    for at, fill in style.AMOUNTS[theme.name].items():
        ink = style.find_ink(theme, f"ramp:{at}")
        assert contrast(fill, ink) >= 4.5, fill


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_what_is_read_or_outlined_stands_out_from_what_lies_under_it(theme):
    for what, least, colours in (
        ("around areas, patches and cells", 3, (style.BORDER, theme.quiet)),
        ("text and cities", 4.5, (theme.ink, theme.quiet, *theme.cities)),
        ("what a comparison says", 4.5, style.CHANGES[theme.name].values()),
    ):
        for colour in colours:
            assert contrast(colour, theme.ground) >= least, (what, colour)
    assert len({style.CHANGE_SYMBOLS[way] for way in TOLD_APART}) == 3
