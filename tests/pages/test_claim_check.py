"""The claim check screen: what is written, what the link says, and the verdict on it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from longevity.settings import Settings
from longevity.text.claims import parse
from longevity.ui import claim_box
from tests.drivers import screens

PAGE = "claim_check"
FALSE = "There were 1,000,000 homicides in 2011"


def shown(app: AppTest) -> str:
    return screens.as_read(" ".join(screens.texts(app)))


def safe(app: AppTest) -> str:
    """The wording in the box that can be copied."""
    return str(app.code[0].value)


def test_it_opens_with_examples_and_an_example_is_judged(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE)
    assert not app.exception
    assert "held against the counts" in screens.sentence(app)
    app.button(key="claim.example.0").click().run()
    assert not app.exception
    city = next(iter(published.cities.values())).name
    assert app.text_input(key=claim_box.CLAIM).value.startswith(f"Shootings in {city}")
    assert app.query_params["claim"] in (
        app.text_input(key=claim_box.CLAIM).value,
        [app.text_input(key=claim_box.CLAIM).value],
    )
    assert f"Read as: shooting incidents in {city}, January 1 to" in shown(app)
    assert safe(app).startswith("SYNTHETIC demonstration data, not to be quoted: ")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Fewer than 1,000,000 people were shot in 2011", "Supported"),
        (FALSE, "Not supported"),
        ("Homicides will fall", "Cannot be answered from these data"),
    ],
)
def test_the_verdict_is_a_word_a_sign_and_a_colour(
    monkeypatch: pytest.MonkeyPatch, published: Settings, claim: str, verdict: str
) -> None:
    app = screens.visit(monkeypatch, published, PAGE, claim=claim)
    assert not app.exception
    badges = [m.value for m in app.markdown if "-badge[" in m.value and "SYNTHETIC" not in m.value]
    badge = badges[0]
    assert verdict in badge
    icon, colour = next(
        style for key, style in claim_box.BADGES.items() if key.value.capitalize() == verdict
    )
    assert icon in badge
    assert f":{colour}-badge[" in badge


def test_the_badges_differ_in_sign_and_in_colour() -> None:
    assert len({icon for icon, _ in claim_box.BADGES.values()}) == len(claim_box.BADGES)
    assert len({colour for _, colour in claim_box.BADGES.values()}) == len(claim_box.BADGES)


def test_the_city_chosen_stands_in_where_the_claim_names_none(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    city = list(published.cities)[1]
    app = screens.visit(monkeypatch, published, PAGE, claim="Homicides are up", city=city)
    assert f"in {published.cities[city].name}, January 1" in shown(app)
    assert f"incidents and victims of {published.cities[city].name}, data" in shown(app)


def test_what_is_written_is_never_read_as_markup(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    hostile = "<b>**bold**</b>[x](https://x.example) :red[y] 🔫"
    app = screens.visit(monkeypatch, published, PAGE, claim=hostile)
    assert not app.exception
    assert "does not understand" in screens.sentence(app)
    for text in screens.texts(app):
        assert "<b>" not in text
        assert "**bold**" not in text


def test_a_link_with_too_long_a_claim_is_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE, claim="x" * 10_000)
    assert not app.exception
    assert f"longer than {parse.LONGEST} signs" in shown(app)
    assert app.text_input(key=claim_box.CLAIM).value == ""
    assert max(len(text) for text in screens.texts(app)) < 500


def test_a_claim_written_anew_replaces_the_one_in_the_link(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE, claim=FALSE)
    app.text_input(key=claim_box.CLAIM).set_value("Shootings will fall")
    next(button for button in app.button if button.label == "Check").click().run()
    assert not app.exception
    assert "the future" in screens.sentence(app)
    assert app.query_params["claim"] in ("Shootings will fall", ["Shootings will fall"])
