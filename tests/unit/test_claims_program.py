"""Verdicts on what the program counts, of tallies worked by hand: how many of how many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from longevity.claims.form import parse_form, parse_says, require_part
from longevity.claims.judge import evaluate_form
from longevity.claims.render import INSIDE
from longevity.claims.verdict import Tally, Verdict, judge
from tests.properties.test_claims_properties import EMPTY, NAMES

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
    assert judge([now.find_fit(require_part(parse_says(says)))]) is verdict


@pytest.mark.parametrize("is_public", [True, False])
def test_what_the_public_tables_do_not_hold_is_never_safe_to_say(is_public):
    now = Tally(80, 100, 0, "in 2023", is_public)
    codes = {"what": "attendance", "where": "a", "when": "2023", "says": "exactly 80%"}
    form = parse_form(codes, NAMES, "together")
    judged = evaluate_form(form, replace(EMPTY, count_program=lambda *_: now))
    assert judged.verdict is Verdict.SUPPORTED
    assert bool(judged.safe) == is_public
    assert (INSIDE in judged.remarks) == (not is_public)
    assert "80 of 100 people reached" in judged.why
