"""The State briefing screen says what the slides and the two pages say."""

from __future__ import annotations

import pytest

from longevity.settings import Settings
from tests.drivers import briefing_reader, screens


@pytest.mark.parametrize("viewer", ["public", "state"])
def test_the_screen_says_what_the_documents_say(
    monkeypatch: pytest.MonkeyPatch, published: Settings, viewer: str
) -> None:
    told = briefing_reader.build_briefing(published, viewer)
    app = screens.visit(monkeypatch, published, viewer=None if viewer == "state" else viewer)
    assert not app.exception
    assert screens.sentence(app) == told.answer
    shown = [(metric.label, metric.value, metric.delta) for metric in app.metric]
    assert shown == list(told.cards)
    written = screens.as_read(" ".join(screens.texts(app)))
    for section in told.sections:
        for sentence in section.sentences:
            assert sentence in written
    tables = [frame.to_numpy().tolist() for frame in screens.tables(app)]
    for key in ("baselines", "recent"):
        for table in told.section(key).tables:
            assert table.frame.astype("str").to_numpy().tolist() in tables
    marks = [text for text in screens.texts(app) if "NOT FOR RELEASE" in text]
    assert len(marks) == sum(section.not_for_release for section in told.sections)
    assert bool(marks) == (viewer == "state")
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[:2] == ["Slides to take away", "Two pages to take away"]
