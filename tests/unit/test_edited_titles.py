"""Editing a chart's title: what may be changed and what keeps the computed one."""

from __future__ import annotations

import pytest

from longevity.text.edited_titles import LONGEST, choose_title, write_subtitle

FINDING = "2026 so far: East 1,204, West 93, fewer than in 2025"


@pytest.mark.parametrize("edit", ["", "   ", FINDING, f" {FINDING}\n"])
def test_nothing_written_is_the_computed_title(edit: str) -> None:
    title = choose_title(FINDING, edit)
    assert (title.text, title.edited, title.warnings) == (FINDING, False, ())


@pytest.mark.parametrize(
    "edit",
    ["Fewer people were shot in 2026", "East 1204 and West 93", "Shootings fell, 2025 to 2026"],
)
def test_an_edit_that_says_the_same_is_taken_and_noted(edit: str) -> None:
    title = choose_title(FINDING, edit)
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
        ("Seven fewer in East", "seven"),
        ("Shootings \u202eROSE\u202c in 2026", "rise"),
        ("Shootings r\u00adose in 2026", "rise"),
        ("Shootings \uff52ose in 2026", "rise"),
        ("fewer " * 30, "longer"),
    ],
)
def test_an_edit_that_says_something_else_keeps_the_computed_title(edit: str, why: str) -> None:
    title = choose_title(FINDING, edit)
    assert title.text == FINDING
    assert not title.edited
    assert any(why in warning for warning in title.warnings)


def test_a_no_in_the_finding_cannot_be_left_out() -> None:
    title = choose_title("East: no clear change from what was expected", "East: a clear change")
    assert not title.edited
    assert choose_title("East", "x" * LONGEST).edited
    assert not choose_title("East", "x" * (LONGEST + 1)).edited


PLACED = "2026 so far: Hartford 101, Bridgeport 93 and New Haven 82"
BOTH = "Shootings fell in Hartford and rose in New Haven"
FELL = "Shooting incidents in Hartford: 6.8 fewer a month than expected, -12% of 57"
UNSURE = "Hartford: no clear change from what was expected"
MOST = "82 people were shot in New Haven in 2026, most in Fair Haven (25) and Edgewood (13)."
PLACES = ["Hartford", "Bridgeport", "New Haven", "Waterbury", "Fair Haven", "Edgewood"]


@pytest.mark.parametrize(
    ("finding", "edit"),
    [
        pytest.param(PLACED, "Hartford 82, Bridgeport 93 and New Haven 101", id="swapped"),
        pytest.param(PLACED, "New Haven 101 in 2026", id="another city's number"),
        pytest.param(PLACED, "82 people shot in Hartford", id="number before its place"),
        pytest.param(PLACED, "101 people shot so far", id="a city's number for all"),
        pytest.param(PLACED, "Hartford 101%", id="unit added"),
        pytest.param(PLACED, "Hartford -101", id="sign added"),
        pytest.param(PLACED, "Waterbury in 2026", id="another place"),
        pytest.param(PLACED, "waterbury in 2026", id="another place in small letters"),
        pytest.param(PLACED, "Over 2026 so far, Hartford 101", id="over"),
        pytest.param(PLACED, "Hartford 2026", id="a year as a count"),
        pytest.param(PLACED, "Dozens shot in Hartford in 2026", id="dozens"),
        pytest.param(PLACED, "Fifty shot in Hartford in 2026", id="fifty"),
        pytest.param(PLACED, "Hartford double New Haven", id="double"),
        pytest.param(PLACED, "Hartford and Bridgeport 93", id="one city's number for two"),
        pytest.param(PLACED, "82 in New Haven and Hartford", id="and for another"),
        pytest.param(PLACED, "New Haven: 101 in Hartford", id="under another city"),
        pytest.param(PLACED, "Hartford 1,01", id="a comma that is a point"),
        pytest.param(PLACED, "New Haven outpaces Hartford", id="outpaces"),
        pytest.param(PLACED, "Hartford leads with 101", id="leads"),
        pytest.param(PLACED, "H\u0430rtford 101", id="a letter that looks like another"),
        pytest.param(BOTH, "Shootings rose in Hartford and fell in New Haven", id="turned"),
        pytest.param(BOTH, "Shootings fell in Hartford", id="half of it"),
        pytest.param(BOTH, "Shootings plummet in Hartford", id="plummet"),
        pytest.param(
            FELL, "Shooting incidents in Hartford: 6.8 fewer than expected", id="rate lost"
        ),
        pytest.param(FELL, "Hartford: 12% of 57", id="sign lost"),
        pytest.param(FELL, "Shooting incidents in Hartford: -12 of 57", id="unit lost"),
        pytest.param(FELL, "Shootings in Hartford soared", id="the other direction"),
        pytest.param(FELL, "Fewer in Bridgeport", id="city swapped"),
        pytest.param(FELL, "Fewer in Hartford because of the program", id="because"),
        pytest.param(UNSURE, "Hartford: no chance it was luck", id="no chance"),
        pytest.param(UNSURE, "Hartford: clear change", id="clear"),
        pytest.param(UNSURE, "No shootings in Hartford", id="no of another thing"),
        pytest.param(UNSURE, "Hartford: no clear change, but lower", id="and a direction"),
        pytest.param(MOST, "Most in Edgewood (13)", id="most elsewhere"),
        pytest.param(MOST, "25 people were shot in New Haven", id="part for the whole"),
    ],
)
def test_an_edit_that_turns_the_finding_round_is_not_taken(finding: str, edit: str) -> None:
    title = choose_title(finding, edit, PLACES)
    assert (title.text, title.edited) == (finding, False)
    assert title.warnings


@pytest.mark.parametrize(
    ("finding", "edit"),
    [
        (PLACED, "Hartford 101 and New Haven 82 so far in 2026"),
        (PLACED, "People shot in 2026: 101 in Hartford, 93 in Bridgeport, 82 in New Haven"),
        (BOTH, "Shootings in Hartford and New Haven"),
        (FELL, "Hartford: 6.8 fewer shootings a month"),
        (PLACED, "101 in Hartford, 93 in Bridgeport and 82 in New Haven"),
        ("Shootings: 6.8 fewer a month", "6.8 fewer a month"),
        (UNSURE, "No clear change in Hartford"),
        (MOST, "82 people shot in New Haven, most in Fair Haven (25)"),
    ],
)
def test_a_plainer_title_is_taken(finding: str, edit: str) -> None:
    assert choose_title(finding, edit, PLACES).warnings == (
        f"The title was edited. The computed one is: {finding}",
    )


def test_the_computed_finding_leads_the_subtitle_of_an_edited_title() -> None:
    assert write_subtitle("A fell", "By year.") == "As computed: A fell. By year."
    assert write_subtitle("A fell.", "By year.") == "As computed: A fell. By year."
