"""The measures of colour the palettes are held to are themselves right."""

from __future__ import annotations

import pytest

from tests.oracles.colour_vision import ciede2000, contrast, difference

# Pairs of Sharma, Wu and Dalal (2005), table 1: those at the turns of the formula.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
]


@pytest.mark.parametrize(("one", "other", "apart"), PUBLISHED)
def test_the_difference_is_the_published_one(
    one: tuple[float, float, float], other: tuple[float, float, float], apart: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(apart, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(apart, abs=5e-5)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_eyes_lose_what_they_are_known_to_lose() -> None:
    red, green = "#C00000", "#5A6E00"
    blue, teal = "#0060B0", "#00787A"
    for pair, eyes in (((red, green), "protanopia"), ((blue, teal), "tritanopia")):
        assert difference(*pair, eyes) < 0.6 * difference(*pair)
    # The same luminance is the same grey.
    assert difference("#FF0000", "#7F7F7F", "printed grey") < 1
    assert difference("#000000", "#FFFFFF", "printed grey") == pytest.approx(100, abs=0.01)
