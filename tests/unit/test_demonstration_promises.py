"""The planted promises and restraint come back exactly from the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from longevity import demo
from longevity import settings as configuration
from longevity.settings import Settings
from tests.oracles.demonstration_counts import assert_promises, assert_totals, naive_line, truths

UNTIL = date(2026, 11, 22)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return configuration.load_settings(environment={})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    out = tmp_path_factory.mktemp("demonstration")
    demo.write_demonstration(out, settings, UNTIL, 1, 7)
    return out


def test_planted_promises_and_restraint_come_back_exactly(folder: Path) -> None:
    states = assert_promises(folder, UNTIL)
    assert min(states["kept"], states["late"], states["broken"]) >= 10
    assert sum(c["restraint"]["broke_restraint"] for c in truths(folder)["cities"].values()) >= 10


@pytest.mark.parametrize(
    ("seed", "until"),
    [
        (1, date(2026, 11, 22)),
        (2, date(2016, 2, 29)),
        (3, date(2014, 4, 1)),
        (4, date(2021, 12, 31)),
        (5, date(2024, 1, 1)),
        (6, date(2019, 7, 3)),
    ],
)
def test_planted_truths_come_back_on_any_seed_and_day(
    tmp_path: Path, settings: Settings, seed: int, until: date
) -> None:
    demo.write_demonstration(tmp_path, settings, until, 1, seed)
    assert_promises(tmp_path, until)
    assert_totals(tmp_path, truths(tmp_path))


@pytest.mark.audit
def test_planted_truths_come_back_over_twenty_seeds(tmp_path: Path, settings: Settings) -> None:
    for seed in range(100, 120):
        until = UNTIL - timedelta(days=97 * (seed - 100))
        demo.write_demonstration(tmp_path, settings, until, 1, seed)
        assert_promises(tmp_path, until)
        assert_totals(tmp_path, truths(tmp_path))


def test_edge_days_are_among_the_fates(folder: Path) -> None:
    days = Counter(
        (date.fromisoformat(e["first_action_on"]) - date.fromisoformat(e["violated_on"])).days
        for e in truths(folder)["episodes"]
        if e["first_action_on"]
    )
    assert min(days[0], days[30], days[60], days[90]) >= 1


def test_oracle_of_this_file_reads_the_rules_as_written() -> None:
    """A hand-made table: the naive walk itself, on the cases that are easy to get wrong."""
    day0 = date(2020, 1, 1)

    def at(days: int, kind: int, trigger: str | None = None, name: str = "") -> Any:
        row = {"group_id": "g", "city": "c", "incident_id": name, "trigger_incident_id": trigger}
        return (day0 + timedelta(days=days), kind, row)

    seen: dict[str, Counter[str]] = defaultdict(Counter)
    # notice on day 0; shot on the notice day: none. Shot day 10, action day 10: day 0 of it.
    # Shot day 11: a new one, unanswered to day 101; shot 102: another; the action of day 110
    # names the shooting of day 11, so it is late for that one, and 102 stays open.
    events = [at(0, 0, name="a"), at(10, 0, name="b"), at(10, 1), at(11, 0, name="c")]
    events += [at(101, 0, name="d"), at(102, 0, name="e"), at(110, 1, "c"), at(300, 1)]
    walked = naive_line(events, day0, seen)
    found = [((e["violated"] - day0).days, e["first"] and (e["first"] - day0).days) for e in walked]
    assert found == [(10, 10), (11, 110), (102, 300)]
    assert seen["c"] == Counter(all=3)
