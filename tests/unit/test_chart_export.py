"""What the screen keeps of a chart's files: each under all that goes into it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from longevity.auth.viewers import STATE
from longevity.outputs.bundle import browser
from longevity.release import manifest as manifests
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.text.edited_titles import Title, choose_title
from longevity.ui import chart_export
from longevity.ui.chart_export import Pressed
from tests.factories import bundles

REFUSED = "Shootings plummeted to 3"


@pytest.fixture
def pressed(published: Settings, tmp_path: Path) -> Pressed:
    """A chart under its computed title; its home holds the release's manifest alone."""
    drawn = bundles.draw_chart(published)
    own = tmp_path / "home"
    release = drawn.about.release_id
    beside = Store(published.home).releases / release / manifests.NAME
    (Store(own).releases / release).mkdir(parents=True)
    shutil.copy(beside, Store(own).releases / release / manifests.NAME)
    return Pressed(replace(published, home=own), drawn, Title(drawn.chart.title, False), STATE)


def test_what_one_session_was_refused_is_in_no_file_of_another(pressed: Pressed) -> None:
    refused = replace(pressed, title=choose_title(pressed.title.text, REFUSED))
    assert refused.title.warnings
    assert refused.key != pressed.key
    for one in (refused, pressed):
        files = chart_export._make_files(one.key, ("csv",), ("slide",), one)
        assert len(files) == 4  # rows, README, manifest and what signs it
        assert not any(b"plummeted" in data for data in files.values())


def test_another_look_another_figure_and_a_purge_are_other_files(pressed: Pressed) -> None:
    settings, drawn = pressed.settings, pressed.drawn
    table = drawn.chart.table.copy()
    table.loc[0, "victims"] += 1
    others = [
        replace(pressed, title=Title("People shot", True, ("Edited.",))),
        replace(
            pressed,
            settings=replace(settings, branding=replace(settings.branding, footer="Ours")),
        ),
        replace(pressed, drawn=replace(drawn, chart=replace(drawn.chart, table=table))),
    ]
    before = pressed.key
    assert before == replace(pressed).key
    keys = {before, *(one.key for one in others)}
    manifest = Store(settings.home).releases / drawn.about.release_id / manifests.NAME
    again = manifest.with_name("again")
    shutil.copy(manifest, again)
    again.replace(manifest)  # as a purge does
    assert len(keys | {pressed.key}) == 5


def test_the_typeface_is_told_of_in_one_folder_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = browser._own_folder()
    assert folder == browser._own_folder()
    assert folder.parent == tmp_path / "longevity"
    assert folder.parent.stat().st_mode & 0o077 == 0
    # A link that somebody laid there is not followed.
    elsewhere = tmp_path / "elsewhere"
    folder.parent.rename(elsewhere)
    (tmp_path / "longevity").symlink_to(elsewhere)
    assert browser._own_folder().parent.parent != tmp_path
