"""A demonstration to a later day extends the one to an earlier day, whatever the days."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from longevity import demo
from longevity import settings as configuration
from longevity.ingest.contract import EXTRACTS
from longevity.settings import Settings
from tests.oracles.demonstration_counts import assert_promises, assert_totals, truths

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]

# What may be put right later, by extract; everything else of a row stays as it was.
MAY_CHANGE = {
    "incidents": {"gmi", "reviewed_on", "clearance"},
    "victims": {"outcome", "died_on"},
    "groups": {"audited_on", "members", "active_until", "succeeded_by"},
    "people": {"review_by", "delisted_on"},
    "memberships": {"until_on"},
    "supervision_spells": {"until_on"},
    "call_ins": {
        "held_on",
        "community_speakers",
        "family_speakers",
        "law_enforcement",
        "service_providers",
        "cases_prepared",
    },
    "enforcement_actions": {"disposed_on", "disposition"},
    "releases_from_custody": {"released_on", "greeted_on", "greeted_by"},
    "services": {"intake_on", "last_contact_on", "completed_on"},
    "community_requests": {"answered_on"},
    "budget": {"spent"},
}


def drawn(settings: Settings, until: date, seed: int) -> Rows:
    rows: Rows = {}
    with tempfile.TemporaryDirectory() as folder:
        demo.write_demonstration(Path(folder), settings, until, 1, seed)
        for extract in EXTRACTS:
            table = pq.read_table(Path(folder) / f"{extract.name}.parquet").to_pylist()
            # The day of an audit is filled in later: there the group alone is the key.
            key = ("group_id", "members") if extract.name == "groups" else extract.key
            rows[extract.name] = {tuple(row[k] for k in key): row for row in table}
    return rows


def assert_extended(earlier: Rows, later: Rows, until: date) -> None:
    """Assert that every earlier row is there, unchanged but for what may be put right."""
    for extract in EXTRACTS:
        if extract.name == "groups":
            continue
        old, new = earlier[extract.name], later[extract.name]
        fixed = {c.name for c in extract.columns} - MAY_CHANGE.get(extract.name, set())
        for key, row in old.items():
            assert key in new, extract.name
            for name in fixed:
                assert new[key][name] == row[name], (extract.name, name)
    for key, row in later["incidents"].items():
        before = earlier["incidents"].get(key)
        if before is None:
            assert row["recorded_on"] is None or row["recorded_on"] > until
        elif row["gmi"] != before["gmi"]:
            assert before["gmi"] == "unknown"
    for key, row in later["victims"].items():
        before = earlier["victims"].get(key)
        if before is not None and before["outcome"] != row["outcome"]:
            assert (before["outcome"], row["outcome"]) == ("nonfatal", "fatal")


@pytest.fixture(scope="module")
def configured() -> Settings:
    return configuration.load_settings(environment={})


# Shrinking would take minutes; the days and the seed say enough.
@how(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    until=st.dates(date(2008, 1, 1), date(2031, 1, 10)),
    days=st.integers(1, 40),
    seed=st.integers(0, 2**32),
)
@example(until=date(2015, 12, 1), days=31, seed=0)  # an episode open over the turn of a year
def test_a_later_demonstration_extends_an_earlier_one(configured, until, days, seed):
    earlier = drawn(configured, until, seed)
    assert_extended(earlier, drawn(configured, until + timedelta(days=days), seed), until)


@how(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(until=st.dates(date(2008, 1, 1), date(2031, 1, 10)), seed=st.integers(0, 2**32))
@example(until=date(2022, 5, 8), seed=149060)  # a group passed on before its successor was told
def test_planted_truths_come_back_on_any_day(configured, until, seed):
    with tempfile.TemporaryDirectory() as folder:
        demo.write_demonstration(Path(folder), configured, until, 1, seed)
        assert_promises(Path(folder), until)
        assert_totals(Path(folder), truths(Path(folder)))
