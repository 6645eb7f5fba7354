"""The claim check screen: what is written or chosen, what the link says, and the verdict on it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from longevity.claims import reader
from longevity.claims.verdict import Verdict
from longevity.ui import claim_box
from tests.drivers import screens

PAGE = "claim_check"
FALSE = "There were 1,000,000 homicides in 2023"


def shown(app: AppTest) -> str:
    return screens.as_read(" ".join(screens.texts(app)))


def safe(app: AppTest) -> str:
    """The wording in the box that can be copied."""
    return str(app.code[0].value)


def badge(app: AppTest) -> str:
    return str(badges(app)[0])


def badges(app: AppTest) -> list[str]:
    return [m.value for m in app.markdown if "-badge[" in m.value and "SYNTHETIC" not in m.value]


@pytest.mark.parametrize("viewer", ["state", "public"])
def test_it_opens_on_no_claim_and_no_verdict(monkeypatch, published, viewer):
    app = screens.visit(monkeypatch, published, PAGE, viewer=viewer)
    assert not app.exception
    assert app.text_input(key=claim_box.CLAIM).value == ""
    assert badges(app) == []
    assert not any(verdict.value.capitalize() in shown(app) for verdict in Verdict)
    assert "Read as" not in shown(app)
    assert "Safe to say" not in shown(app)
    assert screens.sentence(app).startswith("Choose what is counted and what it says")
    # A part of a claim is none either.
    app.selectbox(key="what").set_value("victims").run()
    assert badges(app) == []
    assert screens.sentence(app) == "Choose what it says, and it is checked."
    app.selectbox(key="says").set_value("lowest").run()
    assert len(badges(app)) == 1


def test_a_sentence_fills_the_boxes_and_its_verdict_quotes_it(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE)
    text = "At least 1 person was shot in Hartford in 2023"
    app.text_input(key=claim_box.CLAIM).set_value(text)
    next(button for button in app.button if button.label == "Check").click().run()
    assert not app.exception
    assert app.query_params["claim"] in (text, [text])
    filled = [app.selectbox(key=part).value for part in claim_box.BOXES]
    assert filled == ["victims", "hartford", "2023", "at least 1", "each"]
    assert "Supported" in badge(app)
    assert f"“{text}”" in shown(app)
    assert safe(app).startswith("SYNTHETIC demonstration data, not to be quoted: ")


def test_each_choice_shows_its_counts_and_verdict_at_once_and_goes_into_the_link(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, claim="People shot in Hartford are down")
    app.selectbox(key="says").set_value("lowest").run()
    assert not app.exception
    assert badge(app)
    assert app.text_input(key=claim_box.CLAIM).value == ""
    # A size is typed, or comes with a link.
    link = {part: _linked(app, part) for part in ("what", "where", "says")}
    assert link == {"what": "victims", "where": "hartford", "says": "lowest"}
    link["says"] = "fewer than 100000"
    again = screens.visit(monkeypatch, published, PAGE, **link)
    assert "Supported" in badge(again)
    assert "people shot in Hartford" in shown(again) and "fewer than 100000" in shown(again)


def _linked(app: AppTest, part: str) -> str:
    value = app.query_params[part]
    return str(value[0] if isinstance(value, list) else value)


def test_what_is_not_understood_is_left_to_be_chosen(monkeypatch, published):
    text = "Carjackings in Hartford are down since last year"
    app = screens.visit(monkeypatch, published, PAGE, claim=text)
    assert "does not understand “carjackings”" in screens.sentence(app)
    assert "Cannot be answered" in badge(app)
    assert app.selectbox(key="what").value == ""
    assert app.selectbox(key="where").value == "hartford"
    app.selectbox(key="what").set_value("incidents").run()
    assert "Choose when" in screens.sentence(app)  # nothing is filled in for what was not said
    app.selectbox(key="when").set_value("ytd").run()
    assert not app.exception
    assert "Read as: shooting incidents in Hartford" in shown(app)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Fewer than 1,000,000 people were shot in 2023", "Supported"),
        (FALSE, "Not supported"),
        ("Homicides will fall", "Cannot be answered from these data"),
    ],
)
def test_the_verdict_is_a_word_a_sign_and_a_colour(monkeypatch, published, claim, verdict):
    app = screens.visit(monkeypatch, published, PAGE, claim=claim)
    assert not app.exception
    assert verdict in badge(app)
    icon, colour = next(style for key, style in claim_box.BADGES.items() if key.value.capitalize() == verdict)
    assert icon in badge(app)
    assert f":{colour}-badge[" in badge(app)
    for signs in zip(*claim_box.BADGES.values(), strict=True):
        assert len({*signs}) == len(claim_box.BADGES)


def test_the_city_of_the_link_stands_in_where_the_claim_names_none(monkeypatch, published):
    city = list(published.cities)[1]
    app = screens.visit(monkeypatch, published, PAGE, claim="Homicides are up", city=city)
    assert f"in {published.cities[city].name}, January 1" in shown(app)
    assert f"incidents and victims of {published.cities[city].name}, data" in shown(app)


def test_a_link_with_too_long_a_claim_is_named_and_left_out(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, claim="x" * 10_000)
    assert not app.exception
    assert f"longer than {reader.LONGEST} signs" in shown(app)
    assert app.text_input(key=claim_box.CLAIM).value == ""
    assert max(len(text) for text in screens.texts(app)) < 500


def test_a_claim_written_anew_replaces_the_one_in_the_link(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, claim=FALSE)
    app.text_input(key=claim_box.CLAIM).set_value("Shootings will fall")
    next(button for button in app.button if button.label == "Check").click().run()
    assert not app.exception
    assert "the future" in screens.sentence(app)
    assert app.query_params["claim"] in ("Shootings will fall", ["Shootings will fall"])


@pytest.mark.parametrize(("viewer", "verdict"), [("public", "public tables"), ("state", "home")])
def test_the_public_is_told_of_the_program_what_its_tables_hold(monkeypatch, published, viewer, verdict):
    form = {"what": "met_home", "where": "hartford", "when": "2025", "says": "at least 1%"}
    app = screens.visit(monkeypatch, published, PAGE, viewer=viewer, **form)
    assert not app.exception
    assert verdict in screens.sentence(app)
    assert ("Cannot" in badge(app)) == (viewer == "public")
