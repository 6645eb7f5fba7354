"""Places in words: where most are, rates by plain arithmetic, and changes that map, table and words say alike."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import area_maps
from longevity.charts.theme import LIGHT, find_colour
from longevity.findings import areas as changes
from longevity.findings import places
from longevity.findings.area_rates import add_hover_text
from longevity.findings.counting import COUNTED
from longevity.stats import rates
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from tests.factories import hypothesis_settings
from tests.factories.ascii_table import read_frame
from tests.factories.findings import find_with
from tests.oracles import figure_checks

CITIES = {"east": "East", "west": "West"}


def located(*rows):
    frame = pd.DataFrame(rows, columns=["city", "neighbourhood", "victims"])
    return frame.astype({"victims": "Int64"})


def lost(*rows):
    return pd.DataFrame(rows, columns=["city", "reason", "victims"]).astype({"victims": "Int64"})


def where(some, *others):
    return places.describe_where(some, lost(*others), "victims", CITIES, "in 2016")


@pytest.mark.parametrize(
    ("counts", "unplaced", "of_those_placed"),
    [
        # The next could be given them all, and would then have as many.
        ({"A": 9, "B": 5, "C": 2, "D": 0}, 1, False),
        ({"A": 9, "B": 5, "C": 2, "D": 0}, 2, True),
        ({"A": 90, "B": 50, "C": 20, "D": 19}, 1, True),
        ({"A": 9, "B": 9, "C": 2, "D": 0}, 0, False),
        ({"A": 9, "B": 9, "C": 2, "D": 0}, 1, True),
        # At most as many in any one: none who was not placed may be there.
        ({"A": 9, "B": 9, "C": 9, "D": 9}, 1, True),
    ],
)
def test_a_rank_that_the_unplaced_could_change_is_of_those_placed(counts, unplaced, of_those_placed):
    frame = located(*(("east", name, n) for name, n in counts.items()))
    assert ("of those placed" in where(frame, ("east", "no_coordinates", unplaced))) == of_those_placed


def test_the_unplaced_of_another_city_change_no_rank_within_one_but_one_over_both():
    both = located(("east", "Hill", 9), ("east", "Harbour", 5), ("west", "Mill", 1))
    for unplaced, of_those_placed in ((2, False), (5, True)):
        assert ("of those placed" in where(both, ("west", "outside", unplaced))) == of_those_placed


@hypothesis_settings.some
@given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
def test_no_area_left_out_has_as_many_as_one_named(values):
    names = [f"N{at}" for at in range(len(values))]
    sentence = where(located(*(("east", name, n) for name, n in zip(names, values, strict=True))))
    said = {name for name in names if f"{name} (" in sentence}
    assert len(said) <= 3
    least = min((n for name, n in zip(names, values, strict=True) if name in said), default=math.inf)
    assert not said or all(n < least for name, n in zip(names, values, strict=True) if name not in said)


def test_what_is_on_no_map_or_not_known_is_said():
    hill, lose = located(("east", "Hill", 6)), lost(("east", "outside", 2), ("west", "outside", 1))
    assert places.describe_unlocated(hill, lose, "victims") == "3 of 9 have no exact place and are not on the map."
    assert "not known" in places.describe_unlocated(hill, lost(), "victims")
    assert where(located(("east", "Hill", 3)), ("west", "no_coordinates", 4), ("east", "outside", 1)) == (
        "8 people were shot in East and West in 2016, of those placed most in Hill, East (3). "
        "Where in West is not known."
    )
    assert places.describe_cities_not_covered({}, CITIES, "in 2016") == ""
    begun = {"east": date(2016, 6, 10), "west": date(2017, 1, 1)}
    assert places.describe_cities_not_covered(begun, CITIES, "in 2016") == (
        "East's data begin on June 10, 2016, so it is not counted in 2016. That is not zero. "
        "West's data begin on January 1, 2017, so it is not counted in 2016. That is not zero."
    )
    part = places.describe_cities_not_covered(begun, CITIES, "in 2016", has_part=True)
    assert "so in 2016 only the days since are counted." in part


def test_the_facts_of_a_neighbourhood_by_hand():
    counted = read_frame("""
        city | neighbourhood | victims | population
        east | Hill          | 5       | 2000
        east | Harbour       | 9       | 0
        west | Hill          | 40      | 100
    """)
    hill, harbour = find_with("Hill", 5, 8, Outcome.UNCLEAR), find_with("Harbour", 9, None, Outcome.UNKNOWN)
    few, many = lost(("east", "outside", 3), ("west", "outside", 90)), lost(("east", "outside", 4))
    assert places.list_facts(counted, few, hill, "east", 365) == (
        "8 in the same days a year before; 250.2 per 100,000 residents a year; number 2 of 2 neighbourhoods"
    )
    assert places.list_facts(counted, many, harbour, "east", 365) == "of those placed number 1 of 2 neighbourhoods"


AREA = st.tuples(st.integers(0, 500), st.none() | st.integers(0, 200_000))


def areas(*rows):
    frame = pd.DataFrame(
        [("east", f"Area {at}", n, people) for at, (n, people) in enumerate(rows)],
        columns=["city", "neighbourhood", "victims", "population"],
    )
    return frame.astype({"victims": "Int64", "population": "Int64"})


@hypothesis_settings.some
@given(st.lists(AREA, min_size=1, max_size=8), st.integers(1, 8000))
def test_counts_and_rates_are_those_of_a_plain_loop_and_always_finite(rows, days):
    counted = rates.compute_area_values(areas(*rows), "victims", days, rates.COUNT)
    assert counted["value"].tolist() == [count for count, _ in rows]  # where no one lives too
    assert counted["state"].tolist() == ["shown" if count else "zero" for count, _ in rows]
    shown = add_hover_text(rates.compute_area_values(areas(*rows), "victims", days, rates.RATE), "victims", days)
    for (count, people), line in zip(rows, shown.to_dict("records"), strict=True):
        assert "inf" not in line["said"] and "nan" not in line["said"]
        if people:
            assert line["state"] == ("shown" if count else "zero")
            assert line["value"] == pytest.approx(count / people * 100_000 / (days / 365.25))
        else:
            assert line["state"] == "no_residents"
            assert math.isnan(line["value"])
            assert "no residents, so no rate" in line["said"]


def test_a_year_before_that_is_not_known_is_not_said():
    known = rates.compute_area_values(areas((3, 1000)), "victims", 365)
    for before, is_said in ((1200, True), (pd.NA, False)):
        (said,) = add_hover_text(known, "victims", 365, before=[before])["said"]
        assert ("1,200 in the same days a year before" in said) is is_said


# --- changes of neighbourhoods -------------------------------------------------------------------

HALF = (date(2026, 1, 1), date(2026, 7, 1))
STEADY = [12, 12, 11, 13, 12, 12]


def count(city, *areas):
    """Half years to June 30 of areas called a, b, c …, the newest first; None is not wholly known."""
    rows = [
        (city, "abcdefghijklmnopqrst"[at], back, *(day.replace(year=2026 - back) for day in HALF), n)
        for at, windows in enumerate(areas)
        for back, n in enumerate(windows)
        if n is not None
    ]
    columns = ["city", "neighbourhood", "back", "date_from", "date_until", "incidents"]
    frame = pd.DataFrame(rows, columns=columns).astype({"back": "Int64", "incidents": "Int64"})
    return frame.astype(dict.fromkeys(columns[3:5], "datetime64[us]"))


def find(*frames, swing=(), areas=None, measure="incidents"):
    """What is found of these counts; `swing`: slices of every area, oldest first."""
    frame = pd.concat(frames, ignore_index=True)
    named = frame[["city", "neighbourhood"]].drop_duplicates()
    slices = pd.DataFrame(
        [
            (*area, pd.Timestamp(2020, 1, 1) + pd.Timedelta(days=28 * at), n)
            for area in named.itertuples(index=False)
            for at, n in enumerate(swing)
        ],
        columns=["city", "neighbourhood", "date_from", "incidents"],
    )
    counts = frame.assign(**{m: frame[m] if m in frame else frame["incidents"] for m in COUNTED})
    return changes.find_areas(counts, slices, named if areas is None else areas, measure, HALF, 30)


def test_people_are_counted_and_their_shootings_tested():
    frame = count("east", [20, 60], [20, 60], [40, 40])
    # More people in a third of the shootings, as many fewer, and as many in as many.
    found = find(frame.assign(victims=pd.array([80, 60, 25, 75, 40, 40], dtype="Int64")), measure="victims")
    table = changes.build_changes_table(found, CITIES).set_index("Neighbourhood")
    assert table.loc["a", ["Now", "Before", "Change"]].tolist() == [80, 60, "– no clear change"]
    assert table.loc["b", ["Now", "Before", "Change"]].tolist() == [25, 75, "▼ clearly down"]
    assert table.loc["b", "Interval"].endswith("times as many shooting incidents")
    drawn = changes.build_map_frame(found).set_index("neighbourhood")
    assert drawn["value"].to_dict() == {"a": 20, "b": -50, "c": 0}
    assert drawn["state"].to_dict() == {"a": "unclear", "b": "down", "c": "unclear"}


@hypothesis_settings.some
@given(st.lists(st.lists(st.integers(0, 60), min_size=6, max_size=6), min_size=1, max_size=12))
def test_no_area_is_coloured_changed_whose_interval_holds_as_many(areas):
    found = find(count("east", *areas))
    frame = changes.build_map_frame(found)
    boundaries = figure_checks.squares(list(frame["neighbourhood"]))
    key = area_maps.Key("shooting incidents")
    drawn = area_maps.draw_areas(frame, boundaries, Drawing(LIGHT, CITIES, False), key, None, "East", (300, 400))
    figure_checks.assert_valid(drawn.figure)
    figure_checks.assert_valid(drawn.printed)
    classes = {
        find_colour(LIGHT, colour): words for words, colour in key.list_key(("up", "down", "unclear", "unknown"))
    }
    names = figure_checks.find_names(drawn.figure)
    marks = {words[-1]: words[:-1].replace("<br>", "").strip() for words in names}
    colours = figure_checks.find_colours(drawn.figure)
    rows = changes.build_changes_table(found, CITIES).set_index("Neighbourhood")
    said = dict(zip(frame["neighbourhood"], frame["said"], strict=True))
    for name, finding in found["east"].areas.items():
        tested = finding.tested
        up, down = tested.low > 1, tested.high is not None and tested.high < 1
        assert classes[colours[name]] == ("clearly more" if up else "clearly fewer" if down else "no clear change")
        assert marks[name] == ("▲" if up else "▼" if down else "")
        assert rows.at[name, "Change"].startswith("▲ clearly up") == up
        assert rows.at[name, "Change"].startswith("▼ clearly down") == down
        assert ("clearly up" in said[name]) == up
        assert tested.previous >= 30 or "−" not in said[name]
    changed = [name for name, mark in marks.items() if mark]
    assert len(changed) == found["east"].changes
    assert set(rows.index[: len(changed)]) == set(changed)  # what changed comes first


def test_a_city_is_judged_by_itself_and_by_how_all_its_areas_swing():
    east, west = count("east", [40, 12, 11, 13, 12, 12], *[STEADY] * 7), count("west", *[[9, 14, 3, 22, 1, 8]] * 12)
    alone, together = find(east)["east"], find(east, west)["east"]
    assert (alone.areas, alone.dispersion, alone.changes) == (together.areas, together.dispersion, 1)
    swinging = [0, 1, 0, 7, 4, 9] * 8
    frame = count("east", [60, 12], [0, 12])
    narrow, wide = find(frame)["east"], find(frame, swing=swinging)["east"]
    assert narrow.dispersion is None
    assert wide.dispersion == estimate_dispersion([swinging, swinging])
    assert wide.dispersion.is_clustered
    # What swings more must change more to be called changed.
    assert wide.areas["a"].tested.low < narrow.areas["a"].tested.low


def test_what_is_not_wholly_known_is_not_known_and_never_a_zero():
    found = find(count("east", [5, None], [4, None]))
    assert changes.write_changes_title(found, CITIES).startswith("There is nothing to compare")
    drawn, rows = changes.build_map_frame(found), changes.build_changes_table(found, CITIES)
    assert set(drawn["state"]) == {"unknown"}
    assert "5; there is no count of the same days of 2025" in drawn["said"].iloc[0]
    assert rows["Before"].isna().all()
    assert rows.loc[0, "Now"] == 5
    assert set(rows["Difference"]) == set(rows["Interval"]) == {""}
    outside = pd.DataFrame({"city": "west", "neighbourhood": ["a"]})  # an area the windows do not hold
    unknown = changes.build_map_frame(find(count("east", STEADY), areas=outside))
    assert set(unknown["state"]) == {"unknown"}


@pytest.mark.parametrize(
    ("start", "until", "too_long"),
    [
        (date(2024, 1, 1), date(2025, 1, 1), False),
        (date(2025, 11, 24), date(2026, 11, 24), False),
        (date(2025, 11, 23), date(2026, 11, 24), True),
    ],
)
def test_a_period_longer_than_a_year_has_no_year_before(start, until, too_long):
    assert bool(changes.explain_too_long((start, until))) == too_long


# Neighbourhoods compared all at once

PAIR = st.tuples(st.none() | st.integers(0, 60), st.integers(0, 60))
DISPERSIONS = st.none() | st.builds(Dispersion, st.floats(1, 3), st.just(60))


def change(*pairs, dispersion=None):
    """Areas with these counts of this year and the last; the dispersion is of a history that is given."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "_pool_dispersions", lambda *_: {"east": dispersion})
        return find(count("east", *pairs))["east"]


def step_up(p_values, alpha):
    """Benjamini and Hochberg (1995) as they wrote it: the largest k with p(k) ≤ kα/m."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    most = max((k for k, at in enumerate(order, 1) if p_values[at] <= k * alpha / len(order)), default=0)
    return set(order[:most])


@hypothesis_settings.some
@given(st.lists(PAIR, min_size=1, max_size=17), DISPERSIONS)
def test_what_is_called_changed_is_what_the_procedure_rejects(pairs, dispersion):
    found = change(*pairs, dispersion=dispersion)
    looked = [(name, pair) for name, pair in zip("abcdefghijklmnopq", pairs, strict=False) if pair[0] is not None]
    p_values = [compare(*pair, dispersion=dispersion).p_value for _, pair in looked]
    rejected = {looked[at][0] for at in step_up(p_values, 0.05)}
    assert {*found.list_areas(Outcome.UP, Outcome.DOWN)} == rejected
    assert (found.tests, found.changes) == (len(looked), len(rejected))


def test_what_is_believed_depends_on_how_many_were_looked_at():
    quiet = [(10, 12)] * 15
    found = change((40, 10), (9, 31), *quiet, (None, 4), (0, 0))
    assert (found.changes, found.tests) == (2, 18)
    # Alone it would have been believed.
    assert compare(9, 22).outcome is Outcome.DOWN
    assert change((9, 22), *quiet).changes == 0
    assert change((None, 3)).tests == 0
    assert change((9, 25)).changes == 1
