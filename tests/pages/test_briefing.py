"""The Briefing screen says what the slides and the two pages say, and the answer first."""

from __future__ import annotations

import pytest

from tests.drivers import briefing_reader, screens


@pytest.mark.parametrize("viewer", ["public", "state"])
def test_the_screen_says_what_the_documents_say(monkeypatch, published, viewer):
    document = briefing_reader.briefing(published, viewer)
    app = screens.visit(monkeypatch, published, viewer=None if viewer == "state" else viewer)
    assert not app.exception
    tiles = [*document.report.tiles, *(t for card in document.cards for t in card.card.tiles)]
    assert [metric.value for metric in app.metric] == [tile.value for tile in tiles]
    lines = "".join(each.proto.body for each in app.get("html")).count("%3Cpolyline")
    assert lines == sum(bool(tile.trend) for tile in tiles) > 0
    written = screens.as_read(" ".join(screens.texts(app)))
    tables = [frame.to_numpy().tolist() for frame in screens.tables(app)]
    for card in (card for card in document.cards if card.card.key.startswith("briefing.")):
        assert all(sentence in written for sentence in card.card.sentences)
        if card.card.table is not None:
            assert card.card.table.astype("str").to_numpy().tolist() in tables, card.card.key
    marks = [text for text in screens.texts(app) if "NOT FOR RELEASE" in text]
    assert bool(marks) == (viewer == "state")
    labels = [button.proto.label for button in app.get("download_button")]
    internal = ["Slides, not for release", "2-page PDF, not for release"]
    assert labels[:2] == ["Slides", "2-page PDF"]
    assert (labels[2:4] == internal) is (viewer == "state")
