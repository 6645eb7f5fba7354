"""Verdicts on what the program counts, of tallies worked by hand: how many of how many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from longevity.claims.form import parse_says
from longevity.claims.judge import judge_form
from longevity.claims.render import INSIDE
from longevity.claims.verdict import NoAnswerError, Tally, Verdict, judge
from longevity.screens import claim_check
from longevity.screens.context import ReportContext
from tests.factories import claim_record
from tests.properties.test_claims_properties import EMPTY, NAMES

SURE = Tally(6, 10, 0, "in 2023", is_public=True)
OPEN = Tally(6, 10, 2, "in 2023", is_public=True)  # of 2 of the 10 it is not known


@pytest.mark.parametrize(
    ("now", "says", "verdict"),
    [
        (SURE, "exactly 60%", Verdict.SUPPORTED),
        (SURE, "exactly 70%", Verdict.NOT_SUPPORTED),
        # None of those not known, one of them, all of them, and more than there are.
        (OPEN, "exactly 6", Verdict.CANNOT),
        (OPEN, "exactly 7", Verdict.CANNOT),
        (OPEN, "exactly 8", Verdict.CANNOT),
        (OPEN, "exactly 9", Verdict.NOT_SUPPORTED),
        (OPEN, "exactly 5", Verdict.NOT_SUPPORTED),
        (OPEN, "at least 60%", Verdict.SUPPORTED),
        (OPEN, "at most 80%", Verdict.SUPPORTED),
        (OPEN, "fewer than 80%", Verdict.CANNOT),
    ],
)
def test_a_number_holds_only_whatever_those_did_of_whom_it_is_not_known(now, says, verdict):
    parsed = parse_says(says)
    assert parsed and judge([now.find_fit(parsed)]) is verdict


@pytest.mark.parametrize("is_public", [True, False])
def test_what_the_public_tables_do_not_hold_is_never_safe_to_say(is_public):
    now = Tally(80, 100, 0, "in 2023", is_public)
    codes = {"what": "attendance", "where": "a", "when": "2023", "says": "exactly 80%"}
    form = claim_record.make_form(codes, NAMES)
    judged = judge_form(form, replace(EMPTY, count_program=lambda *_: now))
    assert judged.verdict is Verdict.SUPPORTED
    assert bool(judged.safe) == is_public
    assert (INSIDE in judged.remarks) == (not is_public)
    assert "80 of 100 people reached" in judged.why


# What a claim about the program is held against, where it is not known


def test_cases_of_which_nobody_knows_whether_enforcement_followed_are_no_share():
    known = {"window_days": 30, "episodes": 70, "unknown": 0, "elapsed": 70, "elapsed_kept": 35}
    unknown = known | {"unknown": 70, "elapsed": 0, "elapsed_kept": 0}
    rows = {"east": pd.DataFrame([known]), "west": pd.DataFrame([unknown])}

    def ask(_: str, city: str) -> Any:
        return SimpleNamespace(frame=rows[city])

    context = cast(ReportContext, SimpleNamespace(ask=ask, cities={"east": "East", "west": "West"}))
    tally = claim_check._count_cities(context, "follow_up_30", ["east"], None)
    assert tally == Tally(35, 70, 0, "so far")
    with pytest.raises(NoAnswerError, match="is not known of 70 of 70 cases in West"):
        claim_check._count_cities(context, "follow_up_30", ["east", "west"], None)


def _asking(frame: pd.DataFrame, begins: date | None = None) -> ReportContext:
    """A context that answers every query with `frame`; one of East's files begins so."""
    provenance = SimpleNamespace(extracts=("call_ins", "services"))
    return cast(
        ReportContext,
        SimpleNamespace(
            ask=lambda query, **_: SimpleNamespace(frame=frame, provenance=provenance),
            cities={"east": "East", "west": "West"},
            find_first_day=lambda city, *extracts: begins if "services" in extracts else None,
        ),
    )


FUNNEL = pd.DataFrame(
    [{"attended": 0, "reachable": 0, "attended_unknown": 0, "intake_30": 0, "attended_aged_30": 0}]
).assign(last_day=pd.Timestamp(2026, 11, 20))
YEAR_2024 = (date(2024, 1, 1), date(2025, 1, 1))


def test_of_a_time_before_a_file_begins_nothing_is_told():
    late = _asking(FUNNEL, begins=date(2024, 3, 1))
    with pytest.raises(NoAnswerError, match="begins on March 1, 2024 in East: say a time after"):
        claim_check._count_cities(late, "services", ["east"], YEAR_2024)
    ever = claim_check._count_cities(late, "attendance", ["east"], YEAR_2024)
    assert ever == Tally(0, 0, 0, "in 2024"), "who came is known without services"


def test_a_public_count_of_several_cities_needs_each_of_them():
    steps = {"step": ["attended", "reachable"], "members": [5, 9], "members_state": "shown"}
    of_east = _asking(pd.DataFrame(steps).assign(city="east"))
    count = claim_check._count_public
    assert count(of_east, "attendance", ["east"], YEAR_2024) == Tally(5, 9, 4, "in 2024", True)
    with pytest.raises(NoAnswerError, match="The public table has nothing of West of 2024"):
        count(of_east, "attendance", ["east", "west"], YEAR_2024)
