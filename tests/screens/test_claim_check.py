"""The claim check screen: what is written or chosen, what the link says, and the verdict on it."""

from longevity.claims.verdict import Verdict
from longevity.ui import claim_check
from tests.drivers import screens

PAGE = "claim_check"


def list_badges(app):
    return [m.value for m in app.markdown if "-badge[" in m.value and "SYNTHETIC" not in m.value]


def find_badge(app):
    return list_badges(app)[0]  # after it may come that it is not for release


def find_in_link(app, part):
    value = app.query_params[part]
    return value[0] if isinstance(value, list) else value


def check(app, text):
    app.text_input(key=claim_check.CLAIM).set_value(text)
    next(button for button in app.button if button.label == "Check").click().run()
    assert find_in_link(app, "claim") == text


def test_it_opens_on_no_claim_and_no_verdict(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE)
    assert app.text_input(key=claim_check.CLAIM).value == ""
    assert list_badges(app) == []
    for words in ("Read as", "Safe to say", *(verdict.value.capitalize() for verdict in Verdict)):
        assert words not in screens.read(app)
    assert screens.sentence(app).startswith("Choose what is counted and what it says")
    # A part of a claim is none either.
    app.selectbox(key="what").set_value("victims").run()
    assert list_badges(app) == []
    assert screens.sentence(app) == "Choose what it says, and it is checked."
    app.selectbox(key="says").set_value("lowest").run()
    assert find_badge(app)


def test_a_sentence_fills_the_boxes_and_the_next_one_replaces_it(monkeypatch, published):
    text = "At least 1 person was shot in Hartford in 2023"
    app = screens.visit(monkeypatch, published, PAGE)
    check(app, text)
    filled = [app.selectbox(key=part).value for part in claim_check.BOXES]
    assert filled == ["victims", "hartford", "2023", "at least 1", "each"]
    assert "Supported" in find_badge(app)
    assert f"“{text}”" in screens.read(app)
    assert app.code[0].value.startswith("SYNTHETIC demonstration data, not to be quoted: ")
    check(app, "Shootings will fall")
    assert "the future" in screens.sentence(app)


def test_each_choice_shows_its_counts_and_verdict_at_once_and_goes_into_the_link(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, claim="People shot in Hartford are down")
    app.selectbox(key="says").set_value("lowest").run()
    assert find_badge(app)
    assert app.text_input(key=claim_check.CLAIM).value == ""
    link = {part: find_in_link(app, part) for part in ("what", "where", "says")}
    assert link == {"what": "victims", "where": "hartford", "says": "lowest"}
    # A size is typed, or comes with a link.
    again = screens.visit(monkeypatch, published, PAGE, **link | {"says": "fewer than 100000"})
    assert "Supported" in find_badge(again)
    assert "people shot in Hartford" in screens.read(again)
    assert "fewer than 100000" in screens.read(again)


def test_what_is_not_understood_is_left_to_be_chosen(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, claim="Carjackings in Hartford are down since last year")
    assert "does not understand “carjackings”" in screens.sentence(app)
    assert "Cannot be answered" in find_badge(app)
    assert app.selectbox(key="what").value == ""
    assert app.selectbox(key="where").value == "hartford"
    app.selectbox(key="what").set_value("incidents").run()
    assert "Choose when" in screens.sentence(app)  # nothing is filled in for what was not said
    app.selectbox(key="when").set_value("ytd").run()
    assert "Read as: shooting incidents in Hartford" in screens.read(app)


def test_a_verdict_differs_from_the_others_by_its_sign_and_by_its_colour():
    for signs in zip(*claim_check.BADGES.values(), strict=True):
        assert len({*signs}) == len(Verdict)


def test_the_city_of_the_link_is_meant_where_the_claim_names_none(monkeypatch, published):
    city = list(published.cities)[1]
    app = screens.visit(monkeypatch, published, PAGE, claim="Homicides are up", city=city)
    assert f"in {published.cities[city].name}, January 1" in screens.read(app)
    assert f"incidents and victims of {published.cities[city].name}, data" in screens.read(app)


def test_a_link_with_too_long_a_claim_is_named_and_left_out(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, claim="x" * 10_000)
    assert "as claim. That is not offered here" in screens.read(app)
    assert app.text_input(key=claim_check.CLAIM).value == ""
    assert max(len(text) for text in screens.texts(app)) < 500


def test_a_claim_about_the_program_names_the_public_table_as_its_source(monkeypatch, published):
    form = {"what": "attendance", "where": "hartford", "when": "2024", "says": "at least 1%"}
    app = screens.visit(monkeypatch, published, PAGE, viewer="state", **form)
    assert "people reached are known to have come" in screens.sentence(app)
    assert "call-ins, invitations" in screens.read(app)
