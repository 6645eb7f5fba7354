"""The Weekly review screen: one city, one week, for those who may see it."""

from __future__ import annotations

from longevity.auth.viewers import STATE
from longevity.screens.context import ReportContext
from longevity.screens.report import list_cards
from longevity.screens.this_week import ThisWeek, choose_week, list_week_ends
from tests.conftest import TODAY
from tests.drivers import screens
from tests.oracles import figure_checks

PAGE = "this_week"


def shown(app: screens.AppTest) -> str:
    tables = [frame.to_csv() for frame in screens.tables(app)]
    return " ".join([*map(screens.as_read, screens.texts(app)), *tables])


def test_the_screen_shows_what_the_page_prints(monkeypatch, published, warehouse):
    city = list(published.cities)[1]
    app = screens.visit(monkeypatch, published, PAGE, city=city)
    assert not app.exception
    context = ReportContext(published, STATE, warehouse, TODAY)
    report = ThisWeek(context, city, choose_week(context, city)).build()
    assert screens.sentence(app) == report.answer
    text = shown(app)
    assert "NOT FOR RELEASE" in text
    for card in (card for tab in report.tabs for card in list_cards(tab)):
        for words in (*card.sentences, card.note, card.alert):
            assert words in text
        cells = [] if card.table is None else card.table.to_numpy().ravel()
        assert all(cell in text for cell in cells)
    tiles = [(metric.label, metric.value) for metric in app.metric]
    assert tiles == [(tile.label, tile.value) for tile in report.tiles]
    assert all(note in text for note in report.notes)
    assert figure_checks.is_marked(screens.figures(app)[0])


def test_a_link_leads_to_an_earlier_week_and_a_wrong_one_is_named(monkeypatch, published):
    city = next(iter(published.cities))
    app = screens.visit(monkeypatch, published, PAGE, city=city)
    newest, earlier = app.selectbox(key="week").options[:2]
    app = screens.visit(monkeypatch, published, PAGE, city=city, week="2026-11-08")
    assert "November 8, 2026" in screens.sentence(app)
    assert newest != earlier
    app = screens.visit(monkeypatch, published, PAGE, city=city, week="2026-11-10")
    assert not app.exception
    assert "2026-11-10" in shown(app)


def test_how_much_a_week_still_grows_is_told_of_the_newest_alone(published, warehouse):
    """An earlier one has grown: its headline counts what was reported since."""
    context = ReportContext(published, STATE, warehouse, TODAY)
    city = next(iter(published.cities))
    newest, earlier, *_ = list_week_ends(context, city)
    growth = "so far, expect"
    for ending, is_newest in ((newest, True), (earlier, False)):
        report = ThisWeek(context, city, choose_week(context, city, ending)).build()
        (notes,) = [one for one in list_cards(report.tabs[0]) if one.key == "weekly.notes"]
        assert any(growth in sentence for sentence in notes.sentences) == is_newest
        assert ("those known now" in report.notes[0]) != is_newest
