"""Who was shot, in words: what is withheld or not known is never a share."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.charts.chart import Chart
from longevity.charts.theme import LIGHT, RAMP
from longevity.measures import wording
from longevity.outputs.bundle.powerpoint_chart import build_native
from longevity.screens.chart_catalogue import chart_list, declared, victims
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import make_context
from tests.oracles import figure_checks

CITIES = {"east": "East", "west": "West"}
SEX = pd.DataFrame(
    {
        "city": ["east"] * 3 + ["west"] * 3,
        "attribute": "sex",
        "value": ["female", "male", "unknown"] * 2,
        "victims": pd.array([3, 16, 1, None, None, 0], dtype="Int64"),
        "victims_state": ["shown"] * 3 + ["withheld", "withheld", "zero"],
    }
)


def draw_shares(people: pd.DataFrame, attribute: str) -> Chart:
    context = make_context(thresholds={"least_base_for_percentage": 20}, who=people)
    made = victims.share_attribute(context, context.ask("who"), attribute, "By that")
    return declared.draw(context, "victims-by-attribute", made)


def read_cells(chart: Chart) -> dict[str, list[str]]:
    """What is written in the cells of each city, from top to bottom."""
    (cells,) = chart.figure["data"]
    names = chart.figure["layout"]["xaxis"]["ticktext"]
    written: dict[str, list[str]] = {name: [] for name in names}
    for x, text in zip(cells["x"], cells["text"], strict=True):
        written[names[int(x)]].append(text)
    return written


def find_shares(people: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The shares that may be said, by city and value."""
    shares = victims.add_shares(people).set_index(["city", "value"])["share"].dropna()
    return {(str(city), str(value)): share for (city, value), share in shares.items()}


def test_a_share_is_of_all_the_citys_victims_the_unknown_with_them():
    assert find_shares(SEX)["east", "male"] == 16 / 20


def test_a_city_with_a_withheld_cell_has_no_shares_at_all():
    # The whole would give the cell away, and without it no share can be told.
    assert ("west", "unknown") not in find_shares(SEX)


def test_the_picture_of_shares_says_withheld_and_draws_the_unknown_apart():
    chart = draw_shares(SEX, "sex")
    figure_checks.assert_valid(chart.figure)
    assert read_cells(chart) == {
        "East": ["15% (3)", "80% (16)", "5% (1)"],
        "West": ["withheld", "withheld", "0"],
    }
    edges = [shape["line"]["dash"] for shape in chart.figure["layout"]["shapes"]]
    assert edges == ["solid", "solid", "dash"] * 2
    fills = [shape["fillcolor"] for shape in chart.figure["layout"]["shapes"]]
    assert fills == [RAMP[0], RAMP[3], *[LIGHT.ground] * 4]  # what is not told is no nought


def ages(of: dict[str, dict[str, int | None]], attribute: str = "age_band") -> pd.DataFrame:
    """The victims by age of some cities; None is withheld."""
    rows = [
        (
            city,
            attribute,
            value,
            count,
            "withheld" if count is None else "shown" if count else "zero",
        )
        for city, counts in of.items()
        for value, count in counts.items()
    ]
    frame = pd.DataFrame(rows, columns=["city", "attribute", "value", "victims", "victims_state"])
    return frame.astype({"victims": "Int64"})


def test_bands_are_shown_as_each_city_gives_them():
    alike = ages({"east": {"0-17": 4, "18-30": 20}, "west": {"0-17": 8, "18-30": 1}})
    apart = ages({"east": {"0-17": 4, "18-24": 20, "unknown": 2}, "west": {"18-30": 30}})
    assert draw_shares(alike, "age_band").sentences == ()
    chart = draw_shares(apart, "age_band")
    (said,) = chart.sentences
    assert "ages in different bands" in said
    cells = read_cells(chart)
    assert cells["East"] == ["15% (4)", "77% (20)", "–", "8% (2)"]
    assert cells["West"][:3] == ["–", "–", "100% (30)"]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (25, 84, "30% (25)"),
        (1, 300, "<1% (1)"),
        (1299, 1300, ">99% (1,299)"),
        (3, 9, "3 of 9"),
    ],
)
def test_a_bar_of_a_share_says_the_share_and_no_count_alone(part, whole, said):
    assert wording.label_share(part, whole, 30) == said


def test_young_black_men_are_drawn_as_the_share_the_title_tells_of():
    """The city with the lowest share had the longest bar, as bars were counts."""
    frame = read_frame("""
        city | year | young_black_men | may_be | victims
        east | 2025 | 28              |        | 80
        west | 2025 | 49              | 16     | 188
    """)
    context = make_context(public_young_black_men=frame)
    chart = chart_list.draw_chart(context, "young-black-men", {}).chart
    figure_checks.assert_valid(chart.figure)
    known, may = chart.figure["data"]
    assert known["x"] == pytest.approx([28 / 80, 49 / 188])
    assert [one for one in may["x"] if one is not None] == pytest.approx([16 / 188])
    words = [note["text"] for note in chart.figure["layout"]["annotations"]]
    assert "35% (28); not known: withheld" in words
    assert "26% (49); not known: 9% (16)" in words


def test_a_value_that_is_never_given_is_not_supplied_and_hides_nobody():
    """Sixteen men and four unknown; a source that never says "female" has no nought of them."""
    rows = [("female", None, "missing"), ("male", 16, "shown"), ("unknown", 4, "shown")]
    people = pd.DataFrame(
        [("east", "sex", *each) for each in rows],
        columns=["city", "attribute", "value", "victims", "victims_state"],
    ).astype({"victims": "Int64"})
    assert find_shares(people) == {("east", "male"): 16 / 20, ("east", "unknown"): 4 / 20}
    assert "male (16 of 20)" in victims.write_attribute_title(people, {"east": "East"})
    (said,) = victims.describe_attributes_not_supplied(people, "sex", {"east": "East"})
    assert said == "The source of East never gives female: not supplied is no zero."
    nothing = people.assign(value="not_supplied", victims_state="missing").head(1)
    (said,) = victims.describe_attributes_not_supplied(nothing, "sex", {"east": "East"})
    assert said == "The source of East does not give sex."
    # To the public a few people are as none.
    public = nothing.assign(whole=20)
    (said,) = victims.describe_attributes_not_supplied(public, "sex", {"east": "East"})
    assert said == "The source of East does not give sex, or of a few people only."


def test_a_city_without_any_review_has_no_bar_and_its_name_says_so():
    reviews = read_frame("""
        city  | incidents | reviewed | confirmed | suspected | unknown | not_gmi
        east  | 20        | 17       | 8         | 2         | 3       | 7
        north | 40        | 0        | 0         | 0         | 40      | 0
    """)
    context = make_context({"east": "East", "north": "North"}, gmi_share=reviews)
    chart = chart_list.draw_chart(context, "group-involvement", {}).chart
    lengths = [sum(trace["x"][at] or 0 for trace in chart.figure["data"]) for at in range(2)]
    assert lengths == [pytest.approx(1), 0]
    assert chart.alt.endswith("North: no review supplied.")


# What the public reads: zero, withheld and missing are three words; unknown is never a no

PUBLIC_SEX = read_frame("""
    city | attribute | value   | victims | victims_state | whole
    east | sex       | female  |         | withheld      | 70
    east | sex       | male    | 60      | shown         | 70
    east | sex       | unknown |         | withheld      | 70
    west | sex       | female  |         | missing       |
    west | sex       | male    |         | missing       |
    west | sex       | unknown |         | missing       |
""")


def test_with_the_whole_known_a_shown_cell_has_its_share():
    shares = victims.add_shares(PUBLIC_SEX).set_index(["city", "value"])["share"]
    assert shares["east", "male"] == pytest.approx(60 / 70)
    assert shares.notna().sum() == 1


def test_the_picture_writes_withheld_and_missing_and_no_zero():
    context = make_context(who=PUBLIC_SEX)
    made = victims.share_attribute(context, context.ask("who"), "sex", "By sex")
    drawn = declared.draw(context, "victims-by-attribute", made)
    texts = [*read_cells(drawn).values()]
    assert texts == [["withheld", "86% (60)", "withheld"], ["missing"] * 3]


def test_who_may_be_a_young_black_man_is_never_left_out():
    row = {
        "city": ["east"],
        "young_black_men": pd.array([20], dtype="Int64"),
        "young_black_men_state": ["shown"],
        "may_be": pd.array([None], dtype="Int64"),
        "victims": pd.array([70], dtype="Int64"),
    }

    def note() -> str:
        context = make_context(young=pd.DataFrame(row))
        made = victims.share_young_black_men(context, context.ask("young"), "2025")
        drawn = declared.draw(context, "young-black-men", made)
        (_, said) = [n["text"] for n in drawn.figure["layout"]["annotations"] if n["yref"] == "y"]
        return str(said)

    assert note() == "29% (20); not known: withheld"
    row |= {"young_black_men": pd.array([None], dtype="Int64"), "young_black_men_state": "missing"}
    assert note() == "not supplied"
    row |= {"victims": pd.array([None], dtype="Int64")}
    assert note() == "missing"


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
    assert build_native(drawn.printed) is None  # a slide has the picture, which says so
