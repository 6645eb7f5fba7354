"""Two versions of one public table against an attacker who keeps both."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity.privacy.refreeze import is_safe_beside, reclassify
from longevity.release import table_corrections
from tests.factories.reach_release import Rows
from tests.oracles import funnel_attack
from tests.oracles.lattice_attack import PROTECTED, people
from tests.oracles.recut_attack import (
    AGAIN,
    FIRST,
    Corrected,
    Gain,
    again,
    compared,
    counted_live,
)

BANDS = ("a", "b", "c", "d")
PARTS = {band: (band,) for band in BANDS}


@pytest.mark.parametrize("seed", [2, 5])
def test_nothing_is_read_from_both_versions(seed: int, tmp_path: Path) -> None:
    ours, plain = Gain(same_people=True), Gain(same_people=False)
    made = compared(people(seed), tmp_path, ours, plain)
    assert (ours.broken, ours.late_read, ours.moved_read) == (0, 0, 0)
    assert ours.narrowest >= PROTECTED
    assert ours.shown > 0
    # The second version is not the first: what was taken for women is men.
    assert any(first[0] != second[0] for first, second in made.values())


def test_young_black_men_beside_tables_of_several_days_are_withheld(tmp_path: Path) -> None:
    """They were not counted of the people of all three, as an earlier version could do."""
    of_one_day = Corrected(people(1), tmp_path / "one").both().values()
    assert any(second["young", "are"] is not None for _, (second, _) in of_one_day)
    corrected = Corrected(people(1), tmp_path / "several")
    corrected.week(FIRST)
    path = corrected.before.path
    assert path is not None
    rows = table_corrections.read_rows(path)
    for row in rows:
        row["cut_on"] -= timedelta(days=row["table_name"] == "race_ethnicity")
    pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(path)), path)
    corrected.before = again(corrected.folder, path, ("sex", "young_black_men"))
    corrected.wrong = False
    frozen = {(row["city"], row["year"]) for row in rows}
    for period, (tables, _) in corrected.week(AGAIN).items():
        assert tables["young", "are"] is None or period not in frozen


def test_the_same_attacker_reads_who_was_entered_out_of_a_plain_new_cut() -> None:
    first = ({("sex", "female"): 20, ("sex", "male"): 60, ("sex", "other"): 0} | UNKNOWN, 80)
    now = {("sex", "female"): 21, ("sex", "male"): 60, ("sex", "other"): 0} | UNKNOWN
    plain = Gain(same_people=False)
    plain.attack(first, counted_live(first, now, 81))
    assert plain.late_read == 1


UNKNOWN = {("sex", "unknown"): 0}


def sorted_so(flows: dict[tuple[str, str | None], int]) -> tuple[pd.Series, pd.Series, list[str]]:
    """What people were taken for, what they are now, and what the second version says."""
    pairs = [pair for pair, people in flows.items() for _ in range(people)]
    before, now = (pd.Series([pair[at] for pair in pairs], dtype=object) for at in (0, 1))
    return before, now, reclassify(before, now, PROTECTED).tolist()


@pytest.mark.parametrize(
    ("flows", "second"),
    [
        # Swapped, and one of each said otherwise since: the swap is all that is taken.
        (
            {("a", "b"): 30, ("a", "c"): 1, ("b", "a"): 9, ("b", "b"): 1},
            {"b": 31, "a": 10},
        ),
        # With too many who went elsewhere for a mere swap, all are as they are now.
        ({("a", "b"): 30, ("a", "c"): 3, ("a", "d"): 3}, {"b": 30, "c": 3, "d": 3}),
        # Small values swapped move whole.
        ({("a", "a"): 30, ("b", "c"): 2, ("c", "b"): 4}, {"a": 30, "c": 2, "b": 4}),
        # Who is said otherwise where nothing was wrong stays as it was.
        (
            {("a", "a"): 30, ("a", "b"): 3, ("b", "b"): 20, ("c", "a"): 1},
            {"a": 33, "b": 20, "c": 1},
        ),
        # A value that was split is as it is now, the few in it too.
        ({("a", "a"): 20, ("a", "b"): 12, ("a", "c"): 2}, {"a": 20, "b": 12, "c": 2}),
        # Who is counted no more goes with most of theirs.
        ({("a", "b"): 20, ("a", None): 2}, {"b": 22}),
    ],
)
def test_only_a_correction_moves_people(
    flows: dict[tuple[str, str | None], int], second: dict[str, int]
) -> None:
    _, _, after = sorted_so(flows)
    assert {value: after.count(value) for value in sorted(set(after))} == dict(
        sorted(second.items())
    )


@pytest.mark.parametrize(
    ("flows", "apart"),
    [
        ({("a", "b"): 60, ("b", "a"): 30}, True),
        # Of 32 that were taken for one, 2 became another: the second table would say that of two.
        ({("a", "a"): 60, ("b", "b"): 30, ("b", "c"): 2}, False),
        # Split into three large parts.
        ({("a", "a"): 30, ("a", "b"): 20, ("a", "c"): 10}, True),
    ],
)
def test_what_both_versions_tie_down_is_seen(
    flows: dict[tuple[str, str | None], int], apart: bool
) -> None:
    before, now, _ = sorted_so(flows)
    first, second = ({band: int((side == band).sum()) for band in BANDS} for side in (before, now))
    assert is_safe_beside(before, now, first, second, PARTS, PROTECTED) is apart


@pytest.mark.parametrize(("alone", "apart"), [(30, True), (2, False)])
def test_who_was_shot_together_is_not_counted_as_a_way_out(alone: int, apart: bool) -> None:
    """Values withheld in both versions can only trade people of whom one can be said alone."""
    before = after = pd.Series(["a"] * 30 + ["b"] * 30 + ["c"] * 20)
    counts = {"a": None, "b": None, "c": 20, "d": 0}
    together = pd.Series([at % 30 >= alone for at in range(60)] + [False] * 20)
    args = (before, after, counts, counts, PARTS, PROTECTED)
    assert is_safe_beside(*args)
    assert is_safe_beside(*args, together) is apart


class CorrectedCallIns(funnel_attack.Published):
    """Call-ins of which the first release took those who came for those who stayed away."""

    wrong = True

    def _rows(self, day: date) -> Rows:
        made = super()._rows(day)
        if self.wrong:
            swap = {"attended": "absent", "absent": "attended"}
            for row in made["invitations"]:
                row["attended"] = swap.get(row["attended"], row["attended"])
        return made


def test_a_funnel_cut_again_is_of_those_invited_then(tmp_path: Path) -> None:
    invitations = funnel_attack.asked(seed=4, a_session=25)
    for one in invitations:
        one.said = one.said[:1]
    published = CorrectedCallIns(invitations, tmp_path)
    published.recounted(FIRST)
    assert published.before.path is not None
    published.before = again(tmp_path, published.before.path, ("funnel", "still_active"))
    published.wrong = False
    second = published.recounted(AGAIN)
    true = funnel_attack.live(invitations, FIRST)
    told = {key: count for key, count in second.items() if count is not None}
    assert len(told) > 20
    for (city, year, name), count in told.items():
        years = (year - 1, year) if name == "active_90" else (year,)
        assert count == sum(true[city, each][name] for each in years), (city, year, name)
    for city in ("east", "west"):
        cells = {(str(year), name): n for (c, year, name), n in second.items() if c == city}
        for cell, (least, most) in funnel_attack.ways(cells, funnel_attack.MOST).items():
            assert most - least >= PROTECTED, cell
