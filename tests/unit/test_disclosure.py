"""Small counts of persons, at the boundary and along every margin."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from longevity.errors import ConfigError, DataError
from longevity.warehouse import disclosure
from longevity.warehouse.catalogue import Protects
from longevity.warehouse.disclosure import disclose
from tests.factories import ascii_table
from tests.factories.ascii_table import assert_table


def frame(text: str, *counts: str) -> pd.DataFrame:
    """A frame from an ASCII table, its counts as Int64; an empty cell is missing."""
    made = pd.DataFrame(ascii_table.rows(text))
    for column in counts:
        made[column] = pd.to_numeric(made[column].replace("", pd.NA)).astype("Int64")
    return made


@pytest.mark.parametrize(
    ("count", "state"),
    [
        (0, "zero"),
        (1, "withheld"),
        (5, "withheld"),
        (6, "shown"),
        (7, "shown"),
        (None, "missing"),
    ],
)
def test_the_boundary(count: int | None, state: str) -> None:
    alone = pd.DataFrame({"city": ["a"], "people": pd.array([count], dtype="Int64")})
    # No line: nobody knows a total, so only the cell itself is at stake.
    out = disclose(alone, Protects(("people",)), ["city"], 5)
    assert out["people_state"].tolist() == [state]
    assert pd.isna(out["people"][0]) == (state in ("withheld", "missing"))


@pytest.mark.parametrize("threshold", [0, -1, True, False, "5", 5.0, None, float("nan")])
def test_a_threshold_that_is_none_fails_closed(threshold: Any) -> None:
    with pytest.raises(ConfigError):
        disclose(frame("city | n\n a | 3", "n"), Protects(("n",)), ["city"], threshold)


@pytest.mark.parametrize("count", [-1, 2.5, float("inf"), "many"])
def test_what_is_no_count_fails_closed(count: Any) -> None:
    table = pd.DataFrame({"city": ["a"], "n": [count]})
    with pytest.raises(DataError, match="not a count"):
        disclose(table, Protects(("n",)), ["city"], 5)


def test_a_part_larger_than_its_whole_fails_closed() -> None:
    table = frame("city | came | asked\n a | 9 | 8", "came", "asked")
    protects = Protects(("came", "asked"), part_of=(("came", "asked"),))
    with pytest.raises(DataError, match="'came' is larger than 'asked'"):
        disclose(table, protects, ["city"], 5)


def test_a_protected_column_that_is_not_there_fails_closed() -> None:
    with pytest.raises(DataError, match="no column 'm'"):
        disclose(frame("city | n\n a | 3", "n"), Protects(("n", "m")), ["city"], 5)


ONE_LINE = Protects(("n",), lines=("band",))


def test_one_small_cell_takes_the_smallest_other_with_it() -> None:
    out = disclose(
        frame("band | n\n young | 3\n middle | 40\n old | 20\n none | 0", "n"),
        ONE_LINE,
        ["band"],
        5,
    )
    assert_table(
        out,
        """
        band   | n  | n_state
        young  |    | withheld
        middle | 40 | shown
        old    |    | withheld
        none   | 0  | zero
        """,
    )


def test_a_cell_equal_to_its_total_takes_the_zeros_with_it() -> None:
    out = disclose(frame("band | n\n young | 3\n old | 0\n none | 0", "n"), ONE_LINE, ["band"], 5)
    assert out["n_state"].tolist() == ["withheld", "withheld", "withheld"]


def test_two_small_cells_that_tell_too_much_together_take_a_third() -> None:
    # 1 + 1: knowing the total leaves 0 to 2, narrower than the threshold.
    out = disclose(frame("band | n\n a | 1\n b | 1\n c | 30\n d | 50", "n"), ONE_LINE, ["band"], 5)
    assert out["n_state"].tolist() == ["withheld", "withheld", "withheld", "shown"]


def test_two_small_cells_wide_enough_stand_alone() -> None:
    out = disclose(frame("band | n\n a | 3\n b | 4\n c | 30", "n"), ONE_LINE, ["band"], 5)
    assert out["n_state"].tolist() == ["withheld", "withheld", "shown"]


def test_a_small_rest_of_a_part_is_protected_too() -> None:
    # 20 of 22 came: showing both would say that 2 did not.
    protects = Protects(("came", "asked"), part_of=(("came", "asked"),))
    out = disclose(
        frame("route | came | asked\n parole | 20 | 22\n other | 20 | 40", "came", "asked"),
        protects,
        ["route"],
        5,
    )
    assert out["came_state"].tolist() == ["withheld", "shown"]
    assert out["asked_state"].tolist() == ["shown", "shown"]


def test_a_sum_never_gives_its_small_part_back() -> None:
    protects = Protects(("all", "a", "b"), sums=(("all", ("a", "b")),))
    out = disclose(frame("city | all | a | b\n x | 33 | 30 | 3", "all", "a", "b"), protects, [], 5)
    states = [out[f"{column}_state"][0] for column in ("all", "a", "b")]
    assert states == ["shown", "withheld", "withheld"]


def test_parts_that_do_not_make_their_sum_fail_closed() -> None:
    protects = Protects(("all", "a", "b"), sums=(("all", ("a", "b")),))
    table = frame("city | all | a | b\n x | 33 | 30 | 9", "all", "a", "b")
    with pytest.raises(DataError, match=r"'all' is not a \+ b"):
        disclose(table, protects, [], 5)


def test_a_total_over_cities_goes_when_a_city_is_withheld() -> None:
    table = """
        city | year | n
        x    | 2020 | 3
        y    | 2020 | 40
        all  | 2020 | 43
        x    | 2021 | 10
        y    | 2021 | 40
        all  | 2021 | 50
    """
    out = disclose(frame(table, "n"), Protects(("n",)), ["city", "year"], 5)
    assert out["n_state"].tolist() == ["withheld", "shown", "withheld", "shown", "shown", "shown"]


def test_a_total_printed_over_another_column_takes_a_second_cell() -> None:
    table = "band | n\n young | 3\n middle | 40\n old | 20\n all | 63"
    out = disclose(frame(table, "n"), Protects(("n",)), ["band"], 5)
    # The total or a cell: the smallest that is above zero.
    assert out["n_state"].tolist() == ["withheld", "shown", "withheld", "shown"]


def test_a_missing_cell_is_neither_zero_nor_withheld() -> None:
    out = disclose(frame("band | n\n young | \n old | 30\n none | 0", "n"), ONE_LINE, ["band"], 5)
    assert out["n_state"].tolist() == ["missing", "shown", "zero"]


def test_the_state_stands_beside_its_column_and_the_rest_is_untouched() -> None:
    table = frame("band | n | mean\n young | 3 | 1.5\n old | 40 | 2.5", "n")
    before = table.copy(deep=True)
    out = disclose(table, ONE_LINE, ["band"], 5)
    assert list(out.columns) == ["band", "n", "n_state", "mean"]
    pd.testing.assert_frame_equal(table, before)
    assert out["mean"].tolist() == ["1.5", "2.5"]


def test_an_empty_frame_has_its_states() -> None:
    out = disclose(frame("band | n\n a | 9", "n").head(0), ONE_LINE, ["band"], 5)
    assert list(out.columns) == ["band", "n", "n_state"]


def test_who_may_read_the_rows_sees_every_count_and_its_state() -> None:
    out = disclosure.exact(frame("band | n\n a | 3\n b | 0\n c | ", "n"), ["n"])
    assert_table(out, "band | n | n_state\n a | 3 | shown\n b | 0 | zero\n c | | missing")


def test_a_pinned_pattern_no_single_line_shows_is_found() -> None:
    # Every line holds two withheld cells, yet the middle one joins two closed loops:
    # adding up one loop's rows and taking off its columns gives it back exactly.
    table = """
        row | col | n
        1   | 1   | 3
        1   | 2   | 3
        2   | 1   | 3
        2   | 2   | 3
        2   | 3   | 3
        3   | 3   | 3
        3   | 4   | 3
        4   | 3   | 3
        4   | 4   | 3
    """
    made = frame(table, "n")
    grid = [(str(r), str(c)) for r in range(1, 5) for c in range(1, 5)]
    have = dict(zip(zip(made["row"], made["col"], strict=True), made["n"], strict=True))
    full = pd.DataFrame(
        {
            "row": [r for r, _ in grid],
            "col": [c for _, c in grid],
            "n": pd.array([have.get(key, 50) for key in grid], dtype="Int64"),
        }
    )
    out = disclose(full, Protects(("n",), lines=("row", "col")), ["row", "col"], 5)
    assert (out["n_state"] == "withheld").sum() > len(made)
