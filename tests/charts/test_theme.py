"""Colours can be read and told apart: on screen and paper, by every eye, and printed grey."""

from itertools import combinations

import pytest

from longevity.charts import theme as style
from longevity.charts.theme import DARK, LIGHT, NO_RESIDENTS, RAMP, ZERO
from tests.oracles.colour_vision import SEEN, contrast, difference

# CIEDE2000. About 1 is the least a trained eye sees side by side; what is nearer than this must
# be told apart by something that is no colour.
APART = 8.0
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
