"""What moves in what anybody may read when one person, session or invitation more comes in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from longevity.auth.viewers import PUBLIC, STATE
from longevity.outputs.bundle import verify
from longevity.release.store import Store
from tests.drivers import screens
from tests.oracles import side_channels
from tests.oracles.side_channels import Texts, World

MORE = (
    "one person",
    "one session",
    "one invitation",
    "one service",
    "one destroyed code",
    "one incident reclassified",
    "one self-inflicted wound",
    "one row in doubt",
)


def read(monkeypatch: pytest.MonkeyPatch, made: World) -> tuple[Texts, str]:
    """What the public and a city looking on read of the release served, and the state's rows."""
    warehouse = side_channels.opened(made.settings)
    found = side_channels.answers(warehouse, PUBLIC)
    why = verify.list_reasons(warehouse.release.manifest, made.settings)
    found["correction slip"] = "\n".join(why)
    rows = warehouse.run("rows_by_extract", {}, STATE).frame.to_csv()
    warehouse.close()
    for groups in (None, "dash-west"):
        screen = ("sources",)
        found |= side_channels.pages(monkeypatch, made.settings, screen, groups)
    screens.forget()
    return found, rows


def test_nothing_anybody_reads_moves_with_single_rows(tmp_path, monkeypatch):
    made = side_channels.world(tmp_path)
    made.publish()
    side_channels.SINGLES["one person"](made, side_channels.BEFORE)
    made.publish()  # both that are compared have one before them
    before, rows = read(monkeypatch, made)
    for at, name in enumerate(MORE, start=1):
        side_channels.SINGLES[name](made, side_channels.BEFORE + timedelta(days=at))
    made.publish()
    after, more = read(monkeypatch, made)
    assert rows != more  # there was something to notice
    release = Store(made.settings.home).current()
    assert release.manifest["accepted"]  # nor that one of them brought an objection
    assert side_channels.moved(before, after) == []
