"""What is kept of the public charts: only that, as it was made, and of today's figures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from longevity.app import publish
from longevity.auth.viewers import STATE
from longevity.errors import AccessError
from longevity.outputs import bundle, public_files
from longevity.outputs.bundle import kept, picture
from longevity.outputs.bundle.browser import DrawingFailedError, NoBrowserError
from longevity.outputs.documents import briefing_file
from longevity.outputs.documents.document import Document
from longevity.release import manifest as manifests
from longevity.release.store import Store
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.chart_title import choose_title
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.factories import bundles


@pytest.fixture
def own(published, tmp_path):
    """The settings with a home of its own, which has the release's manifest."""
    release = bundles.draw_chart(published).about.release_id
    folder = Store(tmp_path).releases / release
    folder.mkdir(parents=True)
    content = (Store(published.home).releases / release / manifests.NAME).read_bytes()
    (folder / manifests.NAME).write_bytes(content)
    return replace(published, home=tmp_path)


@pytest.fixture
def drawn(published):
    return bundles.draw_chart(published)


@pytest.fixture
def desk(published, own):
    return replace(bundles.public_desk(published), settings=own)


def count_calls(made: list[bytes], data: bytes = b"a picture") -> Callable[[], bytes]:
    def make() -> bytes:
        made.append(data)
        return data

    return make


def find_folder(settings: Settings, drawn: Drawn) -> Path:
    release_id = drawn.about.release_id
    return Store(settings.home).find_pictures(release_id) / kept.identify(settings, release_id)


def test_what_is_kept_is_made_once(own, drawn):
    made: list[bytes] = []
    for _ in range(2):
        assert kept.keep(drawn, own, "one.png", count_calls(made)) == b"a picture"
        assert kept.keep(drawn, own, "two.png", count_calls(made, b"another")) == b"another"
    assert made == [b"a picture", b"another"]


def test_nothing_else_is_kept(own, drawn):
    answer = drawn.answers[0]
    inside = replace(answer, provenance=replace(answer.provenance, viewer="state"))
    restricted = replace(answer, provenance=replace(answer.provenance, not_for_release=True))
    others = [
        replace(drawn, answers=(inside,)),
        replace(drawn, answers=(answer, restricted)),
        replace(drawn, entry=replace(drawn.entry, why_not_public="It names groups.")),
        replace(drawn, changes={"measure": "fatal"}),
    ]
    for other in others:
        made: list[bytes] = []
        for _ in range(2):
            kept.keep(other, own, "one.png", count_calls(made))
        assert len(made) == 2
    for other in others[:3]:
        with pytest.raises(AccessError):
            kept.require_public(other)
    assert not (own.home / "pictures").exists()


def test_another_title_is_not_kept(own, drawn, monkeypatch):
    monkeypatch.setattr(picture, "draw_svg", lambda *_: b"<svg/>")
    monkeypatch.setattr(picture, "draw_preview", lambda *_: b"a preview")
    topic = replace(choose_title(drawn), text="Another")
    bundle.draw_preview(drawn, own, topic)
    assert not find_folder(own, drawn).exists()
    bundle.draw_preview(drawn, own, choose_title(drawn))
    assert find_folder(own, drawn).exists()


def test_another_release_look_or_signer_is_another_picture_and_the_old_one_goes(own, drawn, desk):
    made: list[bytes] = []
    kept.keep(drawn, own, "one.png", count_calls(made))
    first = find_folder(own, drawn)
    path = Store(own.home).releases / drawn.about.release_id / manifests.NAME
    path.write_bytes(path.read_bytes() + b"\n")  # as a purge and a withdrawn table do
    kept.keep(drawn, own, "one.png", count_calls(made))
    footed = replace(own, branding=own.branding.model_copy(update={"footer": "Ours"}))
    kept.keep(drawn, footed, "one.png", count_calls(made))
    assert len(made) == 3
    kept.drop_others(own, drawn.about.release_id)
    assert not first.exists()
    assert find_folder(own, drawn).exists()
    Store(own.home).drop_pictures()
    assert not list((own.home / "pictures").iterdir())


def test_where_nothing_can_be_written_it_is_made_each_time(own, drawn):
    (own.home / "pictures").write_text("no folder")
    made: list[bytes] = []
    for _ in range(2):
        assert kept.keep(drawn, own, "one.png", count_calls(made)) == b"a picture"
    assert len(made) == 2


@pytest.mark.parametrize("error", [NoBrowserError(), RuntimeError("a mistake"), OSError("full")])
def test_what_cannot_be_drawn_is_said_and_stops_no_publish(published, monkeypatch, error):
    def fail(*_: Any) -> None:
        raise error

    said: list[str] = []
    monkeypatch.setattr(public_files, "draw_public_files", fail)
    publish.draw_pictures(published, TODAY, said.append)
    assert said
    assert said[0].startswith("The public charts were not drawn; each is when it is asked for.")


def test_a_chart_that_cannot_be_drawn_does_not_stop_the_others(published, monkeypatch):
    drawn: list[str] = []

    def draw(result: Drawn, *_: Any, **__: Any) -> list[bytes]:
        if not drawn:
            drawn.append("the first")
            raise DrawingFailedError
        drawn.append(result.entry.name)
        assert {answer.provenance.viewer for answer in result.answers} == {"public"}
        return []

    monkeypatch.setattr(bundle, "make_bundle", draw)
    monkeypatch.setattr(bundle, "draw_preview", lambda *_: None)
    monkeypatch.setattr(picture, "draw_tile", lambda *_: None)
    monkeypatch.setattr(briefing_file, "make_briefing", lambda *_: b"")
    said: list[str] = []
    public_files.draw_public_files(bundles.public_desk(published), said.append)
    assert len(drawn) > 10
    assert len(said) == 2


def test_the_public_briefing_is_made_once_and_no_other_is_kept(desk, monkeypatch):
    made: list[Document] = []

    def make(document: Document) -> bytes:
        made.append(document)
        return b"slides"

    monkeypatch.setitem(briefing_file.KINDS, "pptx", make)
    for _ in range(2):
        assert briefing_file.make_briefing(desk, "pptx") == b"slides"
    assert len(made) == 1
    briefing_file.make_briefing(desk, "pptx", "fatal")
    briefing_file.make_briefing(replace(desk, viewer=STATE), "pptx")
    assert len(made) == 3


def test_a_fact_that_others_published_anew_is_another_file(own, drawn, tmp_path):
    facts, release_id = Path(shutil.copytree(own.reference, tmp_path / "f")), drawn.about.release_id
    changed = replace(own, reference=facts)
    before = kept.identify(changed, release_id)
    assert kept.identify(changed, release_id) == before
    with (facts / "published_counts.csv").open("a") as file:
        file.write("\n")
    assert kept.identify(changed, release_id) != before
