"""Words for numbers, days and text from outside never say anything that these do not."""

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity import dates
from longevity.findings import change_wording
from longevity.findings.change_wording import describe_change
from longevity.measures import wording
from longevity.outputs import html_tables
from longevity.stats.comparison import compare
from tests.factories import hypothesis_settings

COUNTS = st.integers(0, 5_000_000)


@hypothesis_settings.many
@given(COUNTS, COUNTS, st.integers(0, 500))
def test_a_percentage_agrees_with_its_numbers_and_is_of_no_small_base(current, previous, least):
    change = wording.format_percentage_change(current, previous, least)
    share = wording.format_share(min(current, previous), previous, least)
    for words in (change or "", share):
        assert not re.search(r"inf|nan", words, re.IGNORECASE)
    if previous < least or previous == 0:
        assert "%" not in share
        assert change is None
        return
    assert change.startswith("+") <= (current > previous)
    assert change.startswith(wording.MINUS) <= (current < previous)
    assert (change == "0%") <= (current == previous)


@hypothesis_settings.many
@given(COUNTS, COUNTS)
def test_a_share_that_is_not_all_is_never_100_nor_one_of_something_0(a, b):
    part, whole = sorted((a, b))
    said = wording.format_share(part, whole, 1).replace("\u00a0", " ")
    assert (said == "100.0%") == (part == whole > 0)
    assert (said == "0.0%") == (part == 0 < whole)


@pytest.mark.parametrize(
    ("write", "a", "b", "said"),
    [
        (wording.format_percentage_change, 312, 287, "+9%"),
        (wording.format_percentage_change, 10, 29, None),
        (wording.format_percentage_change, 3, 0, None),
        (wording.format_percentage_change, 1001, 1000, "under 1%"),
        (wording.format_percentage_change, 30, 30, "0%"),
        (wording.format_share, 3, 29, "3 of 29"),
        (wording.format_share, 0, 0, "0 of 0"),
        (wording.format_share, 9999, 10000, "over 99.9%"),
        (wording.format_share, 1, 10000, "under 0.1%"),
        (wording.label_share, 25, 84, "30% (25)"),
        (wording.label_share, 1, 300, "<1% (1)"),
        (wording.label_share, 1299, 1300, ">99% (1,299)"),
        (wording.label_share, 3, 9, "3 of 9"),
    ],
)
def test_changes_and_shares_by_hand(write, a, b, said):
    found = write(a, b, 30)
    assert found == said if said is None else found.replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("start", "until", "period", "during"),
    [
        ("2016-01-01", "2017-01-01", "2016", "in 2016"),
        ("2026-01-01", "2026-11-23", "January 1 to November 22, 2026", ""),
        ("2024-02-29", "2024-03-01", "February 29, 2024", "on February 29, 2024"),
        ("2023-12-31", "2024-01-02", "December 31, 2023 to January 1, 2024", ""),
        ("2016-01-01", "2017-12-31", "January 1, 2016 to December 30, 2017", ""),
        ("2016-01-02", "2017-01-01", "January 2 to December 31, 2016", ""),
    ],
)
def test_periods_by_hand(start, until, period, during):
    first, after = date.fromisoformat(start), date.fromisoformat(until)
    assert wording.format_period(first, after) == period
    assert wording.format_during(first, after) == (during or f"from {period}")


@hypothesis_settings.many
@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 4000))
def test_a_part_of_a_year_is_never_called_the_year(start, days):
    until = start + timedelta(days=days)
    said = wording.format_period(start, until)
    whole = (start.month, start.day) == (until.month, until.day) == (1, 1)
    assert bool(re.fullmatch(r"\d{4}( to \d{4})?", said)) == whole
    if not whole:
        assert str((until - timedelta(days=1)).day) in said.split(" to ")[-1]
        assert str(start.day) in said


@hypothesis_settings.many
@given(st.text(max_size=60))
def test_text_from_outside_keeps_its_letters_and_stays_on_one_line(text):
    shown = wording.escape_markdown(text)
    assert not re.search(r"[\r\n\t]", shown)
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert re.sub(r"\\(.)", r"\1", shown) == "".join(
        sign
        for sign in re.sub(r"[\r\n\t\v\f\u2028\u2029]+", " ", text)
        if unicodedata.category(sign) != "Cc"
        and unicodedata.bidirectional(sign) not in turning
        and sign not in "\u200e\u200f\u061c"
    )


def test_every_sign_with_a_meaning_is_escaped():
    for sign in "`*_{}[]<>#$|~:&\\":
        assert wording.escape_markdown(f"a{sign}b") == f"a\\{sign}b"


# What a comparison is called

WHEN = "the same days of 2025"
EVENTS = "times as many, assuming independent events"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((44, 36), f"44 against 36 in {WHEN}: no clear change (8 more, +22%; 95% interval 0.77 to 1.95 {EVENTS})."),
        ((3, 2), f"3 against 2 in {WHEN}: 1 more, too few to tell."),
        ((0, 6), f"0 against 6 in {WHEN}: clearly down (6 fewer; 95% interval at most 0.85 {EVENTS})."),
        ((0, 0), f"None, as in {WHEN}."),
        # What is missing is not zero.
        ((5, None), f"5; there is no count of {WHEN}."),
        ((None, 5), "The count is not known."),
        ((5, 6, 1, 0), f"5; 6 in {WHEN}."),
        # A mean of years is its own base: the three hold 89, their mean is under 30.
        ((28, 89, 1, 3), f"28 against 29.7 on average in {WHEN}: 2 fewer, too few to tell."),
    ],
)
def test_a_comparison_in_words(counts, said):
    assert describe_change(compare(*counts), WHEN, 30).sentence.replace("\u00a0", " ") == said


def test_what_is_missing_has_no_interval_and_no_percentage():
    for counts in ((5, None), (None, 5), (5, 6, 1, 0)):
        words = describe_change(compare(*counts), WHEN, 30)
        assert (words.interval, words.percentage) == ("", None)
    assert words.arrow == "?"


def test_the_base_of_a_percentage_against_a_mean_is_the_mean():
    assert describe_change(compare(28, 89, 1, 3), WHEN, 30).percentage is None
    assert describe_change(compare(28, 90, 1, 3), WHEN, 30).percentage == "−7%"


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.00003, None, ""),  # above next to nothing: it bounds nothing
        (0.001, 0.003, "at most 0.01 times as many"),
        (0.0, 639.0, ""),  # no reader is helped by "at most 639 times as many"
        (0.2, 639.0, "at least 0.20 times as many"),
        (0.001, 6.11, "at most 6.11 times as many"),
    ],
)
def test_a_bound_is_worded_as_what_it_says(low, high, shown):
    assert change_wording.format_interval(replace(compare(20, 30), low=low, high=high)) == shown


# Days as they are read


def test_every_day_in_a_text_but_none_inside_a_name():
    text = "from = 2026-11-02; id = 2026-11-24-13c86719ee5e; not 2026-13-01; >= 2026-11-22"
    assert dates.shorten_all(text) == (
        "from = Nov 2, 2026; id = 2026-11-24-13c86719ee5e; not 2026-13-01; >= Nov 22, 2026"
    )


@pytest.mark.parametrize(
    ("filed", "read"),
    [
        ("2012-11-26", "November 26, 2012"),
        ("2014-12 (approx)", "December 2014 (approx)"),
        ("2012", "2012"),
        ("2014-13", "2014-13"),
        ("2014-12 to 2015-03", "December 2014 to 2015-03"),
    ],
)
def test_a_date_as_a_source_gave_it(filed, read):
    assert dates.format_source_date(filed) == read


@pytest.mark.parametrize(
    ("name", "values", "written"),
    [
        ("Year", [2024, 2025], ".0f"),
        ("Count", [3.0, None], ",.0f"),
        ("Rate", [67.02107, 1234.5], ",.1f"),
        ("Ratio", [0.3077, 1.26], ",.2f"),
        ("Answered", [0.02816, 0.5], ",.3f"),
        ("Spent", [268161.32], "$"),
    ],
)
def test_a_column_of_numbers(name, values, written):
    assert html_tables.find_number_format(name, pd.Series(values, dtype="float")) == written
