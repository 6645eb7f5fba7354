"""Each screen on the published demonstration, as each viewer and in each theme."""

from __future__ import annotations

import calendar
import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from longevity import cli
from longevity.auth.viewers import STATE
from longevity.errors import DataError
from longevity.outputs import table_files
from longevity.release.store import Store
from longevity.settings import ROOT
from longevity.ui import filters, page_context, report_page, sign_in
from longevity.ui import url_state as link
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import UNTIL
from tests.drivers import screens
from tests.pages.conftest import HOSTILE


def test_what_is_not_open_is_neither_asked_for_nor_sent(monkeypatch, published):
    is_open = report_page.is_open
    every = screens.visit(monkeypatch, published, "compare_cities")
    monkeypatch.setattr(report_page, "is_open", is_open)
    app = open_link("compare_cities")
    assert not app.exception
    assert 0 < len(screens.figures(app)) < len(screens.figures(every))
    assert not app.code  # nothing behind a button that is not pressed
    assert every.code


def test_a_link_opens_the_tab_it_names_and_no_other(monkeypatch, published):
    is_open = report_page.is_open
    screens.visit(monkeypatch, published, "compare_cities")
    monkeypatch.setattr(report_page, "is_open", is_open)
    app = open_link("compare_cities", tab="when")
    assert not app.exception
    rows = [figure["layout"]["yaxis"].get("ticktext") for figure in screens.figures(app)]
    assert rows == [list(calendar.day_abbr)] * len(published.cities)


def open_link(page: str, **query: str) -> AppTest:
    """A page as its link opens it: the tab it names, and no other."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=screens.WAIT)
    app.query_params.update(query)
    return app.switch_page(f"pages/{page}.py").run()


@pytest.mark.parametrize("page", sorted({*screens.pages()} - {*screens.screens_alike_for_all()}))
def test_a_city_that_looked_at_another_is_shown_itself(monkeypatch, published, page):
    own, other = list(published.cities)[:2]
    app = screens.visit(monkeypatch, published, page, city=other)
    app.sidebar.selectbox(key=sign_in.VIEWER).set_value(f"city:{own}").run()
    assert not app.exception
    assert app.selectbox(key="city").value == own
    assert app.selectbox(key="city").options == [published.cities[own].name]
    app.query_params["city"] = other
    app.session_state[link.WRITTEN] = {}, 0.0
    app.run()
    assert not app.exception
    assert app.selectbox(key="city").value == own
    said = screens.as_read(" ".join(screens.texts(app)))
    assert "That is not offered here" in said
    assert f"{other}-" not in str(screens.figures(app))


@pytest.mark.parametrize(
    ("period", "show", "measure"),
    [
        ("ytd", "count", "incidents"),
        ("28d", "rate", "fatal"),
        ("2012", "rate", "nonfatal"),
        ("whole", "change", "homicides"),
    ],
)
def test_each_choice_of_the_map_can_be_asked_for_in_the_link(monkeypatch, published, period, show, measure):
    link = {"city": list(published.cities)[-1], "period": period, "show": show, "measure": measure}
    app = screens.visit(monkeypatch, published, "map", **link)
    assert screens.problems(app) == []
    assert {name: app.selectbox(key=name).value for name in link} == link
    assert "That is not offered here" not in " ".join(screens.texts(app))
    key = " ".join(each.proto.body for each in app.get("html"))
    assert ("per 100,000 residents a year" in key) == (show == "rate")


@pytest.mark.parametrize(
    ("page", "key", "value"),
    [
        ("map", "city", "atlantis"),
        ("map", "measure", "<b>x</b>"),
        ("map", "period", "1066"),
        ("call_ins", "city", "atlantis"),
        ("compare_cities", "tab", "<b>x</b>"),
        ("this_week", "week", "2026-11-10"),
    ],
)
def test_a_choice_that_is_not_there_is_named_and_never_read_as_markup(monkeypatch, published, page, key, value):
    app = screens.visit(monkeypatch, published, page, **{key: value})
    assert not app.exception
    (said,) = [w.value for w in app.warning if "The link asks for" in w.value]
    assert value in screens.as_read(said)
    assert "<b>" not in said


def test_a_choice_is_not_lost_to_a_link_that_lags_behind(monkeypatch, published):
    # On a slow network the browser sends the next choice with the link of before the last one.
    monkeypatch.setattr(link, "SETTLES_IN", 0.0)
    city = list(published.cities)[1]
    app = screens.visit(monkeypatch, published, "map")
    app.selectbox(key="city").set_value(city).run()
    app.query_params.clear()
    app.selectbox(key="measure").set_value("fatal").run()
    app.query_params.clear()
    app.selectbox(key="period").set_value("2025").run()
    held = {key: app.selectbox(key=key).value for key in ("city", "measure", "period")}
    assert held == {"city": city, "measure": "fatal", "period": "2025"}
    assert {key: app.query_params[key] for key in held} in (held, {k: [v] for k, v in held.items()})
    # The way back brings no choice: it is followed.
    app.query_params.clear()
    app.run()
    assert app.selectbox(key="city").value == filters.ALL
    assert app.selectbox(key="period").value == "ytd"


def test_a_choice_goes_along_to_another_screen(monkeypatch, published):
    app = screens.visit(monkeypatch, published, "map", city="atlantis")
    app.selectbox(key="measure").set_value("fatal").run()
    app.switch_page("pages/compare_cities.py").run()
    assert app.selectbox(key="measure").value == "fatal"
    assert app.query_params["measure"] in ("fatal", ["fatal"])
    assert "That is not offered here" not in " ".join(screens.texts(app))


def test_old_data_are_said_to_be_old(monkeypatch, published):
    for age, is_old in ((8, False), (9, True)):
        today = UNTIL + timedelta(days=age)
        app = screens.visit(monkeypatch, published, "sources", today=today)
        said = " ".join(screens.texts(app))
        assert (f"This demonstration ends on November 22, 2026, {age} days ago" in said) is is_old


# A card that fails says so in its place, and the others stand


def test_a_card_whose_question_fails_says_so_and_the_others_stand(monkeypatch, published):
    whole = len(screens.figures(screens.visit(monkeypatch, published, "compare_cities")))
    compute = page_context.PageContext.compute

    def break_one(self: Any, function: Any, *inputs: Any) -> Any:
        if inputs and isinstance(inputs[-1], dict) and inputs[-1].get("area") == "hartford":
            raise DataError("The hours cannot be read.", "Publish again.")
        return compute(self, function, *inputs)

    monkeypatch.setattr(page_context.PageContext, "compute", break_one)
    app = screens.visit(monkeypatch, published, "compare_cities")
    assert not app.exception
    assert any("The hours cannot be read." in info.value for info in app.info)
    assert len(screens.figures(app)) == whole - 1


# Hostile labels in the data and hostile words in the link: text on screen, harmless in outputs


def test_no_output_of_any_question_runs_a_label(world, monkeypatch, capsys):
    labelled = world("hostile")
    warehouse = Warehouse(Store(labelled.home).current(), labelled)
    met = set()
    monkeypatch.setattr("longevity.settings.load_settings", lambda: labelled)
    for name in warehouse.queries:
        answer = warehouse.run(name, {}, STATE)
        text = table_files.write_csv(answer.frame, answer.provenance).decode()
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                # A part behind a semicolon is disarmed too: some programs part a line there.
                met |= {label for label in HOSTILE if label in cell.replace(";'", ";")}
                assert not cell.startswith(("=", "@", "\t", "\r"))
    warehouse.close()
    assert met >= set(HOSTILE[:3])  # otherwise this tests nothing
    words = ["query", "group_coverage_grid", "--viewer", "state", "--format", "csv"]
    assert cli.main(words) == 0
    told = capsys.readouterr().out
    assert "'" + HOSTILE[0] in told
    assert "," + HOSTILE[0] not in told
