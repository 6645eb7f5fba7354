"""Sentence, arrow, colour and interval of a comparison never disagree, whatever the counts."""

from __future__ import annotations

import math
import re
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from longevity.findings.change_wording import ChangeText, describe_change
from longevity.stats.comparison import Comparison, compare
from longevity.stats.dispersion import Dispersion
from tests.factories import hypothesis_settings

COUNTS = st.one_of(
    st.just(0), st.integers(0, 12), st.integers(20, 60), st.integers(0, 900), st.integers(0, 10**7)
)
TIMES = st.one_of(st.just(1.0), st.integers(0, 9).map(float), st.floats(1e-3, 1e6))
DISPERSIONS = st.one_of(
    st.none(),
    st.builds(
        Dispersion,
        st.one_of(st.just(1.0), st.floats(1.0, 1.3), st.floats(1.0, 500.0)),
        st.integers(2, 300),
    ),
)
LEVELS = st.one_of(st.just(0.95), st.floats(0.5, 0.9999))
WHEN = "the same days before"

# What may be read where each outcome is claimed, written out apart from the module.
ARROW = {"up": "▲", "down": "▼", "unclear": "–", "none": "0", "unknown": "?"}
CLAIM = {"up": ": clearly up", "down": ": clearly down"}


def figures(found: Comparison) -> list[float]:
    values = [found.ratio, found.low, found.high, found.p_value, found.base, found.difference]
    return [value for value in values if value is not None]


def texts(told: ChangeText) -> list[str]:
    values = [getattr(told, field.name) for field in fields(told)]
    return [value for value in values if isinstance(value, str)]


def bounds(interval: str) -> tuple[float | None, float | None]:
    """The bounds as a reader would take them from the printed interval."""
    numbers = [
        {"just over 1": 1.000001, "just under 1": 0.999999, "under 0.01": 0.005}.get(word)
        or float(word.replace(",", ""))
        for word in re.findall(r"just over 1|just under 1|under 0\.01|[\d.,]+", interval)
    ]
    if interval.startswith("at least"):
        return numbers[0], None
    if interval.startswith("at most") or len(numbers) == 1:
        return None, numbers[0]
    return (numbers[0], numbers[1]) if numbers else (None, None)


@hypothesis_settings.many
@given(st.none() | COUNTS, st.none() | COUNTS, TIMES, TIMES, DISPERSIONS, LEVELS)
def test_one_object_never_contradicts_itself(current, previous, time, before, dispersion, level):
    found = compare(current, previous, time, before, dispersion, level)
    told = describe_change(found, WHEN, 30)
    assert all(math.isfinite(value) for value in figures(found))
    colour = told.outcome.value
    assert told.arrow == ARROW[colour]
    for direction, claim in CLAIM.items():
        assert (claim in told.sentence) == (colour == direction)
    low, high = bounds(told.interval)
    if colour == "up":
        assert low is not None
        assert low > 1
        assert told.difference.endswith("more")
    elif colour == "down":
        assert high is not None
        assert high < 1
        assert told.difference.endswith("fewer")
    else:
        assert low is None or low < 1.0000001
        assert high is None or high > 0.9999999
    if found.ratio is not None and found.low is not None:
        assert found.low <= found.ratio * (1 + 1e-9)
        assert found.high is None or found.ratio <= found.high * (1 + 1e-9)
    # The p-value and the interval are one test.
    if found.p_value is not None and abs(found.p_value - (1 - level)) > 1e-7:
        assert (found.p_value < 1 - level) == (colour in ("up", "down"))


@hypothesis_settings.many
@given(COUNTS, COUNTS, TIMES, TIMES, DISPERSIONS, st.integers(1, 60))
def test_no_percentage_on_a_small_base_and_nothing_endless(
    current, previous, time, before, dispersion, least
):
    told = describe_change(compare(current, previous, time, before, dispersion), WHEN, least)
    base = previous * (time / before) if before else 0.0
    for text in texts(told):
        assert not re.search(r"\b(inf|infinity|nan|none\b.*\d)", text, re.IGNORECASE)
        if base < least:
            # The level of the interval is the only percentage left.
            assert not re.search(r"\d\s*%(?! interval)", text)
            assert "+" not in text


@hypothesis_settings.many
@given(COUNTS, COUNTS, DISPERSIONS)
def test_the_mirror_image_says_the_opposite(current, previous, dispersion):
    one = compare(current, previous, dispersion=dispersion).outcome.value
    other = compare(previous, current, dispersion=dispersion).outcome.value
    assert {"up": "down", "down": "up"}.get(one, one) == other
