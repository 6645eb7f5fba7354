"""A small load: one viewer of each kind for some seconds, and a release published meanwhile."""

from __future__ import annotations

import pytest

from tools.load.run import Plan, run

pytestmark = pytest.mark.audit


def test_every_viewer_is_answered_rightly_while_a_release_is_published(published):
    plan = Plan(
        viewers=5,
        seconds=5,
        warm=1,
        every=1,
        home=published.home,
        screens=("briefing", "call_ins", "follow_up"),
    )
    outcome = run(plan)
    assert not outcome.notes.errors
    assert not outcome.wrong
    assert {seen.role for seen in outcome.notes.seen} == {
        "state", "public", *(f"city:{city}" for city in published.cities),
    }  # fmt: skip
    before, after = outcome.releases
    assert before != after
    assert {seen.release for seen in outcome.notes.seen} - {""} == {before, after}
