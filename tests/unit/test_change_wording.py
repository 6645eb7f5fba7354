"""What a comparison is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from longevity.findings import change_wording
from longevity.findings.change_wording import describe_change
from longevity.stats.comparison import compare
from longevity.stats.dispersion import Dispersion

WHEN = "the same days of 2025"
BASE = 30


def sentence(*counts: int | None, dispersion: Dispersion | None = None) -> str:
    return describe_change(compare(*counts, dispersion=dispersion), WHEN, BASE).sentence.replace(
        "\u00a0", " "
    )


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
