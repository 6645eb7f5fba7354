"""Lists longer than a page: what is shown, how the rest is had, and that nothing is cut unsaid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd
import pytest

from longevity.auth.viewers import STATE
from longevity.settings import Settings
from longevity.ui import expanders
from longevity.warehouse import catalogue
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import screens

ROWS = 10


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages of ten rows, or as many as asked for: the demonstration's lists do not fit one."""
    most = getattr(request, "param", ROWS)
    made = dict(catalogue.load_queries())
    for name, query in catalogue.load_queries().items():
        if "rows" in query.parameters:
            rows = replace(query.parameters["rows"], default=str(most))
            made[name] = replace(query, parameters={**query.parameters, "rows": rows})
    monkeypatch.setattr(catalogue, "load_queries", lambda: made)
    screens.forget()
    yield
    screens.forget()


def shown(app: screens.AppTest, column: str) -> pd.DataFrame:
    """The first table with this column."""
    return next(table for table in screens.tables(app) if column in table.columns)


@pytest.mark.usefixtures("short_pages")
def test_a_long_ledger_is_shown_a_page_at_a_time_and_says_so(
    monkeypatch: pytest.MonkeyPatch, published: Settings, warehouse: Warehouse
) -> None:
    app = screens.visit(monkeypatch, published, "promises", "state")
    assert not app.exception
    many = len(warehouse.run("two_sided_ledger", {}, STATE).frame)
    assert any(f"1 to 10 of {many} groups" in text.value for text in app.caption)
    assert any("Drawn are 10 of" in screens.as_read(text.help) for text in app.caption)
    first = shown(app, "Members offered help")
    assert len(first) == ROWS
    app.selectbox(key="groups").set_value("2").run()
    second = shown(app, "Members offered help")
    names = ["City", "Group"]
    assert first[names].merge(second[names]).empty
    assert "2" in app.query_params["groups"]
    app.selectbox(key="city").set_value("all").run()
    assert not app.exception


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize(
    ("page", "short_pages"),
    [("promises", 10), ("call_ins", 10), ("coming_home", 10)],
    indirect=["short_pages"],
)
def test_the_csv_behind_a_page_has_every_row(
    monkeypatch: pytest.MonkeyPatch, published: Settings, page: str
) -> None:
    """The files are made as a reader would have them made, and count what the screen says."""
    files: dict[str, int] = {}

    def asked_for(whole: expanders.Whole) -> Callable[[], bytes]:
        frame, about = whole()
        files[about.query] = len(frame)
        return lambda: expanders.write_csv(frame, about)

    monkeypatch.setattr(expanders, "_build_whole_csv_maker", asked_for)
    app = screens.visit(monkeypatch, published, page, "state")
    assert not app.exception
    said = " ".join(text.value for text in [*app.caption, *app.markdown])
    assert files
    for query, rows in files.items():
        assert f" of {rows:,}" in said, query
