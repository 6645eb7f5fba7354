"""What the screen keeps of a chart's files: each under all that goes into it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from longevity.auth.viewers import STATE
from longevity.release import manifest as manifests
from longevity.release.store import Store
from longevity.screens.chart_catalogue.definition import FINDING, RANKING, TOPIC
from longevity.settings import Settings
from longevity.ui import chart_export
from longevity.ui.chart_export import Chosen, Pressed
from tests.factories import bundles


@pytest.fixture
def pressed(published: Settings, tmp_path: Path) -> Pressed:
    """A chart under its computed title; its home holds the release's manifest alone."""
    drawn = bundles.draw_chart(published)
    own = tmp_path / "home"
    release = drawn.about.release_id
    beside = Store(published.home).releases / release / manifests.NAME
    (Store(own).releases / release).mkdir(parents=True)
    shutil.copy(beside, Store(own).releases / release / manifests.NAME)
    return Pressed(replace(published, home=own), drawn, Chosen(FINDING), STATE)


def test_another_title_is_another_file_and_anothers_words_are_in_none(pressed):
    own = replace(pressed, title=Chosen(FINDING, "The chief lied"))
    topic = replace(pressed, title=Chosen(TOPIC))
    assert len({one.key for one in (pressed, own, topic)}) == 3
    for one in (own, topic, pressed):
        files = chart_export._make_files(("csv",), ("slide",), one)
        assert len(files) == 4  # rows, README, manifest and what signs it
        assert any(b"The chief lied" in data for data in files.values()) is (one is own)


def test_another_look_another_figure_and_a_purge_are_other_files(pressed):
    settings, drawn = pressed.settings, pressed.drawn
    table = drawn.chart.table.copy()
    table.loc[0, "victims"] += 1
    others = [
        replace(pressed, title=Chosen(RANKING)),
        replace(
            pressed,
            settings=replace(
                settings, branding=settings.branding.model_copy(update={"footer": "Ours"})
            ),
        ),
        replace(pressed, drawn=replace(drawn, chart=replace(drawn.chart, table=table))),
    ]
    before = pressed.key
    assert before == replace(pressed).key
    keys = {before, *(one.key for one in others)}
    manifest = Store(settings.home).releases / drawn.about.release_id / manifests.NAME
    manifest.write_bytes(manifest.read_bytes() + b"\n")  # as a purge does
    assert len(keys | {pressed.key}) == 5
