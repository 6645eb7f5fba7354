"""What a visitor with an open screen sees when a person is purged under it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from longevity.errors import AccessError
from longevity.release import purge
from longevity.release.store import Store
from longevity.ui import visitor
from tests.conftest import TODAY
from tests.drivers import screens
from tests.factories import odd_release


def test_an_open_screen_shows_the_release_without_the_person(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    app = screens.visit(monkeypatch, settings, "support", "state")

    def listed() -> set[str]:
        return {
            code
            for frame in screens.tables(app)
            for column in frame.columns
            for code in frame[column]
        }

    assert {"p4", "p5"} <= listed()
    assert not app.error
    purge.destroy_person(settings, "p5", TODAY)
    app.run()
    assert not app.exception
    assert "p4" in listed()
    assert "p5" not in listed()
    assert [screens.as_read(error.value) for error in app.error] == [visitor.CHANGED]


def test_an_open_screen_says_that_its_release_was_withdrawn(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    store = Store(settings.home)
    good = store.current()
    bad = replace(good, id=f"{good.id}-bad", path=good.path.with_name(f"{good.id}-bad"))
    files = screens.files(monkeypatch)
    app = screens.visit(monkeypatch, settings, "support", "state")
    make = next(iter(files.values()))
    assert make()

    def said() -> list[str]:
        app.run()
        assert not app.exception
        return [screens.as_read(one.value) for one in (*app.sidebar.error, *app.sidebar.info)]

    assert visitor.WITHDRAWN not in said()
    # As if this release had been published after one that is served again now.
    monkeypatch.setattr(Store, "_read_sequence", lambda _, name: int(name == good.id))
    store.point_to(bad, "rolled back")
    assert visitor.WITHDRAWN in said()
    with pytest.raises(AccessError, match=visitor.WITHDRAWN):
        make()
    store.point_to(bad, "published")
    assert "A newer release has been published." in said()
