"""Sixteen threads, every kind of viewer, every query: the rows of one thread, exactly."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.errors import AccessError
from longevity.settings import Settings
from longevity.ui.cache import CachedWarehouse
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import UNTIL

pytestmark = pytest.mark.audit

THREADS, QUESTIONS = 16, 50
Asked = tuple[str, dict[str, Any], Viewer]


def _questions(warehouse: Warehouse, settings: Settings) -> list[Asked]:
    """Each query by each kind of viewer, with parameters drawn for those it takes."""
    dice = random.Random(5)
    cities = list(settings.cities)
    words = ["public", "state", *(f"city:{city}" for city in cities)]
    everyone = [viewers.parse_viewer(word, settings) for word in words]
    areas = warehouse.run("areas", None, everyone[0]).frame
    asked: list[Asked] = []
    while len(asked) < QUESTIONS:
        for name, query in warehouse.queries.items():
            given: dict[str, Any] = {}
            if "city" in query.parameters:
                given["city"] = dice.choice([None, *cities])
            if "neighbourhood" in query.parameters and given["city"]:
                own = areas[areas["city"] == given["city"]]["neighbourhood"]
                given["neighbourhood"] = dice.choice([None, *own])
            if "date_from" in query.parameters:
                given["date_from"] = UNTIL - timedelta(days=dice.randint(1, 5000))
            asked.append((name, given, dice.choice(everyone)))
    dice.shuffle(asked)
    return asked[:QUESTIONS]


def _answer(warehouse: Warehouse, asked: Asked) -> pd.DataFrame | str:
    name, given, viewer = asked
    try:
        return warehouse.run(name, given, viewer).frame
    except AccessError as error:
        return str(error)


@pytest.mark.parametrize("kind", [Warehouse, CachedWarehouse], ids=["anew", "kept"])
def test_sixteen_threads_of_all_viewers(release, published, kind):
    alone = Warehouse(release, published)
    questions = _questions(alone, published)
    assert {viewer.kind for _, _, viewer in questions} == {"public", "city", "state"}
    expected = [_answer(alone, one) for one in questions]
    alone.close()
    # Opened by whichever thread comes first: the scopes are part of what is proven.
    shared = kind(release, published)

    def ask(seed: int) -> list[tuple[int, pd.DataFrame | str]]:
        order = random.Random(seed).sample(range(QUESTIONS), QUESTIONS)
        return [(at, _answer(shared, questions[at])) for at in order]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [one for thread in pool.map(ask, range(THREADS)) for one in thread]
    shared.close()
    assert len(answers) == THREADS * QUESTIONS
    for at, found in answers:
        wanted = expected[at]
        if isinstance(wanted, str):
            assert found == wanted
        else:
            assert isinstance(found, pd.DataFrame), found
            pd.testing.assert_frame_equal(found, wanted)
    print(f"\n{len(answers)} answers of {THREADS} threads equal those of one.")
