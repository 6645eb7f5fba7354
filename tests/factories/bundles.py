"""Bundles that tests open with readers of others, and forge."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from longevity.press.bundle import verify as judging
from longevity.press.bundle.verify import Verdict
from longevity.press.charts import catalogue
from longevity.press.charts.entry import Drawn
from longevity.press.desk import Desk
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.warehouse.viewers import PUBLIC
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY


def desk(settings: Settings) -> Desk:
    """A desk of the public over the release that is served."""
    release = Store(settings.home).current()
    return Desk(settings, PUBLIC, Warehouse(release, settings), TODAY).public()


def drawn(settings: Settings, name: str = "year-to-date") -> Drawn:
    """A chart with its defaults, as public."""
    return catalogue.named(name).draw(desk(settings))


def judged(path: Path, settings: Settings) -> Verdict:
    """What is said of a file today."""
    return judging.verify(path, judging.read_file(path), desk(settings))


def repacked(pptx: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A presentation with parts changed, as anybody's zip program would."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pptx)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.infolist():
            new.writestr(item.filename, change(item.filename, old.read(item)))
    return made.getvalue()
