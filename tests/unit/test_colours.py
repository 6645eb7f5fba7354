"""The measures of colour the palettes are held to are themselves right."""

from __future__ import annotations

import pytest

from tests.oracles.colour_vision import ciede2000

# Pairs of Sharma, Wu and Dalal (2005), table 1: those at the turns of the formula.
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
]


@pytest.mark.parametrize(("one", "other", "apart"), PUBLISHED)
def test_the_difference_is_the_published_one(one, other, apart):
    assert ciede2000(one, other) == pytest.approx(apart, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(apart, abs=5e-5)
