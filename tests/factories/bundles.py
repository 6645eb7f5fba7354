"""Bundles that tests open with readers of others, and forge."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from longevity.auth.viewers import PUBLIC
from longevity.charts.chart import Chart
from longevity.outputs import bundle
from longevity.outputs.browser import Browser
from longevity.outputs.bundle import picture
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileVerdict
from longevity.outputs.credentials.read import SETTINGS
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'
# A forger's program does not look at what it signs.
FORGING = {**SETTINGS, "verify": {**SETTINGS["verify"], "verify_after_sign": False}}


_desks: dict[tuple[int, str], tuple[Settings, ReportContext]] = {}


def public_desk(settings: Settings) -> ReportContext:
    """Return a context of the public over the release that is served, opened once."""
    release = Store(settings.home).current()
    key = (id(settings), release.id)
    if key not in _desks:
        context = ReportContext(settings, PUBLIC, Warehouse(release, settings), TODAY).as_public()
        _desks[key] = (settings, context)  # so that no other settings come by their id
    return _desks[key][1]


def draw_chart(settings: Settings, name: str = "year-to-date") -> Chart:
    """Draw a chart with its defaults, as public."""
    return chart_list.find_entry(name).draw(public_desk(settings))


def describe_page(settings: Settings) -> dict[str, str]:
    """Return what is signed with a page of the release that is served."""
    release = Store(settings.home).read_current_id()
    return {"document": "A page", "counted_to": "2026-06-30", "release": release, "viewer": "x"}


def judge_file(path: Path, settings: Settings) -> FileVerdict:
    return judging.judge_file(judging.read_file(path), public_desk(settings))


def repack(pptx: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Change parts of a presentation, as anybody's zip program would."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pptx)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.infolist():
            new.writestr(item.filename, change(item.filename, old.read(item)))
    return made.getvalue()


def draw_png() -> bytes:
    made = io.BytesIO()
    Image.new("L", (1, 1)).save(made, "png")
    return made.getvalue()


def draw_pdf() -> bytes:
    page, made = PdfWriter(), io.BytesIO()
    page.add_blank_page(100, 100)
    page.write(made)
    return made.getvalue()


def find_process(browser: Browser) -> int:
    assert browser.page is not None
    return browser.page.process.pid


def make_quickly(patch: pytest.MonkeyPatch) -> None:
    """Have an edition made with empty pictures, and of the files of its charts only the rows and a tile."""
    make = bundle.make_bundle
    patch.setattr(
        Browser,
        "draw_plot",
        lambda _, _figure, wide, tall: f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}"/>',
    )
    patch.setattr(bundle, "make_bundle", lambda drawn, own, **_: {**make(drawn, own, ["csv"]), ".png": b""})


def draw_nothing(patch: pytest.MonkeyPatch) -> None:
    """Have documents and tiles made with empty pictures, for which no browser is needed."""
    blank = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    for name in ("draw_card", "draw_plot"):
        patch.setattr(picture, name, lambda *_: blank)
    patch.setattr(picture, "draw_tile", lambda *_: draw_png())
