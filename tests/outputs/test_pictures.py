"""Pictures: how the browser that draws is started, and what is kept of the public charts.

In its sandbox where it can be and with nothing that is a secret; only what is public, as it was made.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from longevity.app import publish
from longevity.auth.viewers import STATE
from longevity.base.errors import AccessError, DataError
from longevity.charts.chart import TOPIC
from longevity.outputs import browser, bundle, chromium, public_files, typesetting
from longevity.outputs.browser import DrawingFailedError, NoBrowserError
from longevity.outputs.bundle import kept, picture
from longevity.outputs.documents import briefing_file
from longevity.release import manifest as manifests
from longevity.release.store import Store
from tests.conftest import TODAY
from tests.factories import bundles
from tools import chromium as finding

PLAIN, WITHOUT = chromium.FLAGS, (*chromium.FLAGS, chromium.NO_SANDBOX)


@pytest.mark.parametrize(
    ("user", "starts", "found"),
    [
        (1000, {PLAIN, WITHOUT}, PLAIN),
        (1000, {WITHOUT}, WITHOUT),  # as in a container that lets none have one
        (0, {PLAIN, WITHOUT}, WITHOUT),
        (0, {PLAIN}, None),
    ],
)
def test_the_browser_has_its_sandbox_unless_none_can_be_had(monkeypatch, user, starts, found):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: user)
    monkeypatch.setattr(finding, "can_start", lambda _, flags: flags in starts)
    monkeypatch.setenv("LONGEVITY_CHROMIUM", "/bin/true")
    assert finding.find_browser() == (found and chromium.Found("/bin/true", found))


def test_the_browser_that_draws_is_started_so_and_knows_no_secret(monkeypatch, tmp_path):
    monkeypatch.setattr(browser.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("LONGEVITY_SIGN_IN_CLIENT_SECRET", "a secret")
    started = []

    def refuse_to_start(command, *, env, **_):
        started.append((command, env))
        raise OSError

    monkeypatch.setattr(browser.subprocess, "Popen", refuse_to_start)
    for flags in (PLAIN, WITHOUT):
        with pytest.raises(OSError):
            browser._Page(chromium.Found("/bin/true", flags))
        command, given = started.pop()
        assert set(flags) <= set(command)
        assert (chromium.NO_SANDBOX in command) is (flags is WITHOUT)
        assert "a secret" not in given.values()
        assert given["FONTCONFIG_FILE"]


def test_a_browser_that_is_busy_is_waited_for_so_long_and_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(browser, "PATIENCE", 0.01)
    drawing = browser.Browser()
    with drawing._turn, pytest.raises(DataError, match="Other pictures are being drawn"):
        drawing.draw_plot({"data": [], "layout": {}}, 300, 200)


@pytest.fixture
def drawn(published):
    return bundles.draw_chart(published)


@pytest.fixture
def own(published, drawn, tmp_path):
    """The settings with a home of its own, which has the release's manifest."""
    folder = Store(tmp_path).releases / drawn.about.release_id
    folder.mkdir(parents=True)
    shutil.copy(Store(published.home).releases / drawn.about.release_id / manifests.NAME, folder)
    return replace(published, home=tmp_path)


@pytest.fixture
def desk(published, own):
    return replace(bundles.public_desk(published), settings=own)


def keep(drawn, settings, times=2):
    """Ask so often for a picture: how often it was made."""
    made = []

    def make():
        made.append(b"a picture")
        return made[-1]

    for _ in range(times):
        assert kept.keep(drawn, settings, "one.png", make) == b"a picture"
    return len(made)


def find_folder(settings, drawn):
    release_id = drawn.about.release_id
    return Store(settings.home).find_pictures(release_id) / kept.identify(settings, release_id)


def test_what_is_kept_is_made_once_and_nothing_else_is_kept(own, drawn, monkeypatch):
    answer = drawn.answers[0]
    inside = replace(answer, about=replace(answer.provenance, viewer="state"))
    restricted = replace(answer, about=replace(answer.provenance, not_for_release=True))
    for other in (
        replace(drawn, answers=(inside,)),
        replace(drawn, answers=(answer, restricted)),
        replace(drawn, name="call-in-funnel"),
    ):
        assert keep(other, own) == 2
        with pytest.raises(AccessError):
            kept.require_public(other)
    assert keep(replace(drawn, changes={"measure": "fatal"}), own) == 2
    monkeypatch.setattr(picture, "draw_svg", lambda *_: "<svg/>")
    monkeypatch.setattr(typesetting, "draw_png", lambda *_: b"a preview")
    picture.draw_preview(drawn, own, TOPIC)
    assert not (own.home / "pictures").exists()
    picture.draw_preview(drawn, own)
    assert find_folder(own, drawn).exists()
    assert keep(drawn, own) == 1


def test_another_release_look_or_fact_is_another_picture_and_the_old_one_goes(own, drawn, tmp_path):
    keep(drawn, own)
    first = find_folder(own, drawn)
    path = Store(own.home).releases / drawn.about.release_id / manifests.NAME
    path.write_bytes(path.read_bytes() + b"\n")  # as a purge and a withdrawn table do
    assert keep(drawn, own) == 1
    footed = replace(own, branding=own.branding.model_copy(update={"footer": "Ours"}))
    assert keep(drawn, footed) == 1
    changed = replace(own, reference=Path(shutil.copytree(own.reference, tmp_path / "facts")))
    before = find_folder(changed, drawn)
    with (changed.reference / "published_counts.csv").open("a") as file:
        file.write("\n")
    assert find_folder(changed, drawn) != before
    kept.drop_others(own, drawn.about.release_id)
    assert not first.exists()
    assert find_folder(own, drawn).exists()
    Store(own.home).drop_pictures()
    assert not list((own.home / "pictures").iterdir())


def test_where_nothing_can_be_written_it_is_made_each_time(own, drawn):
    (own.home / "pictures").write_text("no folder")
    assert keep(drawn, own) == 2


@pytest.mark.parametrize("error", [NoBrowserError(), RuntimeError("a mistake"), OSError("full")])
def test_what_cannot_be_drawn_is_said_and_stops_no_publish(published, monkeypatch, error):
    def fail(*_):
        raise error

    said = []
    monkeypatch.setattr(public_files, "draw_public_files", fail)
    publish.draw_pictures(published, TODAY, said.append)
    assert said[0].startswith("The public charts were not drawn; each will be when asked for.")


def test_a_chart_that_cannot_be_drawn_does_not_stop_the_others(published, monkeypatch):
    drawn, said = [], []

    def draw(result, *_, **__):
        drawn.append(result.name)
        if len(drawn) == 1:
            raise DrawingFailedError
        assert {answer.provenance.viewer for answer in result.answers} == {"public"}
        return []

    monkeypatch.setattr(bundle, "make_bundle", draw)
    monkeypatch.setattr(picture, "draw_preview", lambda *_: None)
    monkeypatch.setattr(picture, "draw_tile", lambda *_: None)
    monkeypatch.setattr(briefing_file, "make_briefing", lambda *_: b"")
    public_files.draw_public_files(bundles.public_desk(published), said.append)
    assert len(drawn) > 10
    assert len(said) == 2


def test_the_public_briefing_is_made_once_and_no_other_is_kept(desk, monkeypatch):
    made = []
    monkeypatch.setitem(briefing_file.KINDS, "pptx", lambda document: made.append(document) or b"slides")
    for asked in ((desk, "pptx"), (desk, "pptx"), (desk, "pptx", "fatal"), (replace(desk, viewer=STATE), "pptx")):
        assert briefing_file.make_briefing(*asked) == b"slides"
    assert len(made) == 3
