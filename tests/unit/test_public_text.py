"""What the public reads: zero, withheld and missing are three words; unknown is never a no."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.charts.chart import Drawing
from longevity.charts.figures import shares, victims
from longevity.charts.theme import LIGHT
from longevity.outputs.bundle.powerpoint import build_native
from longevity.text import public_text, victim_attributes
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}


def funnel(**members: tuple[int | None, str]) -> pd.DataFrame:
    rows = [("east", 2025, step, count, state) for step, (count, state) in members.items()]
    rows += [("west", 2025, step, None, "missing") for step in members]
    frame = pd.DataFrame(rows, columns=["city", "year", "step", "members", "members_state"])
    return frame.astype({"members": "Int64"})


ASKED = funnel(
    invited=(50, "shown"),
    reachable=(40, "shown"),
    attended=(30, "shown"),
    not_come=(None, "withheld"),
    intake_30=(0, "zero"),
)


def test_the_way_to_services_tells_zero_withheld_and_missing_apart():
    table = public_text.build_steps_table(ASKED, CITIES)
    assert list(table["East"]) == ["50", "40", "30", "withheld", "0"]
    assert set(table["West"]) == {"missing"}
    assert table.columns[0] == "Members, call-ins of 2025"


def test_who_came_says_that_the_others_are_not_all_a_no():
    said = public_text.describe_attendance(ASKED, CITIES)
    assert "East, 30 of 40; West, missing." in said
    assert said.endswith("Of the others some did not come, and of some it is not known.")
    assert public_text.describe_attendance(ASKED.iloc[:0], CITIES).startswith(
        "No year of call-ins is"
    )


def test_who_stayed_in_a_service_is_told_of_two_years():
    told = read_frame("""
        city  | year | began | active_90 | active_90_state
        east  | 2025 | 23    | 15        | shown
        west  | 2025 | 20    |           | withheld
        north | 2025 |       |           | missing
    """)
    said = public_text.describe_still_active(told, {**CITIES, "north": "North"})
    assert "2024 and 2025 together: East, 15 of 23; West, withheld of 20; North, missing." in said
    assert said.endswith("or it is not known.")
    assert public_text.describe_still_active(told.iloc[:0], CITIES).startswith(
        "No two years of services"
    )


def test_promises_of_the_newest_closed_year():
    frame = pd.DataFrame(
        {
            "year": [2023, 2024, 2025],
            "episodes": pd.array([30, 12, None], dtype="Int64"),
            "episodes_state": ["shown", "shown", "withheld"],
            "kept_30": pd.array([20, 5, None], dtype="Int64"),
            "kept_60": pd.array([5, 2, None], dtype="Int64"),
            "kept_90": pd.array([1, 1, None], dtype="Int64"),
            "not_kept": pd.array([4, 4, None], dtype="Int64"),
            "cut_on": pd.NaT,
        }
    )
    said = public_text.describe_promises(frame.iloc[:2], 3)
    assert said == (
        "In 2024 groups with notice that shot opened 12 cases, all cities together. Enforcement "
        "followed within 90 days in 8, in 5 of them within 30; in 4 it did not."
    )
    few = "withheld: fewer than 3 cities had more than a few cases."
    assert public_text.describe_promises(frame, 3) == f"{said} Of 2025 it is {few}"
    assert public_text.describe_promises(frame.iloc[2:], 3).endswith(few)
    assert public_text.describe_promises(frame.iloc[:0], 3).startswith("No year of follow-up")


def test_promises_of_two_cities_are_never_counted_and_it_is_said_why():
    none = pd.DataFrame({"year": [], "episodes": pd.array([], dtype="Int64"), "episodes_state": []})
    assert public_text.describe_promises(none, 2) == (
        "Follow-up is not counted for the public here: that takes 3 cities, so that none can "
        "subtract its own, and there are 2."
    )
    assert public_text.describe_promises(none, 1).endswith("and there is one.")
    assert "cities" not in public_text.explain_promises(2)
    assert "all cities together" in public_text.explain_promises(3)


SEX = read_frame("""
    city | attribute | value   | victims | victims_state | whole
    east | sex       | female  |         | withheld      | 70
    east | sex       | male    | 60      | shown         | 70
    east | sex       | unknown |         | withheld      | 70
    west | sex       | female  |         | missing       |
    west | sex       | male    |         | missing       |
    west | sex       | unknown |         | missing       |
""")


def test_with_the_whole_known_a_shown_cell_has_its_share():
    assert victim_attributes.compute_shares(SEX)["east", "male"] == pytest.approx(60 / 70)
    assert victim_attributes.compute_shares(SEX)["east", "female"] is None
    assert victim_attributes.compute_shares(SEX)["west", "male"] is None


def test_the_picture_writes_withheld_and_missing_and_no_zero():
    drawn = victims.draw_shares(SEX, "sex", Drawing(LIGHT, CITIES, False), "Title", "By sex", 30)
    texts = [list(trace["text"]) for trace in drawn.figure["data"]]
    assert texts == [["withheld", "86% (60)", "withheld"], ["missing"] * 3]


def test_who_may_be_a_young_black_man_is_never_left_out():
    row = {
        "city": ["east"],
        "young_black_men": pd.array([20], dtype="Int64"),
        "young_black_men_state": ["shown"],
        "may_be": pd.array([None], dtype="Int64"),
        "victims": pd.array([70], dtype="Int64"),
    }
    table = victim_attributes.build_young_table(pd.DataFrame(row), CITIES, 30)
    assert table.to_numpy().tolist() == [["East", "20 of 70", "28.6%, 19 to 40%", "withheld"]]
    row |= {"young_black_men": pd.array([None], dtype="Int64"), "young_black_men_state": "missing"}
    table = victim_attributes.build_young_table(pd.DataFrame(row), CITIES, 30)
    assert table.to_numpy().tolist() == [["East", "not supplied", "–", "–"]]
    row |= {"victims": pd.array([None], dtype="Int64")}
    table = victim_attributes.build_young_table(pd.DataFrame(row), CITIES, 30)
    assert table.to_numpy().tolist() == [["East", "missing", "–", "–"]]


def test_a_year_of_follow_up_without_a_bar_has_a_place_of_its_own_that_says_withheld():
    counts = {"kept_30": [4, None, 6], "kept_60": [2, None, 1], "kept_90": [0, None, 1]}
    frame = pd.DataFrame(
        {
            "year": [2023, 2024, 2025],
            "episodes": [9, None, 8],
            "episodes_state": ["shown", "withheld", "shown"],
            **counts,
            "not_kept": [3, None, 0],
        }
    )
    drawn = shares.draw_promises(frame, Drawing(LIGHT, CITIES, False), "Follow-up")
    assert "withheld: 2024" in drawn.subtitle
    for bars in drawn.figure["data"]:
        assert bars["x"] == [2023, 2024, 2025]
        assert bars["y"][1] is None
        assert bars["width"] < 1
    assert drawn.figure["layout"]["xaxis"]["dtick"] == 1
    (said,) = [n for n in drawn.figure["layout"]["annotations"] if n["text"] == "withheld"]
    assert (said["x"], said["textangle"]) == (2024, -90)
    native = build_native(drawn.spec)
    assert native is not None
    assert native.categories == ("2023", "2024 withheld", "2025")
