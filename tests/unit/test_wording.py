"""Words for numbers never say anything the numbers do not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.findings import change_wording
from longevity.findings.change_wording import describe_change
from longevity.measures import wording
from longevity.stats.comparison import compare
from longevity.stats.dispersion import Dispersion
from tests.factories import hypothesis_settings

COUNTS = st.integers(0, 5_000_000)
BASES = st.integers(1, 500)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
SPANS = st.integers(1, 4000)


@hypothesis_settings.many
@given(COUNTS, COUNTS, BASES)
def test_the_sign_of_a_percentage_agrees_with_the_numbers(current, previous, least):
    change = wording.format_percentage_change(current, previous, least) or ""
    assert not (change.startswith("+") and current <= previous)
    assert not (change.startswith(wording.MINUS) and current >= previous)
    assert (change == "0%") <= (current == previous)


@hypothesis_settings.many
@given(COUNTS, COUNTS, st.integers(0, 500))
def test_no_percentage_on_a_small_base_and_never_inf_or_nan(current, previous, least):
    shared = wording.format_share(min(current, previous), previous, least)
    change = wording.format_percentage_change(current, previous, least)
    for words in (change or "", shared):
        assert not re.search(r"inf|nan", words, re.IGNORECASE)
    if previous < least or previous == 0:
        assert "%" not in shared
        assert wording.format_percentage_change(current, previous, least) is None


@hypothesis_settings.many
@given(COUNTS, COUNTS)
def test_a_share_that_is_not_all_is_never_100_nor_one_of_something_0(a, b):
    part, whole = sorted((a, b))
    said = wording.format_share(part, whole, 1).replace("\u00a0", " ")
    assert (said == "100.0%") == (part == whole > 0)
    assert (said == "0.0%") == (part == 0 < whole)


@pytest.mark.parametrize(
    ("current", "previous", "said"),
    [
        (312, 287, "+9%"),
        (10, 29, None),
        (3, 0, None),
        (1001, 1000, "under 1%"),
        (30, 30, "0%"),
    ],
)
def test_percentages_by_hand(current, previous, said):
    assert wording.format_percentage_change(current, previous, 30) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (3, 29, "3 of 29"),
        (0, 0, "0 of 0"),
        (9999, 10000, "over 99.9%"),
        (1, 10000, "under 0.1%"),
    ],
)
def test_shares_by_hand(part, whole, said):
    assert wording.format_share(part, whole, 30).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("start", "until", "period", "during"),
    [
        ("2016-01-01", "2017-01-01", "2016", "in 2016"),
        ("2026-01-01", "2026-11-23", "January 1 to November 22, 2026", "from "),
        ("2024-02-29", "2024-03-01", "February 29, 2024", "on February 29, 2024"),
        ("2023-12-31", "2024-01-02", "December 31, 2023 to January 1, 2024", "from "),
        ("2016-01-01", "2017-12-31", "January 1, 2016 to December 30, 2017", "from "),
        ("2016-01-02", "2017-01-01", "January 2 to December 31, 2016", "from "),
    ],
)
def test_periods_by_hand(start, until, period, during):
    first, after = date.fromisoformat(start), date.fromisoformat(until)
    assert wording.format_period(first, after) == period
    assert wording.format_during(first, after) == (f"from {period}" if during == "from " else during)


@hypothesis_settings.many
@given(DAYS, SPANS)
def test_a_part_of_a_year_is_never_called_the_year(start, days):
    until = start + timedelta(days=days)
    said = wording.format_period(start, until)
    whole = (start.month, start.day) == (until.month, until.day) == (1, 1)
    assert bool(re.fullmatch(r"\d{4}( to \d{4})?", said)) == whole
    if not whole:
        last = until - timedelta(days=1)
        assert str(last.day) in said.split(" to ")[-1]
        assert str(start.day) in said


@hypothesis_settings.many
@given(st.text(max_size=60))
def test_text_from_outside_keeps_its_letters_and_stays_on_one_line(text):
    shown = wording.escape_markdown(text)
    assert not re.search(r"[\r\n\t]", shown)
    unescaped = re.sub(r"\\(.)", r"\1", shown)
    lines = re.sub(r"[\r\n\t\v\f\u2028\u2029]+", " ", text)
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert unescaped == "".join(
        sign
        for sign in lines
        if unicodedata.category(sign) != "Cc"
        and unicodedata.bidirectional(sign) not in turning
        and sign not in "\u200e\u200f\u061c"
    )


@pytest.mark.parametrize("sign", list("`*_{}[]<>#$|~:&\\"))
def test_every_sign_with_a_meaning_is_escaped(sign):
    assert wording.escape_markdown(f"a{sign}b") == f"a\\{sign}b"


# What a comparison is called

WHEN = "the same days of 2025"
BASE = 30


def sentence(*counts: int | None, dispersion: Dispersion | None = None) -> str:
    return describe_change(compare(*counts, dispersion=dispersion), WHEN, BASE).sentence.replace("\u00a0", " ")


def test_the_sentences():
    assert sentence(44, 36) == (
        "44 against 36 in the same days of 2025: no clear change "
        "(8 more, +22%; 95% interval 0.77 to 1.95 times as many, assuming independent events)."
    )
    assert sentence(3, 2) == "3 against 2 in the same days of 2025: 1 more, too few to tell."
    assert sentence(0, 6) == (
        "0 against 6 in the same days of 2025: clearly down (6 fewer; 95% interval at most 0.85 "
        "times as many, assuming independent events)."
    )
    assert sentence(0, 0) == "None, as in the same days of 2025."


def test_what_is_missing_is_not_zero():
    assert sentence(5, None) == "5; there is no count of the same days of 2025."
    assert sentence(None, 5) == "The count is not known."
    words = describe_change(compare(5, 6, 1, 0), "the years before", BASE)
    assert words.sentence == "5; 6 in the years before."
    assert (words.arrow, words.interval, words.percentage) == ("?", "", None)


def test_a_mean_of_years_is_told_as_one_and_is_its_own_base():
    told = describe_change(compare(28, 89, 1, 3), "the same days of 2023 to 2025", BASE)
    assert told.sentence.startswith(
        "28 against 29.7 on average in the same days of 2023 to 2025: 2 fewer, too few to tell"
    )
    # The three years hold 89, but the base is their mean, and that is under 30.
    assert (told.difference, told.percentage) == ("2 fewer", None)
    assert describe_change(compare(28, 90, 1, 3), WHEN, BASE).percentage == "−7%"


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.00003, None, ""),  # above next to nothing: it bounds nothing
        (0.001, 0.003, "at most 0.01 times as many"),
        (0.0, 639.0, ""),  # nobody says "at most 639 times as many"
        (0.2, 639.0, "at least 0.20 times as many"),
        (0.001, 6.11, "at most 6.11 times as many"),
    ],
)
def test_a_bound_is_worded_as_what_it_says(low, high, shown):
    assert change_wording.format_interval(replace(compare(20, 30), low=low, high=high)) == shown
