"""What is taken away: a chart as PNG, the deck, the weekly page; and opening the release."""

from __future__ import annotations

import io
import statistics
import struct
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from longevity.auth import viewers
from longevity.errors import LongevityError
from longevity.outputs import bundle
from longevity.outputs.documents.deck import build_deck
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.one_page import build_page
from longevity.release.store import Release, Store
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.context import ReportContext
from longevity.reports.this_week import ThisWeek
from longevity.reports.week_questions import choose_week
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import briefing_reader, command_process

CHARTS = ("years", "gun-share", "baselines", "twelve-months", "rates", "area-map")
MAP = "area-map"
RUNS = 3
TODAY = date.today()


@dataclass
class DocumentTimes:
    """Seconds, and what was made."""

    charts: dict[str, float] = field(default_factory=dict)  # warm, by name
    chart_cold: float = float("nan")
    picture: tuple[int, int] = (0, 0)  # pixels
    deck: float = float("nan")
    slides: int = 0
    weekly: float = float("nan")
    proving: float = float("nan")
    opening: float = float("nan")
    release_bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    imported: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def measure(settings: Settings) -> DocumentTimes:
    """Everything made of the release served in the home of these settings."""
    taken = DocumentTimes()
    release = _opened(settings, taken)
    warehouse = Warehouse(release, settings)
    for work in (_charts, _deck, _weekly):
        try:
            work(settings, warehouse, taken)
        except LongevityError as error:
            taken.failed.append(f"{work.__name__[1:]}: {error}")
    warehouse.close()
    return taken


def _opened(settings: Settings, taken: DocumentTimes) -> Release:
    """The release served, and what the two halves of opening it cost once a process."""
    began = time.perf_counter()
    release = Store(settings.home).current()
    taken.proving = time.perf_counter() - began
    began = time.perf_counter()
    opened = Warehouse(release, settings)
    opened.run("counts", None, viewers.PUBLIC)
    taken.opening = time.perf_counter() - began
    opened.close()
    files = (path for path in release.path.rglob("*") if path.is_file())
    taken.release_bytes = sum(path.stat().st_size for path in files)
    taken.rows = {name: int(release.manifest["rows"][name]) for name in ("incidents", "victims")}
    return release


def _charts(settings: Settings, warehouse: Warehouse, taken: DocumentTimes) -> None:
    for at, name in enumerate(one for one in CHARTS if one in catalogue.ENTRIES):
        drawn = catalogue.find_entry(name).draw(
            ReportContext(settings, viewers.PUBLIC, warehouse, TODAY)
        )

        def export(drawn: Any = drawn) -> dict[str, bytes]:
            return bundle.make_bundle(drawn, settings, ("png",), sizes=("slide",))

        if not at:  # the first picture of a process starts the browser
            taken.chart_cold, made = _timed(export)
            (picture,) = [data for file, data in made.items() if file.endswith(".png")]
            taken.picture = struct.unpack(">II", picture[16:24])
        taken.charts[name] = statistics.median(_timed(export)[0] for _ in range(RUNS))


def _deck(settings: Settings, warehouse: Warehouse, taken: DocumentTimes) -> None:
    from pptx import Presentation

    def make() -> bytes:
        context = ReportContext(settings, viewers.PUBLIC, warehouse, TODAY)
        return build_deck(briefing_reader.make_briefing(context))

    made = make()
    taken.slides = len(Presentation(io.BytesIO(made)).slides)
    taken.deck = statistics.median(_timed(make)[0] for _ in range(RUNS))


def _weekly(settings: Settings, warehouse: Warehouse, taken: DocumentTimes) -> None:
    city = next(iter(settings.cities))
    viewer = viewers.parse_viewer(f"city:{city}", settings)

    def make() -> bytes:
        context = ReportContext(settings, viewer, warehouse, TODAY)
        week = choose_week(context, city)
        this_week = ThisWeek(context, city, week)
        return build_page(Document(context, this_week.build(), this_week.name, week.ending))

    make()
    taken.weekly = statistics.median(_timed(make)[0] for _ in range(RUNS))


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def time_import(release: Release, folder: Path, home: Path) -> dict[str, float]:
    """Time the import of another office's table."""
    from tools.bench import source

    file, mapping, count = source.write(release.path, folder)
    one = command_process.run_command(
        *("import", file, "--mapping", mapping, "--out", folder / "imported"),
        home=home,
        today=TODAY,
    )
    if one.code not in (0, 1):
        raise RuntimeError(one.stderr)
    return {
        "rows": count,
        "seconds": one.seconds,
        "peak": one.peak_bytes,
    }
