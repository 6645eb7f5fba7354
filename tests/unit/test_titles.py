"""Editing a chart's title: what may be changed and what keeps the computed one."""

from __future__ import annotations

import pytest

from longevity.measures.titles import LONGEST, settled

FINDING = "2026 so far: East 1,204, West 93, fewer than in 2025"


@pytest.mark.parametrize("edit", ["", "   ", FINDING, f" {FINDING}\n"])
def test_nothing_written_is_the_computed_title(edit: str) -> None:
    title = settled(FINDING, edit)
    assert (title.text, title.edited, title.warnings) == (FINDING, False, ())


@pytest.mark.parametrize(
    "edit",
    ["Fewer people were shot in 2026", "East 1204 and West 93", "Shootings fell, 2025 to 2026"],
)
def test_an_edit_that_says_the_same_is_taken_and_noted(edit: str) -> None:
    title = settled(FINDING, edit)
    assert title.text == edit
    assert title.edited
    assert FINDING in title.warnings[0]


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ("More people were shot in 2026", "rise"),
        ("East has the most", "most"),
        ("Not fewer than in 2025", "denial"),
        ("Fewer, thanks to the program", "cause"),
        ("Fewer: 1,203 in East", "1203"),
        ("Seven fewer in East", "7"),
        ("Shootings \u202eROSE\u202c in 2026", "rise"),
        ("Shootings r\u00adose in 2026", "rise"),
        ("Shootings \uff52ose in 2026", "rise"),
        ("fewer " * 30, "longer"),
    ],
)
def test_an_edit_that_says_something_else_keeps_the_computed_title(edit: str, why: str) -> None:
    title = settled(FINDING, edit)
    assert title.text == FINDING
    assert not title.edited
    assert any(why in warning for warning in title.warnings)


def test_a_no_in_the_finding_cannot_be_left_out() -> None:
    title = settled("East: no clear change from what was expected", "East: a clear change")
    assert not title.edited
    assert settled("East", "x" * LONGEST).edited
    assert not settled("East", "x" * (LONGEST + 1)).edited
