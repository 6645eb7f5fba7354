"""The year so far against every baseline at once."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity.stats import baselines
from longevity.stats.baselines import TOGETHER, Baseline, YearToDate
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from longevity.text.baselines import (
    build_baseline_table,
    describe_comparison,
    describe_year_to_date,
)

THROUGH = date(2026, 6, 13)
LAUNCHED = {"east": date(2023, 11, 26), "west": date(2022, 4, 1)}
BASE = 30


def frame(**cities: dict[int, int | None]) -> pd.DataFrame:
    rows = [(city, year, n) for city, own in cities.items() for year, n in own.items()]
    return pd.DataFrame(rows, columns=["city", "year", "incidents"]).astype({"incidents": "Int64"})


def years(*counts: int) -> dict[int, int | None]:
    """Counts of the years up to 2026."""
    return dict(zip(range(2027 - len(counts), 2027), counts, strict=True))


SWING = {
    "east": Dispersion(1.4, 19.7),
    "west": Dispersion(1.0, 19.7),
    TOGETHER: Dispersion(1.2, 19.7),
}


def told(data: pd.DataFrame) -> dict[str, YearToDate]:
    found = baselines.compare_year_to_date(data, "incidents", THROUGH, LAUNCHED, SWING)
    return {each.city: each for each in found}


EAST = years(44, 40, 41, 50, 42, 39, 20, 25, 30)  # 2018 to 2026
WEST = years(20, 22, 25, 21, 19, 24, 22, 20, 21)


def test_each_baseline_against_a_table_worked_by_hand() -> None:
    east = told(frame(east=EAST, west=WEST))["east"]
    by = {a.baseline: a for a in east.against}
    assert {b: (a.years, a.comparison.previous) for b, a in by.items()} == {
        Baseline.LAST_YEAR: ((2025,), 25),
        Baseline.THREE_YEARS: ((2023, 2024, 2025), 39 + 20 + 25),
        Baseline.FIVE_YEARS: ((2021, 2022, 2023, 2024, 2025), 50 + 42 + 39 + 20 + 25),
        # June 2023 lies before the launch in November 2023.
        Baseline.BEFORE: ((2018, 2019, 2020, 2021, 2022, 2023), 44 + 40 + 41 + 50 + 42 + 39),
    }
    assert east.current == 30
    assert by[Baseline.THREE_YEARS].comparison == compare(30, 84, 1, 3, SWING["east"])
    # A launch in April leaves that year's window to June out.
    west = {a.baseline: a for a in told(frame(east=EAST, west=WEST))["west"].against}
    assert west[Baseline.BEFORE].years == (2018, 2019, 2020, 2021)


def test_the_sign_flips_between_baselines() -> None:
    east = told(frame(east=EAST, west=WEST))["east"]
    assert east.depends_on_baseline
    assert describe_year_to_date(east) == (
        "The answer depends on the baseline: more than last year and the 3-year average, "
        "fewer than the 5-year average and the pre-program average. "
        "Against every baseline no clear change."
    )
    assert not told(frame(east=years(50, 52, 51, 48, 50, 20)))["east"].depends_on_baseline


def test_a_city_with_a_missing_year_is_missing_and_not_zero() -> None:
    holed = {year: count for year, count in WEST.items() if year != 2024}
    found = told(frame(east=EAST, west=holed))
    for city in ("west", TOGETHER):
        outcomes = {a.baseline: a.comparison.outcome for a in found[city].against}
        assert outcomes[Baseline.THREE_YEARS] is Outcome.UNKNOWN
        assert outcomes[Baseline.FIVE_YEARS] is Outcome.UNKNOWN
        assert outcomes[Baseline.LAST_YEAR] is not Outcome.UNKNOWN
    same = told(frame(east=EAST, west={**WEST, 2024: None}))
    assert same[TOGETHER] == found[TOGETHER]
    three = next(a for a in found["west"].against if a.baseline is Baseline.THREE_YEARS)
    assert (
        describe_comparison(three, BASE).sentence
        == "21; there is no count of the same days of 2023 to 2025."
    )


def test_together_starts_before_the_first_launch_and_adds_only_common_years() -> None:
    late = {year: count for year, count in WEST.items() if year > 2019}
    together = told(frame(east=EAST, west=late))[TOGETHER]
    assert together.current == 51
    before = next(a for a in together.against if a.baseline is Baseline.BEFORE)
    assert (before.years, before.comparison.previous) == ((2020, 2021), 41 + 25 + 50 + 21)


def test_a_year_without_any_is_zero() -> None:
    found = told(frame(east={**EAST, 2026: 0}, west=WEST))["east"]
    assert found.current == 0
    assert {a.comparison.outcome for a in found.against} <= {Outcome.DOWN, Outcome.UNCLEAR}


def test_nothing_this_year_and_nothing_earlier() -> None:
    gone = {year: count for year, count in EAST.items() if year != 2026}
    assert describe_year_to_date(told(frame(east=gone))["east"]) == "2026 so far is not known."
    assert describe_year_to_date(told(frame(east={2026: 4}))["east"]) == (
        "There is no earlier year to compare with."
    )
    assert told(frame(east={2026: 4}))["east"].answers == ()


def test_a_clear_fall_says_against_what() -> None:
    east = told(frame(east=years(90, 92, 91, 88, 90, 40)))["east"]
    assert describe_year_to_date(east) == ("Against every baseline clearly down.")


def slices(city: str, counts: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"city": city, "back": range(len(counts) - 1, -1, -1), "incidents": counts})


def test_together_swings_as_the_sum_does() -> None:
    # What one city has more the other has fewer: the sum hardly moves.
    east, west = [4, 4, 4, 16, 16, 16] * 7, [15, 15, 15, 5, 5, 5] * 5
    both = pd.concat([slices("east", east), slices("west", west)])
    found = baselines.estimate_dispersions(both, "incidents", ["east", "west", "north"])
    assert found["east"] == estimate_dispersion([east])
    assert found["west"] == estimate_dispersion([west])
    assert found["north"] is None
    # North has none, so nothing is known of all three together.
    assert found[TOGETHER] is None
    pair = baselines.estimate_dispersions(both, "incidents", ["east", "west"])
    assert pair[TOGETHER] == estimate_dispersion(
        [[e + w for e, w in zip(east[-30:], west, strict=True)]]
    )
    assert pair[TOGETHER].phi < pair["east"].phi


def test_the_table_never_gives_a_percentage_on_a_small_base() -> None:
    names = {"east": "East", "west": "West", TOGETHER: "Together"}
    data = frame(east=EAST, west={y: n for y, n in WEST.items() if y != 2024})
    found = build_baseline_table(list(told(data).values()), names, BASE)
    by = {(row.City, row.Against): row for row in found.itertuples()}
    assert by["East", "last year"][6] == "too few to give a percentage"
    assert by["East", "the 5-year average"][6] == "−15%"
    assert by["West", "the 3-year average"][6] == ""
    assert by["Together", "last year"].Counts == "51 against 45 in the same days of 2025"
