"""What the public reads: zero, withheld and missing are three words; unknown is never a no."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.outputs.bundle.powerpoint_chart import build_native
from longevity.screens.chart_catalogue import chart_list, declared, victims
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import make_context

CITIES = {"east": "East", "west": "West"}


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
    shares = victims.add_shares(SEX).set_index(["city", "value"])["share"]
    assert shares["east", "male"] == pytest.approx(60 / 70)
    assert shares.notna().sum() == 1


def test_the_picture_writes_withheld_and_missing_and_no_zero():
    context = make_context(who=SEX)
    made = victims.share_attribute(context, context.ask("who"), "sex", "By sex")
    drawn = declared.draw(context, "victims-by-attribute", made)
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
    table = victims.build_young_table(pd.DataFrame(row), CITIES, 30)
    assert table.to_numpy().tolist() == [["East", "20 of 70", "28.6%, 19 to 40%", "withheld"]]
    row |= {"young_black_men": pd.array([None], dtype="Int64"), "young_black_men_state": "missing"}
    table = victims.build_young_table(pd.DataFrame(row), CITIES, 30)
    assert table.to_numpy().tolist() == [["East", "not supplied", "–", "–"]]
    row |= {"victims": pd.array([None], dtype="Int64")}
    table = victims.build_young_table(pd.DataFrame(row), CITIES, 30)
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
    drawn = chart_list.draw_chart(make_context(public_promises=frame), "promises-by-year", {}).chart
    assert "withheld: 2024" in drawn.subtitle
    for bars in drawn.figure["data"]:
        of_year = dict(zip(bars["x"], bars["y"], strict=True))
        assert sorted(of_year) == [2023, 2024, 2025]
        assert of_year[2024] is None
        assert bars["width"] < 1
    assert drawn.figure["layout"]["xaxis"]["dtick"] == 1
    (said,) = [n for n in drawn.figure["layout"]["annotations"] if n["text"] == "withheld"]
    assert (said["x"], said["textangle"]) == (2024, -90)
    native = build_native(drawn.printed)
    assert native is not None
    assert native.categories == ("2023", "2024 withheld", "2025")
