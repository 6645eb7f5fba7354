"""What each screen asks, answered here, by a raw scan of the files, and by pandas.

All three must agree: that is asserted, how long they take is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from longevity.auth import viewers
from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse.parameters import resolve_parameters
from longevity.warehouse.warehouse import Warehouse
from tools.bench import baseline
from tools.bench.scan import Scan
from tools.bench.timing import several

RUNS = 3  # of ours; the usual ways take seconds
PATIENCE = 45  # seconds longer than for the scan: pandas has fewer questions to answer
Question = tuple[str, dict[str, Any], str]  # query, parameters as given, viewer
Seconds = tuple[float, float | None, float | None]


@dataclass
class QueryComparison:
    """One screen's questions: seconds of all of them here and by a scan, and of those in pandas."""

    questions: int = 0
    ours: float = 0.0
    scan: float = 0.0
    in_pandas: int = 0
    ours_of_those: float = 0.0
    pandas: float = 0.0
    not_scanned: int = 0


@dataclass
class ScreenComparison:
    """Every screen's, and what loading the files into pandas took."""

    screens: dict[str, QueryComparison] = field(default_factory=dict)
    loading: float = 0.0


class Answers:
    """Each question answered once each way, however many screens ask it."""

    def __init__(
        self, release: Release, settings: Settings, runs: int, usual_runs: int, until: float
    ) -> None:
        self._warehouse = Warehouse(release, settings)
        self._scan = Scan(release, settings)
        began = time.perf_counter()
        self._frames = baseline.Frames(release, settings)
        self.loading = time.perf_counter() - began
        self._runs, self._usual_runs, self._until = runs, usual_runs, until
        self._known: dict[str, Seconds] = {}

    def seconds(self, question: Question) -> Seconds:
        """Here, by a scan, in pandas; None where it was not asked that way."""
        key = repr(question)
        if key not in self._known:
            self._known[key] = self._answered(*question)
        return self._known[key]

    def close(self) -> None:
        """Let go of the release."""
        self._warehouse.close()
        self._scan.close()

    def _answered(self, name: str, given: dict[str, Any], viewer: str) -> Seconds:
        warehouse = self._warehouse
        asking = viewers.parse_viewer(viewer, warehouse.settings)
        ours = several(lambda: warehouse.run(name, given, asking), self._runs)
        query = warehouse.find_query(name)
        values = resolve_parameters(query, given, warehouse._allowed)
        frame = ours.result.frame
        late = time.monotonic() > self._until
        # The scan reads what the state may read; the public's answer hides some of it.
        whole = query.query_class.public or asking.named_scope == viewers.STATE_SCOPE
        scanned = in_pandas = None
        if whole and not late:
            taken = several(
                lambda: self._scan.ask(query, values), self._usual_runs, warm=self._warm
            )
            same(frame, taken.result, name)
            scanned = taken.seconds
        too_late = time.monotonic() > self._until + PATIENCE
        if whole and name in baseline.QUESTIONS and not too_late:
            ask, keys = baseline.QUESTIONS[name]
            wanted = {key: _day(value) for key, value in values.items()}
            taken = several(lambda: ask(self._frames, wanted), self._usual_runs, warm=self._warm)
            same_where_something(frame, taken.result, keys, name)
            in_pandas = taken.seconds
        return ours.seconds, scanned, in_pandas

    @property
    def _warm(self) -> bool:
        """Whether the usual ways are asked once beforehand: not where that takes minutes."""
        return self._usual_runs > 1 and time.monotonic() < self._until


def compare(
    release: Release,
    settings: Settings,
    asked: Mapping[str, list[Question]],
    usual_runs: int,
    seconds: float,
    say: Callable[[str], None],
) -> ScreenComparison:
    """What each screen asked (`asked`, by screen), three ways, within about `seconds`."""
    answers = Answers(release, settings, RUNS, usual_runs, time.monotonic() + seconds)
    found = ScreenComparison(loading=answers.loading)
    for screen, questions in asked.items():
        say(f"  {screen} …")
        one = found.screens[screen] = QueryComparison()
        for question in questions:
            ours, scanned, in_pandas = answers.seconds(question)
            one.questions += 1
            if scanned is None:
                one.not_scanned += 1
            else:
                one.ours += ours
                one.scan += scanned
            if in_pandas is not None:
                one.in_pandas += 1
                one.ours_of_those += ours
                one.pandas += in_pandas
    answers.close()
    return found


def same(ours: pd.DataFrame, theirs: pd.DataFrame, name: str) -> None:
    """Assert that a scan of the files found what we answer."""
    assert len(ours) == len(theirs), f"{name}: {len(ours)} rows here, {len(theirs)} by a scan"
    for column in theirs.columns:
        one, other = _plain(ours[column]), _plain(theirs[column])
        assert one == other, f"{name}: {column} is not what a scan finds"


def same_where_something(
    ours: pd.DataFrame, theirs: pd.DataFrame, keys: list[str], name: str
) -> None:
    """Assert that pandas found what we answer; rows in which nothing happened are only ours."""
    columns = [column for column in theirs.columns if column in ours.columns]
    counts = [column for column in columns if column not in keys]
    zero = ours[counts].select_dtypes("number").fillna(0).eq(0).all(axis=1)
    mine = _sorted(ours[~zero], columns, keys)
    gone = theirs[counts].select_dtypes(["number", "bool"]).fillna(0).eq(0).all(axis=1)
    other = _sorted(theirs[~gone], columns, keys)
    assert mine == other, f"{name}: pandas finds something else, {_first(mine, other)}"


def _sorted(frame: pd.DataFrame, columns: list[str], keys: list[str]) -> list[tuple[Any, ...]]:
    rows = list(zip(*(_plain(frame[column]) for column in columns), strict=True))
    places = [columns.index(key) for key in keys]
    return sorted(rows, key=lambda row: [str(row[place]) for place in places])


def _first(mine: list[Any], other: list[Any]) -> str:
    for one, two in zip(mine, other, strict=False):
        if one != two:
            return f"{two} for {one}"
    return f"{len(other)} rows for {len(mine)}"


def _plain(column: pd.Series) -> list[Any]:
    """Values as plain Python compares them: numbers, days, text, None where there is none."""
    if pd.api.types.is_numeric_dtype(column.dtype):  # so are yes and no
        told = np.round(column.to_numpy(dtype=float, na_value=np.nan), 6)
    elif pd.api.types.is_datetime64_dtype(column.dtype):
        told = column.to_numpy("datetime64[D]")
    else:
        told = column.astype(object).to_numpy()
    return [None if gone else one for one, gone in zip(told.tolist(), pd.isna(told), strict=True)]


def _day(value: Any) -> Any:
    """A date as pandas compares it; anything else as it is."""
    return pd.Timestamp(value) if isinstance(value, date) else value
