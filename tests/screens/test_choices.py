"""Choices on a screen and in its link, on the published demonstration."""

import calendar

import pytest
from streamlit.testing.v1 import AppTest, local_script_runner

from longevity.base.errors import DataError
from longevity.screens import choice
from longevity.settings import ROOT
from longevity.ui import components, page_context, sign_in
from longevity.ui import url_state as link
from tests.drivers import screens

NOT_OFFERED = "That is not offered here"


def test_what_is_not_open_is_neither_asked_for_nor_sent(monkeypatch, published):
    is_open = components.is_open
    every = screens.visit(monkeypatch, published, "compare_cities")
    monkeypatch.setattr(components, "is_open", is_open)

    def open_link(**query):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=screens.WAIT)
        app.query_params.update(query)
        app.switch_page("pages/compare_cities.py").run()
        assert not app.exception
        return app

    app = open_link()
    assert 0 < len(screens.figures(app)) < len(screens.figures(every))
    assert every.code
    assert not app.code  # nothing behind a button that is not pressed
    # A link opens the tab it names and no other.
    rows = [figure["layout"]["yaxis"].get("ticktext") for figure in screens.figures(open_link(tab="when"))]
    assert rows == [list(calendar.day_abbr)] * len(published.cities)


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
    assert NOT_OFFERED in screens.as_read(" ".join(screens.texts(app)))
    assert f"{other}-" not in str(screens.figures(app))


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
    (said,) = [warning.value for warning in app.warning if "The link asks for" in warning.value]
    assert value in screens.as_read(said)
    assert "<b>" not in said


@pytest.mark.audit
def test_a_choice_is_not_lost_to_a_link_that_lags_behind_and_goes_along_to_another_screen(monkeypatch, published):
    # On a slow network the browser sends the next choice with the link of before the last one.
    monkeypatch.setattr(link, "SETTLES_IN", 0.0)
    chosen = {"city": list(published.cities)[1], "measure": "fatal", "period": "2025"}
    app = screens.visit(monkeypatch, published, "map")
    for key, value in chosen.items():
        app.query_params.clear()
        app.selectbox(key=key).set_value(value).run()
    assert {key: app.selectbox(key=key).value for key in chosen} == chosen
    assert {key: app.query_params[key] for key in chosen} in (chosen, {key: [v] for key, v in chosen.items()})
    # The way back brings no choice: it is followed.
    app.query_params.clear()
    app.run()
    assert app.selectbox(key="city").value == choice.ALL
    assert app.selectbox(key="period").value == "ytd"
    app.selectbox(key="measure").set_value("fatal").run()
    app.switch_page("pages/compare_cities.py").run()
    assert app.selectbox(key="measure").value == "fatal"
    assert app.query_params["measure"] in ("fatal", ["fatal"])
    assert NOT_OFFERED not in " ".join(screens.texts(app))


def test_only_a_city_that_was_picked_goes_along_and_a_narrowed_screen_says_so(monkeypatch, published):
    first, second = [*published.cities][:2]
    app = screens.visit(monkeypatch, published, "map", viewer="state")

    def go(page):
        app.switch_page(f"pages/{page}.py").run()
        return app.selectbox(key="city").value

    # This week opens on its first city, which nobody asked for.
    assert (go("this_week"), go("map"), go("evidence")) == (first, choice.ALL, choice.ALL)
    assert not [button for button in app.button if "show all" in button.label]
    # Picked there it goes along, the first one too, until all are asked for.
    for city in (second, first):
        go("this_week")
        app.selectbox(key="city").set_value(city).run()
        assert (go("map"), go("evidence")) == (city, city)
    (button,) = [button for button in app.button if "show all" in button.label]
    assert button.label == f"{published.cities[first].name} only: show all 3 cities"
    button.click().run()
    assert (app.selectbox(key="city").value, go("map"), go("this_week"), go("map")) == (
        *(choice.ALL, choice.ALL),
        *(first, choice.ALL),
    )


def test_a_city_goes_along_by_its_link_and_not_once_it_was_gone_back_from(monkeypatch, published):
    monkeypatch.setattr(link, "SETTLES_IN", 0.0)
    first, second = [*published.cities][:2]
    app = screens.visit(monkeypatch, published, "this_week", viewer="state", city=first)
    app.switch_page("pages/map.py").run()
    assert app.selectbox(key="city").value == first
    app.selectbox(key="city").set_value(choice.ALL).run()
    app.switch_page("pages/this_week.py").run()
    app.selectbox(key="city").set_value(second).run()
    app.query_params.clear()  # Back: the screen as it opened
    app.run()
    assert app.selectbox(key="city").value == first
    app.switch_page("pages/map.py").run()
    assert app.selectbox(key="city").value == choice.ALL


def test_a_tab_belongs_to_its_screen(monkeypatch, published):
    app = screens.visit(monkeypatch, published, "map", viewer="state")
    app.query_params["tab"] = "table"
    app.switch_page("pages/map.py").run()
    assert app.session_state["tab"] == "table"
    app.query_params.clear()
    app.switch_page("pages/evidence.py").run()
    app.switch_page("pages/map.py").run()
    assert app.session_state["tab"] == "map"


def test_each_run_sends_its_link_also_where_it_is_as_it_was(monkeypatch, published):
    # The browser may have lost it: Streamlit's own script writes addresses too, of which no run hears.
    sent = []
    parse = local_script_runner.parse_tree_from_messages

    def note(messages):
        sent[:] = [one.page_info_changed.query_string for one in messages if one.HasField("page_info_changed")]
        return parse(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", note)
    app = screens.visit(monkeypatch, published, "compare_cities", measure="fatal")
    app.run()
    assert sent[-1:] == ["measure=fatal"]


def test_a_card_whose_question_fails_says_so_and_the_others_are_there(monkeypatch, published):
    whole = len(screens.figures(screens.visit(monkeypatch, published, "compare_cities")))
    compute = page_context.PageContext.compute

    def break_one(self, function, *inputs):
        if inputs and isinstance(inputs[-1], dict) and inputs[-1].get("area") == "hartford":
            raise DataError("The hours cannot be read.", "Publish again.")
        return compute(self, function, *inputs)

    monkeypatch.setattr(page_context.PageContext, "compute", break_one)
    app = screens.visit(monkeypatch, published, "compare_cities")
    assert not app.exception
    assert any("The hours cannot be read." in info.value for info in app.info)
    assert len(screens.figures(app)) == whole - 1
