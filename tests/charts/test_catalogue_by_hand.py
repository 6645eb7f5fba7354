"""Charts of frames written by hand: what is drawn, written and said in the title is what these hold.

What is withheld, missing or not known is never a share, a nought or a no.
"""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.auth import viewers
from longevity.charts.theme import LIGHT, RAMP
from longevity.outputs.bundle.powerpoint_chart import build_native
from longevity.screens.chart_catalogue import chart_list, compared_charts, neighbourhoods, over_time, victims
from longevity.screens.context import ReportContext
from longevity.words.say import say
from tests.conftest import TODAY
from tests.factories import hypothesis_settings
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import CITIES, draw_chart, make_context
from tests.oracles import figure_checks

NORTH = {**CITIES, "north": "North"}


def draw(name, cities=CITIES, **frames):
    """A chart of the catalogue over these answers: accepted by Plotly, marked and with its words."""
    chart = chart_list.draw_chart(make_context(cities, **frames), name, {})
    figure_checks.assert_valid(chart.figure)
    assert figure_checks.is_marked(chart.figure)
    assert chart.alt.endswith(".")
    return chart


def read_notes(chart):
    return [note["text"] for note in chart.figure["layout"]["annotations"]]


SHARES = """
    city | attribute | value   | victims | victims_state
    east | sex       | female  | 3       | shown
    east | sex       | male    | 16      | shown
    east | sex       | unknown | 1       | shown
    west | sex       | female  |         | withheld
    west | sex       | male    |         | withheld
    west | sex       | unknown | 4       | shown
"""
PUBLIC = """
    city | attribute | value   | victims | victims_state | whole
    east | sex       | female  |         | withheld      | 70
    east | sex       | male    | 60      | shown         | 70
    east | sex       | unknown |         | withheld      | 70
    west | sex       | female  |         | missing       |
    west | sex       | male    |         | missing       |
    west | sex       | unknown |         | missing       |
"""
# Ages in different bands are shown as each city gives them.
AGES = """
    city | attribute | value   | victims | victims_state
    east | age_band  | 0-17    | 4       | shown
    east | age_band  | 18-24   | 20      | shown
    east | age_band  | unknown | 2       | shown
    west | age_band  | 18-30   | 30      | shown
"""


def draw_shares(table):
    """The picture of an attribute, and what is written in the cells of each city."""
    people = read_frame(table)
    context = make_context(thresholds={"least_base_for_percentage": 20}, who=people)
    chart = victims.share_attribute(context, context.ask("who"), people["attribute"][0], "By that")
    figure_checks.assert_valid(chart.figure)
    (cells,) = chart.figure["data"]
    names = chart.figure["layout"]["xaxis"]["ticktext"]
    written = {name: [] for name in names}
    for x, text in zip(cells["x"], cells["text"], strict=True):
        written[names[int(x)]].append(text)
    return chart, written


@pytest.mark.parametrize(
    ("table", "cells", "shares"),
    [
        # A share is of all the city's victims, the unknown with them. Of a city with a withheld
        # cell there is none: the whole would give the cell away.
        (
            SHARES,
            {"East": ["15% (3)", "80% (16)", "5% (1)"], "West": ["withheld", "withheld", "4"]},
            {("east", "female"): 3 / 20, ("east", "male"): 16 / 20, ("east", "unknown"): 1 / 20},
        ),
        # With the whole known a shown cell has its share.
        (
            PUBLIC,
            {"East": ["withheld", "86% (60)", "withheld"], "West": ["missing"] * 3},
            {("east", "male"): 60 / 70},
        ),
    ],
    ids=["inside", "public"],
)
def test_a_share_is_of_all_and_what_is_withheld_or_missing_is_written_so(table, cells, shares):
    chart, written = draw_shares(table)
    assert written == cells
    found = victims.add_shares(read_frame(table)).set_index(["city", "value"])["share"].dropna()
    assert found.to_dict() == pytest.approx(shares)
    if table is SHARES:
        shapes = chart.figure["layout"]["shapes"]
        assert [shape["line"]["dash"] for shape in shapes] == ["solid", "solid", "dash"] * 2
        assert [shape["fillcolor"] for shape in shapes] == [RAMP[0], RAMP[3], *[LIGHT.ground] * 4]


def test_bands_are_shown_as_each_city_gives_them():
    chart, cells = draw_shares(AGES)
    assert "–: a band that the city's source does not have." in chart.subtitle
    assert cells["East"] == ["15% (4)", "77% (20)", "–", "8% (2)"]
    assert cells["West"][:3] == ["–", "–", "100% (30)"]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"young_black_men": 28, "may_be": pd.NA, "victims": 80}, "35% (28); not known: withheld"),
        ({"young_black_men": 49, "may_be": 16, "victims": 188}, "26% (49); not known: 9% (16)"),
        ({"young_black_men": pd.NA, "may_be": pd.NA, "victims": 70}, "not supplied"),
        ({"young_black_men": pd.NA, "may_be": pd.NA, "victims": pd.NA}, "missing"),
    ],
)
def test_who_may_be_a_young_black_man_is_never_left_out(frame, said):
    state = "missing" if pd.isna(frame["young_black_men"]) else "shown"
    people = pd.DataFrame([frame], dtype="Int64").assign(city="east", year=2025, young_black_men_state=state)
    context = make_context(public_young_black_men=people.assign(cut_on="2026-04-01"))
    chart = victims.share_young_black_men(context, {})
    figure_checks.assert_valid(chart.figure)
    assert said in read_notes(chart)
    # Drawn as the share: of bars of counts the city with the lowest share had the longest.
    counts = [frame[name] for name in ("young_black_men", "may_be") if not pd.isna(frame[name])]
    lengths = [x for trace in chart.figure["data"] for x in trace["x"] if not pd.isna(x)]
    assert lengths == pytest.approx([count / frame["victims"] for count in counts])


def test_a_value_that_is_never_given_is_not_supplied_and_hides_none():
    """Sixteen men and four unknown; a source that never says "female" has no nought of them."""
    people = read_frame("""
        city | attribute | value   | victims | victims_state
        east | sex       | female  |         | missing
        east | sex       | male    | 16      | shown
        east | sex       | unknown | 4       | shown
    """)
    nothing = people.head(1).assign(value="not_supplied")
    found = victims.add_shares(people).set_index("value")["share"].dropna()
    assert found.to_dict() == {"male": 16 / 20, "unknown": 4 / 20}
    assert "male (16 of 20)" in victims.write_attribute_title(people, {"east": "East"})
    for frame, said in (
        (people, "Not known of East: female. That is no zero."),
        (nothing, "The source of East does not give sex."),
        # To the public a few people are as none.
        (nothing.assign(whole=20), "The source of East does not give sex, or of a few people only."),
    ):
        assert [*victims.describe_attributes_not_supplied(frame, "sex", {"east": "East"})] == [said]


@pytest.mark.parametrize(
    ("rows", "whole", "said"),
    [
        ([("18-24", 30, "shown"), ("25-34", 20, "shown")], 50, "18–24 (30 of 50)"),
        ([("18-24", 20, "shown"), ("25-34", 20, "shown")], 40, "18–24 and 25–34 (20 of 40 each)"),
        # 25 are withheld: they may be more than 20.
        ([("18-24", 20, "shown"), ("25-34", None, "withheld"), ("55+", None, "withheld")], 45, ""),
        # One that is as large would be the largest too.
        ([("18-24", 30, "shown"), ("55+", None, "withheld")], 60, ""),
        ([("18-24", 30, "shown"), ("55+", None, "withheld")], 59, "18–24 (30 of 59)"),
        ([("18-24", 30, "shown"), ("55+", None, "withheld")], None, ""),
        ([("18-24", None, "withheld"), ("unknown", 9, "shown")], None, ""),
        ([("18-24", None, "withheld")] * 2, 4, ""),
        # Known of no one.
        ([("18-24", 0, "zero"), ("unknown", 9, "shown")], 9, "not known"),
        ([("18-24", None, "missing")], None, "missing"),
        ([("18-24", 0, "zero"), ("unknown", 0, "zero")], 0, "none"),
        ([("18-24", 5, "shown"), ("unknown", 9, "shown")], 14, "18–24 (5 of 14)"),
    ],
)
def test_the_most_of_an_attribute_is_of_what_is_known_and_shown(rows, whole, said):
    frame = pd.DataFrame(rows, columns=["value", "victims", "victims_state"]).assign(city="east", whole=whole)
    title = victims.write_attribute_title(frame.astype({"victims": "Int64", "whole": "Int64"}), CITIES)
    assert title == (f"Largest known group: East {said}" if said else f"The l{CANNOT_BE_SAID} of East: {HIDDEN}")


CANNOT_BE_SAID, HIDDEN = "argest known group cannot be said", "some counts are not published"


@hypothesis_settings.some
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=2, max_size=6), st.data())
def test_no_table_that_fits_what_is_shown_has_another_largest_group(cells, data):
    """What is not shown is handed out anew, in every way hypothesis thinks of: the one named stays the largest."""
    counts = [count for count, _ in cells]
    frame = pd.DataFrame(
        {
            "city": "east",
            "value": ["unknown", *(f"{at}0-{at}9" for at in range(1, len(cells)))],
            "victims": pd.array([None if hidden else count for count, hidden in cells], "Int64"),
            "victims_state": ["withheld" if hidden else "shown" if count else "zero" for count, hidden in cells],
            "whole": pd.array([sum(counts)] * len(cells), "Int64"),
        }
    )
    title = victims.write_attribute_title(frame, CITIES)
    hidden = [at for at, (_, is_hidden) in enumerate(cells) if is_hidden]
    rest = sum(counts[at] for at in hidden)
    for at in hidden:
        share = data.draw(st.integers(0, rest))
        counts[at], rest = share, rest - share
    if hidden:
        counts[hidden[-1]] += rest
    largest = max(counts[1:])
    if " (" in title:
        named = title.removeprefix("Largest known group: East ").partition(" (")[0]
        assert {*named.replace(", ", " and ").split(" and ")} == {
            f"{at}0–{at}9" for at in range(1, len(cells)) if counts[at] == largest
        }
    elif not hidden:
        assert not largest


def test_the_largest_group_named_of_every_frozen_table_is_the_largest_of_its_rows(published, warehouse, release):
    """Of each year, city and attribute of the demonstration, counted from the rows by pandas."""
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    incidents = pd.read_parquet(release.member("extracts/incidents.parquet"))
    people = pd.read_parquet(release.member("extracts/victims.parquet")).merge(
        incidents[incidents["circumstance"].isin(["criminal", "unknown"])], on=["city", "incident_id"]
    )
    people = people[people["weapon"] == "firearm"].assign(year=lambda rows: rows["occurred_at"].dt.year)
    counted = {name: people.groupby(["city", "year", name]).size() for name in ("sex", "race_ethnicity", "age_band")}
    named = unsaid = 0
    for year in range(2008, 2026):
        tables = context.ask("public_victims", year=year).frame.groupby(["attribute", "city"])
        for (attribute, city), rows in tables:
            if attribute not in counted:
                continue
            title = victims.write_attribute_title(rows, {city: "It"})
            if "cannot be said" in title:
                unsaid += 1
                continue
            counts = counted[attribute][city][year].drop("unknown", errors="ignore")
            words = {victims.name_value(value) for value in counts[counts == counts.max()].index}
            said = title.removeprefix("Largest known group: It ").partition(" (")[0]
            assert {*said.split(" and ")} == words, (year, attribute, city)
            named += 1
    assert named > 10 * unsaid > 0


def test_young_black_men_are_shown_under_the_right_one_of_three_words():
    frame = read_frame("""
        city  | young_black_men | young_black_men_state | victims
        east  | 28              | shown                 | 80
        west  | 5               | shown                 |
        north |                 | missing               |
    """)
    assert victims.write_young_black_men_title(frame, NORTH, "2025") == (
        "Known to be Black men under 30, of the people shot, 2025: East 28 of 80, West withheld and North missing"
    )


def hours(*rows):
    frame = pd.DataFrame(rows, columns=["weekday", "hour", "incidents"])
    return frame.astype(dict.fromkeys(frame, "Int64"))


def count_cells(frame):
    """The count written in each cell, by weekday and block of three hours, and the subtitle."""
    laid, facts = neighbourhoods.lay_hours(frame), neighbourhoods.describe_hours(frame)
    chart = draw_chart("hours-and-weekdays", laid, topic="East", **facts)
    figure_checks.assert_valid(chart.figure)
    (cells,) = chart.figure["data"]
    rows = sorted({*cells["y"]}, reverse=True)
    found = zip(cells["x"], cells["y"], cells["text"], strict=True)
    return {(rows.index(y), int(x)): int(text) for x, y, text in found if text and text != "0"}, chart.subtitle


def test_every_known_hour_is_in_its_cell_and_no_unknown_one_in_any():
    cells, subtitle = count_cells(hours((1, 0, 2), (1, 2, 3), (2, 3, 1), (7, 23, 4), (3, None, 9), (4, 12, 0)))
    assert cells == {(0, 0): 5, (1, 1): 1, (6, 7): 4}
    assert "9 of 19" in subtitle


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [(6, 21, 2), (6, 23, 3), (7, 0, 4), (1, None, 30)],
            "most on Saturday, 9 pm to midnight: 5 of 9 with a known hour",
        ),
        ([(6, 21, 2), (7, 0, 2)], "at most 2 of 4 with a known hour in any three hours"),  # a tie names none
    ],
)
def test_the_busiest_hours_are_of_known_ones(rows, said):
    assert said in neighbourhoods.write_busiest_hours_title(hours(*rows), "East")


@pytest.mark.parametrize(
    ("low", "said"), [((60, 50), ": West above East"), ((40, 50), ": too close to rank the cities")]
)
def test_rates_are_ranked_only_where_their_intervals_are_apart(low, said):
    frame = pd.DataFrame({"city": ["east", "west"], "rate": [45.0, 80.0]})
    frame = frame.assign(rate_low=[30.0, low[0]], rate_high=[float(low[1]), 100.0])
    title = compared_charts.write_cities_title(frame, "people shot", 365, CITIES)
    assert title.endswith(said)
    alone = compared_charts.write_cities_title(frame[:1], "people shot", 365, CITIES)
    assert alone.endswith("to compare, the residents of two cities have to be on file")


def test_the_newest_time_is_one_that_every_city_has():
    frame = read_frame("""
        city | year | victims
        east | 2024 | 8
        east | 2025 | 9
        west | 2025 | 0
        west | 2026 | 4
    """)
    for rows, said in (
        (frame, "People shot, 2025 (2024): East 9 (8) and West 0"),
        (frame[frame["year"] != 2025], "People shot: no time is held whole by every city"),
        (
            frame.assign(victims=frame["victims"].where(frame["city"] == "east")),
            "People shot, 2025 (2024): East 9 (8)",
        ),
    ):
        assert over_time.write_newest_title("people shot", rows, "year", "victims", CITIES) == said


def test_a_year_that_is_not_whole_is_drawn_hollow():
    frame = read_frame("""
        city | year | victims | complete
        east | 2024 | 5       | no
        east | 2025 | 9       | yes
        east | 2026 | 2       | no
    """)
    context = make_context(years=frame)
    about = (frame, "victims", date(2026, 11, 22), "Title", ["East"], "")
    chart = over_time.chart_years(context, context.ask("years"), *about)
    colours = chart.figure["data"][0]["marker"]["color"]
    assert [colour == LIGHT.ground for colour in colours] == [True, False, True]
    assert "2024 and 2026 (to November 22) are not whole and drawn hollow" in chart.subtitle


def add_lengths(chart):
    """How long all parts of each bar are together, by its place."""
    ends = {}
    for trace in chart.figure["data"]:
        for y, x in zip(trace["y"], trace["x"], strict=True):
            ends[y] = ends.get(y, 0) + (x or 0)
    return ends


def test_a_city_without_any_review_has_no_bar_and_its_name_says_so():
    reviews = read_frame("""
        city  | incidents | reviewed | looked_at | confirmed | suspected | unknown | not_gmi
        east  | 20        | 17       | 20        | 8         | 2         | 3       | 7
        north | 40        | 0        |           | 0         | 0         | 40      | 0
    """)
    chart = draw("group-involvement", {"east": "East", "north": "North"}, gmi_share=reviews)
    assert [*add_lengths(chart).values()] == [pytest.approx(1)]
    assert chart.alt.endswith("North: no review supplied.")


def test_a_year_of_follow_up_without_a_bar_has_a_place_of_its_own_that_says_withheld():
    frame = read_frame("""
        year | episodes | episodes_state | kept_30 | kept_60 | kept_90 | not_kept
        2023 | 9        | shown          | 4       | 2       | 0       | 3
        2024 |          | withheld       |         |         |         |
        2025 | 8        | shown          | 6       | 1       | 1       | 0
    """)
    chart = draw("promises-by-year", public_promises=frame)
    assert "not published: 2024" in chart.subtitle
    for bars in chart.figure["data"]:
        of_year = dict(zip(bars["x"], bars["y"], strict=True))
        assert sorted(of_year) == [2023, 2024, 2025]
        assert of_year[2024] is None
    assert chart.figure["layout"]["xaxis"]["dtick"] == 1
    (said,) = [n for n in chart.figure["layout"]["annotations"] if n["text"] == "withheld"]
    assert said["x"] == 2024
    assert build_native(chart.printed) is None  # a slide has the picture, which says so


def test_the_funnels_bars_add_up_and_name_each_loss_in_words():
    funnel = read_frame("""
        route      | invited | reachable | reachable_unknown | attended | attended_unknown
        parole     | 50      | 40        | 3                 | 30       | 4
        in_custody | 5       | 4         | 0                 | 2        | 1
    """).assign(attended_aged_30=24, intake_30=10, intake_aged_90=8, active_90=4, completed_90=1, active_unknown_90=1)
    funnel = funnel.assign(attended_unserved=0, intake_unserved=0)
    chart = draw("call-in-funnel", call_in_funnel=funnel)
    assert {trace["name"]: sorted(x for x in trace["x"] if x) for trace in chart.figure["data"]} == {
        "went on": [2, 4, 10, 30, 40],
        "completed": [1],
        "unknown": [1, 1, 3, 4],
        "too recent": [2, 6],
        "lost here": [2, 2, 6, 7, 14],  # of those in custody one did not come and one was not reached
    }
    assert sorted(add_lengths(chart).values()) == [5, 10, 30, 40, 50]
    said = " ".join(read_notes(chart))
    for words in ("7 not reached", "6 absent or excused", "14 began none in 30 days", "3 unknown", "4 unknown"):
        assert words in said
    assert "In custody, counted apart: 5 invited" in said
    assert "14 began none in 30 days" in chart.alt


LAST = pd.Timestamp(2024, 6, 30)


def greeting(**counts):
    names = ("exits", "greeted", "at_the_gate", "greeted_late", "greeted_unknown", "not_greeted")
    row = dict.fromkeys((*names, "greeted_early", "too_recent", "off_the_list"), 0) | counts
    return pd.DataFrame([{"city": "east", **row, "last_day": LAST}])


def test_the_answer_sorts_everybody_who_came_home():
    east = greeting(exits=9, greeted=5, at_the_gate=2, greeted_late=1, not_greeted=3, too_recent=1)
    west = greeting(exits=2, greeted_unknown=1, not_greeted=1, greeted_early=2).assign(city="west")
    assert make_context().say("met_home.about", pd.concat([east, west])) == (
        "Of 11 members on the list who came home in twelve months and whose 72 hours are over, "
        "5 were met at the gate (2) or in time and 1 later; for 4 no meeting is noted, for 1 it "
        "is unknown. 1 more came too recently to tell, 2 more were met already; 0 exits of people "
        "not on the list are left out."
    )


SUPERVISED = read_frame("""
    city | kind      | person_months | months_met | required | made | made_toward | attempted | result_unknown | standard_unknown
    west | parole    | 10            | 4          | 20       | 18   | 15          | 1         | 9              | 0
    east | parole    | 0             | 0          | 0        | 0    | 0           | 0         | 0              | 0
    east | probation | 20            | 5          | 40       | 30   | 30          | 2         | 4              | 1
""")  # noqa: E501 - a table is read by its columns


def test_supervision_is_a_share_of_the_standard_and_never_passes_it():
    chart = chart_list.draw_chart(make_context(supervision_contacts=SUPERVISED), "supervision", {})
    made, unsure = chart.figure["data"]
    assert made["x"] == [0.75, 0.75]  # nothing was asked of East's parole
    assert sorted(unsure["x"]) == pytest.approx([0.1, 0.25])
    said = say("supervision.about", SUPERVISED)
    assert "the result of 13 is unknown, drawn as the most it could add. 1 month has no" in said


SERVICES = read_frame("""
    city | kind    | offers | active | completed | not_begun
    east | housing | 6      | 3      | 1         | 2
    west | housing | 4      | 0      | 1         | 3
    east | legal   | 11     | 8      | 0         | 3
    east | other   | 0      | 0      | 0         | 0
""")


def test_rows_are_added_up_by_kind_the_most_first_and_none_of_nothing():
    shown = chart_list.prepare_rows(SERVICES, "kind", "offers")
    assert shown["kind"].tolist() == ["legal", "housing"]
    assert shown["not_begun"].tolist() == [3, 5]
    assert chart_list.prepare_rows(SERVICES, "", "active")["kind"].tolist() == ["housing", "legal"]
