"""Coverage and false alarms by simulation (`make calibrate`): nothing is worse than promised.

Here what is said in words; every row of the tables in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tools.calibrate import evaluation
from tools.calibrate.__main__ import SEED, SUBJECTS
from tools.calibrate.simulate import Promise, Row


def hold(rows: Iterable[Row]) -> list[Row]:
    """The rows, none of them worse by more than the simulation's own error."""
    found = list(rows)
    assert [str(row) for row in found if row.is_worse] == []
    return found


def test_a_row_is_worse_only_beyond_the_error_of_the_simulation():
    alarms, coverage = Promise(0.05), Promise(0.95, at_least=True)
    assert not Row("", "", 60, 1000, alarms).is_worse
    assert Row("", "", 80, 1000, alarms).is_worse
    assert Row("", "", 920, 1000, coverage).is_worse
    assert not Row("", "", 999, 1000, coverage).is_worse


# The worst of the table, and the fall that is to be seen.
@pytest.mark.parametrize("kind", [evaluation.KINDS[at] for at in (3, 6, 8)], ids=lambda kind: kind.name)
def test_no_title_reports_a_change_where_nothing_began(kind):
    reported = evaluation.count_reported(kind, (48, 48), 10, runs=40, seed=7)
    hold([Row(kind.name, "", reported, 40, evaluation.PROMISED)])


def test_a_fall_of_40_percent_in_a_flat_series_is_reported():
    args = evaluation.FLAT, (48, 48), 10
    reported = evaluation.count_reported(*args, runs=40, seed=7, ratio=evaluation.PLANTED)
    hold([Row("a fall", "", reported, 40, evaluation.SEEN)])


@pytest.mark.audit
@pytest.mark.parametrize("subject", ["areas", "change", "evaluation", "rate"])
def test_every_row(subject):
    for row in hold(SUBJECTS[subject](400, SEED)):
        print(row)
