"""Changes of neighbourhoods: map, table and words say what one interval says."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import area_maps
from longevity.charts.theme import LIGHT, find_colour
from longevity.findings import areas as changes
from longevity.findings import areas as found_areas
from longevity.findings.areas import CityAreas, find_areas
from longevity.findings.counting import COUNTED
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from tests.factories import hypothesis_settings
from tests.oracles import figure_checks
from tests.unit.test_maps import colours_of, names_in

CITIES = {"east": "East", "west": "West"}
DRAWING = Drawing(LIGHT, CITIES, synthetic=False)
# Six windows of one area, the newest first; None: not wholly known.
WINDOWS = st.lists(st.integers(0, 60), min_size=6, max_size=6)


def counted(city: str, *areas: list[int | None], first: date = date(2026, 1, 1)) -> pd.DataFrame:
    """Windows of January 1 to June 30; areas are called a, b, c …"""
    rows = [
        (
            city,
            "abcdefghijklmnopqrst"[at],
            back,
            pd.Timestamp(first.replace(year=first.year - back)),
            pd.Timestamp(first.year - back, 7, 1),
            count,
        )
        for at, windows in enumerate(areas)
        for back, count in enumerate(windows)
        if count is not None
    ]
    columns = ["city", "neighbourhood", "back", "date_from", "date_until", "incidents"]
    return pd.DataFrame(rows, columns=columns).astype({"back": "Int64", "incidents": "Int64"})


def named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["city", "neighbourhood"]].drop_duplicates()


HALF = (date(2026, 1, 1), date(2026, 7, 1))


def of_frame(
    frame: pd.DataFrame,
    swing: list[int] | None = None,
    areas: pd.DataFrame | None = None,
    measure: str = "incidents",
) -> dict[str, CityAreas]:
    known = named(frame) if areas is None else areas
    counts = frame.assign(**{m: frame[m] if m in frame else frame["incidents"] for m in COUNTED})
    return find_areas(counts, slices(frame, swing), known, measure, HALF, 30)


def of_cities(*frames: pd.DataFrame, swing: list[int] | None = None) -> dict[str, CityAreas]:
    return of_frame(pd.concat(frames, ignore_index=True), swing)


def slices(frame: pd.DataFrame, counts: list[int] | None = None) -> pd.DataFrame:
    """Slices of every area of `frame`, oldest first; none known without counts."""
    rows = [
        (city, area, pd.Timestamp(2020, 1, 1) + pd.Timedelta(days=28 * at), count)
        for city, area in named(frame).itertuples(index=False)
        for at, count in enumerate(counts or [])
    ]
    return pd.DataFrame(rows, columns=["city", "neighbourhood", "date_from", "incidents"])


def test_people_are_counted_and_their_shootings_tested():
    frame = counted("east", [20, 60], [20, 60], [40, 40])
    # More people in a third of the shootings, as many fewer, and as many in as many.
    people = frame.assign(victims=pd.array([80, 60, 25, 75, 40, 40], dtype="Int64"))
    told = of_frame(people, measure="victims")
    table = changes.build_changes_table(told, CITIES).set_index("Neighbourhood")
    assert table.loc["a", ["Now", "Before", "Change"]].tolist() == [80, 60, "– no clear change"]
    assert table.loc["b", ["Now", "Before", "Change"]].tolist() == [25, 75, "▼ clearly down"]
    assert table.loc["b", "Interval"].endswith("times as many shooting incidents")
    drawn = changes.build_map_frame(told).set_index("neighbourhood")
    assert drawn["value"].to_dict() == {"a": 20, "b": -50, "c": 0}
    assert drawn["state"].to_dict() == {"a": "unclear", "b": "down", "c": "unclear"}


STEADY = [12, 12, 11, 13, 12, 12]


@hypothesis_settings.some
@given(st.lists(WINDOWS, min_size=1, max_size=12))
def test_no_area_is_coloured_changed_whose_interval_holds_as_many(areas):
    found = of_cities(counted("east", *areas))
    frame = changes.build_map_frame(found)
    shades = area_maps.Key("shooting incidents")
    drawn = area_maps.draw_areas(
        frame,
        figure_checks.squares(list(frame["neighbourhood"])),
        DRAWING,
        shades,
        None,
        "East",
        (300, 400),
    )
    figure_checks.assert_valid(drawn.figure)
    figure_checks.assert_valid(drawn.printed)
    colours = colours_of(drawn.figure)
    states = ("up", "down", "unclear", "unknown")
    classes = {find_colour(LIGHT, colour): words for words, colour in shades.list_key(states)}
    marks = {words[-1]: words[:-1].replace("<br>", "").strip() for words in names_in(drawn.figure)}
    rows = changes.build_changes_table(found, CITIES).set_index("Neighbourhood")
    said = dict(zip(frame["neighbourhood"], frame["said"], strict=True))
    for name, finding in found["east"].areas.items():
        compared = finding.tested
        low = compared.low
        high = float("inf") if compared.high is None else compared.high
        up, down = low > 1, high < 1
        words = classes[colours[name]]
        assert words == ("clearly more" if up else "clearly fewer" if down else "no clear change")
        assert marks[name] == ("▲" if up else "▼" if down else "")
        assert rows.at[name, "Change"].startswith("▲ clearly up") == up
        assert rows.at[name, "Change"].startswith("▼ clearly down") == down
        assert ("clearly up" in said[name]) == up
        if compared.previous < 30:
            assert "−" not in said[name]
    changed = [name for name, mark in marks.items() if mark]
    assert len(changed) == found["east"].changes
    assert set(rows.index[: len(changed)]) == set(changed)  # what changed stands first


def test_what_a_city_is_told_does_not_depend_on_the_others():
    east = counted("east", [40, 12, 11, 13, 12, 12], *[STEADY] * 7)
    west = counted("west", *[[9, 14, 3, 22, 1, 8]] * 12)
    alone, beside = of_cities(east)["east"], of_cities(east, west)["east"]
    assert alone.areas == beside.areas
    assert alone.dispersion == beside.dispersion
    assert alone.changes == 1


def test_the_dispersion_is_that_of_all_areas_together_up_to_the_end():
    swinging = [0, 1, 0, 7, 4, 9] * 8
    frame = counted("east", [60, 12], [0, 12])
    found = of_frame(frame, swinging)["east"]
    assert found.dispersion == estimate_dispersion([swinging, swinging])
    assert found.dispersion.is_clustered
    alone = of_cities(frame)["east"]
    assert alone.dispersion is None
    # What swings more must change more to be called changed.
    narrow, wide = (each.areas["a"].tested for each in (alone, found))
    assert wide.low < narrow.low


def test_a_window_not_wholly_known_is_not_known_and_never_a_zero():
    frame = counted("east", [5, None], [4, None])
    found = of_frame(frame)
    assert changes.write_changes_title(found, CITIES).startswith("There is nothing to compare")
    drawn = changes.build_map_frame(found)
    assert set(drawn["state"]) == {"unknown"}
    assert "5; there is no count of the same days of 2025" in drawn["said"].iloc[0]
    rows = changes.build_changes_table(found, CITIES)
    assert rows["Before"].isna().all()
    assert rows.loc[0, "Now"] == 5
    assert set(rows["Difference"]) == set(rows["Interval"]) == {""}


@pytest.mark.parametrize(
    ("start", "until", "too_long"),
    [
        (date(2024, 1, 1), date(2025, 1, 1), False),
        (date(2025, 11, 24), date(2026, 11, 24), False),
        (date(2025, 11, 23), date(2026, 11, 24), True),
        (date(2012, 1, 1), date(2026, 11, 24), True),
    ],
)
def test_a_period_longer_than_a_year_has_no_year_before(start, until, too_long):
    assert bool(changes.explain_too_long((start, until))) == too_long


def test_an_area_the_windows_do_not_hold_is_not_known_at_all():
    areas = pd.DataFrame({"city": "west", "neighbourhood": ["a"]})
    found = of_frame(counted("east", STEADY), areas=areas)
    assert set(changes.build_map_frame(found)["state"]) == {"unknown"}


# Neighbourhoods compared all at once

PAIR = st.tuples(st.none() | st.integers(0, 60), st.integers(0, 60))
DISPERSIONS = st.none() | st.builds(Dispersion, st.floats(1, 3), st.just(60))


WINDOW = (date(2026, 1, 1), date(2027, 1, 1))


def change_areas(*pairs: tuple[int | None, int | None], dispersion: Dispersion | None = None) -> CityAreas:
    """Areas with these counts of 2026 and 2025; the dispersion is of a history that is given."""
    rows = [
        ("east", f"{at:03}", pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 1, 1), count)
        for at, pair in enumerate(pairs)
        for year, count in zip((2026, 2025), pair, strict=True)
    ]
    columns = ["city", "neighbourhood", "date_from", "date_until", "incidents"]
    frame = pd.DataFrame(rows, columns=columns).astype({"incidents": "Int64"})
    counts = frame.assign(**dict.fromkeys(COUNTED, frame["incidents"]))
    areas = frame[["city", "neighbourhood"]].drop_duplicates()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_areas, "_pool_dispersions", lambda *_: {"east": dispersion})
        return found_areas.find_areas(counts, frame, areas, "incidents", WINDOW, 30)["east"]


def step_up(p_values: list[float], alpha: float) -> set[int]:
    """Benjamini and Hochberg (1995) as they wrote it: the largest k with p(k) ≤ kα/m."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    most = 0
    for k, at in enumerate(order, start=1):
        if p_values[at] <= k * alpha / len(p_values):
            most = k
    return set(order[:most])


@hypothesis_settings.some
@given(st.lists(PAIR, min_size=1, max_size=17), DISPERSIONS)
def test_what_is_called_changed_is_what_the_procedure_rejects(pairs, dispersion):
    found = change_areas(*pairs, dispersion=dispersion)
    looked = [(at, pair) for at, pair in enumerate(pairs) if pair[0] is not None]
    p_values = [compare(*pair, dispersion=dispersion).p_value for _, pair in looked]
    rejected = {looked[k][0] for k in step_up(p_values, 0.05)}
    assert {int(name) for name in found.list_areas(Outcome.UP, Outcome.DOWN)} == rejected
    assert (found.tests, found.changes) == (len(looked), len(rejected))


def test_what_is_believed_depends_on_how_many_were_looked_at():
    quiet = [(10, 12)] * 15
    found = change_areas((40, 10), (9, 31), *quiet, (None, 4), (0, 0))
    assert (found.changes, found.tests) == (2, 18)
    # Alone it would have been believed.
    assert compare(9, 22).outcome is Outcome.DOWN
    assert change_areas((9, 22), *quiet).changes == 0
    assert change_areas((None, 3)).tests == 0
    assert change_areas((9, 25)).changes == 1
