"""A year of weekly releases in which the program alone grows, a row a week: nobody sees it."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from itertools import cycle

import pytest

from longevity.auth.viewers import PUBLIC
from tests.drivers import screens
from tests.oracles import side_channels
from tests.oracles.side_channels import Moved, Texts, World

pytestmark = pytest.mark.audit

WEEKS = 52
WHOLE = 6  # weeks between readings of every screen and document
SECONDS = 600  # of the processor


def _answers(made: World) -> Texts:
    warehouse = side_channels.opened(made.settings)
    found = side_channels.answers(warehouse, PUBLIC, side_channels.WEST)
    warehouse.close()
    return found


def _all_else(monkeypatch: pytest.MonkeyPatch, made: World) -> Texts:
    warehouse = side_channels.opened(made.settings)
    found = side_channels.documents(warehouse, made.settings)
    warehouse.close()
    with pytest.MonkeyPatch.context() as patch:
        found |= side_channels.edition(patch, made.settings, made.folder)
    for groups in (None, "dash-west"):
        found |= side_channels.pages(monkeypatch, made.settings, screens.pages(), groups)
    screens.forget()
    return found


def test_a_year_of_single_rows(tmp_path, monkeypatch):
    began = time.process_time()
    made = side_channels.world(tmp_path)
    made.publish()
    side_channels.SINGLES["one contact"](made, side_channels.BEFORE)
    made.publish()
    answers, others = _answers(made), _all_else(monkeypatch, made)
    texts = len(answers) + len(others)
    found: list[tuple[str, Moved]] = []
    kinds = cycle(side_channels.SINGLES.items())
    for week in range(1, WEEKS + 1):
        name, more = next(kinds)
        more(made, side_channels.BEFORE + timedelta(days=2 * week))
        made.publish()
        now = _answers(made)
        found += [(name, one) for one in side_channels.moved(answers, now)]
        answers = now
        if week % WHOLE == 0 or week == WEEKS:
            now = _all_else(monkeypatch, made)
            found += [(name, one) for one in side_channels.moved(others, now)]
            others = now
    seconds = time.process_time() - began
    moved = len({one.where for _, one in found})
    print(f"\n{WEEKS} releases, {texts} texts, {moved} moved, in {seconds:,.0f} s")
    assert not found, (Counter(one.where for _, one in found), found[:3])
    assert seconds < SECONDS
