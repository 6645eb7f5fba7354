"""Verdicts on what the program counts, of tallies worked by hand: how many of how many."""

from __future__ import annotations

import pytest

from longevity.text.claims import program
from longevity.text.claims.form import Way, parse_says, require_part
from longevity.text.claims.verdict import Tally
from longevity.text.claims.verdict import Verdict

SURE = Tally(6, 10, 0, "in 2023", is_public=True)
OPEN = Tally(6, 10, 2, "in 2023", is_public=True)  # of 2 of the 10 it is not known


@pytest.mark.parametrize(
    ("now", "says", "verdict"),
    [
        (SURE, "6 of 10", Verdict.SUPPORTED),
        (SURE, "7 of 10", Verdict.NOT_SUPPORTED),
        # None of those not known, one of them, all of them, and more than there are.
        (OPEN, "6 of 10", Verdict.CANNOT),
        (OPEN, "7 of 10", Verdict.CANNOT),
        (OPEN, "8 of 10", Verdict.CANNOT),
        (OPEN, "9 of 10", Verdict.NOT_SUPPORTED),
        (OPEN, "5 of 10", Verdict.NOT_SUPPORTED),
        (OPEN, "at least 60%", Verdict.SUPPORTED),
        (OPEN, "at most 80%", Verdict.SUPPORTED),
        (OPEN, "fewer than 80%", Verdict.CANNOT),
        (Tally(0, 0, 0, "in 2023", is_public=True), "exactly 0%", Verdict.CANNOT),
    ],
)
def test_a_number_holds_only_whatever_those_did_of_whom_it_is_not_known(now, says, verdict):
    size = require_part(require_part(parse_says(says)).size)
    judged = program.evaluate_program("attendance", "East", now, size, 30)
    assert judged.verdict is verdict
    assert program.INSIDE not in judged.remarks


@pytest.mark.parametrize("is_public", [True, False])
def test_what_the_public_tables_do_not_hold_is_never_safe_to_say(is_public):
    now, before = (
        Tally(part, 100, 0, f"in {year}", is_public) for part, year in ((80, 2023), (40, 2022))
    )
    size = require_part(require_part(parse_says("exactly 80%")).size)
    number = program.evaluate_program("attendance", "East", now, size, 30)
    change = program.evaluate_program_change("attendance", "East", now, before, Way.UP, 30)
    for judged in (number, change):
        assert judged.verdict is Verdict.SUPPORTED
        assert bool(judged.safe) == is_public
        assert (program.INSIDE in judged.remarks) == (not is_public)


@pytest.mark.parametrize(
    ("now", "before", "way", "verdict"),
    [
        ((80, 100, 0), (40, 100, 0), Way.UP, Verdict.SUPPORTED),
        ((80, 100, 0), (40, 100, 0), Way.DOWN, Verdict.NOT_SUPPORTED),
        ((6, 10, 0), (5, 10, 0), Way.UP, Verdict.BY_COUNT),  # chance could explain it
        ((80, 100, 0), (40, 100, 30), Way.UP, Verdict.BY_COUNT),  # at the worst of those not known
        ((40, 100, 30), (80, 100, 0), Way.DOWN, Verdict.BY_COUNT),
        ((80, 100, 0), (40, 100, 50), Way.UP, Verdict.CANNOT),  # they could turn it round
        ((0, 0, 0), (40, 100, 0), Way.DOWN, Verdict.CANNOT),
    ],
)
def test_a_share_rose_or_fell_only_at_the_worst_of_what_is_not_known(now, before, way, verdict):
    tallies = (Tally(*counts, "then", is_public=True) for counts in (now, before))
    judged = program.evaluate_program_change("attendance", "East", *tallies, way, 30)
    assert judged.verdict is verdict
