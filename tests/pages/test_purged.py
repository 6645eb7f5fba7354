"""What a visitor with an open screen sees when a person is purged under it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from longevity.app.publish import publish_release as publish
from longevity.errors import AccessError
from longevity.release import purge
from longevity.release.store import Store
from longevity.release.table_withdrawals import Withdrawals
from longevity.settings import Settings
from longevity.ui import visitor
from tests.conftest import TODAY
from tests.drivers import screens
from tests.factories import odd_release
from tests.factories.swapped_sexes import write_extracts


def test_an_open_screen_shows_the_release_without_the_person(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    app = screens.visit(monkeypatch, settings, "support", "state")

    def listed() -> set[str]:
        return {code for frame in screens.tables(app) for column in frame.columns for code in frame[column]}

    assert {"p4", "p5"} <= listed()
    assert not app.error
    purge.destroy_person(settings, "p5", TODAY)
    app.run()
    assert not app.exception
    assert "p4" in listed()
    assert "p5" not in listed()
    assert [screens.as_read(error.value) for error in app.error] == [visitor.CHANGED]


def test_of_a_release_that_was_withdrawn_no_file_is_made(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    store = Store(settings.home)
    good = store.current()
    bad = replace(good, id=f"{good.id}-bad", path=good.path.with_name(f"{good.id}-bad"))
    files = screens.files(monkeypatch)
    app = screens.visit(monkeypatch, settings, "support", "state")
    make = next(iter(files.values()))
    assert make()

    assert not app.error
    # As if this release had been published after one that is served again now.
    monkeypatch.setattr(Store, "_read_sequence", lambda _, name: int(name == good.id))
    store.point_to(bad, "rolled back")
    with pytest.raises(AccessError, match=visitor.CHANGED):
        make()


# Which release a screen shows when the newest is damaged or taken back


def test_a_damaged_release_is_refused_and_the_one_before_serves_with_a_notice(monkeypatch, home_of):
    newer = Store(home_of.home).current()
    older = str(newer.manifest["previous"])
    member = newer.path / "built" / "daily.parquet"
    content = bytearray(member.read_bytes())
    content[len(content) // 2] ^= 1
    member.chmod(0o644)
    member.write_bytes(bytes(content))
    app = screens.visit(monkeypatch, home_of, "sources")
    assert not app.exception
    assert older in " ".join(screens.texts(app))
    (notice,) = [error.value for error in app.error]
    assert newer.id in notice


# Screens after a public table was withdrawn, and after a rollback behind that

SAID = (
    "Sex of those shot, Hartford, 2024: withdrawn on November 23, 2026, and not replaced. "
    "Reason: men were taken for [women]."
)


def test_a_withdrawn_table_is_named_on_sources_and_where_it_was_shown_before_and_after_a_rollback(
    monkeypatch, settings, tmp_path
):
    extracts = write_extracts(tmp_path / "wrong", swapped=True)
    wrong = publish(extracts, settings, TODAY).release_id
    for screen in ("sources", "compare_cities"):
        assert "withdrawn on" not in read_screen(monkeypatch, settings, screen)
    withdrawals = Withdrawals((("sex", 2024),), ("hartford",))
    publish(extracts, settings, TODAY, "men were taken for [women]", withdrawals=withdrawals)
    for _ in range(2):
        assert SAID in read_screen(monkeypatch, settings, "sources", "Changes")
        assert SAID in read_screen(monkeypatch, settings, "compare_cities", "Victims")
        Store(settings.home).rollback(wrong)


def read_screen(monkeypatch: pytest.MonkeyPatch, settings: Settings, screen: str, tab: str = "") -> str:
    app = screens.visit(monkeypatch, settings, screen, **({"tab": tab} if tab else {}))
    assert not app.exception
    return " ".join(screens.texts(app)).replace("\\", "")
