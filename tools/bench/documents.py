"""Times what people download: a chart as PNG, the deck, the weekly page."""

from __future__ import annotations

import statistics
import tempfile
import timeit
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from longevity import settings as configuration
from longevity.auth import viewers
from longevity.charts.chart import TOPIC
from longevity.outputs import bundle
from longevity.outputs.bundle import picture
from longevity.outputs.documents.briefing_file import make_briefing
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import commands
from tools.bench.figures import Figures


def measure(home: Path, figures: Figures) -> None:
    """Time each download, of the release served in this home; seconds go into `figures`."""
    settings = configuration.load_settings(home=home, environment={})
    city = next(iter(settings.cities))
    opened = closing(Warehouse(Store(home).current(), settings))
    with opened as warehouse, tempfile.TemporaryDirectory() as out:

        def begin(viewer: str) -> ReportContext:
            asked = viewers.parse_viewer(viewer, settings)
            return ReportContext(settings, asked, warehouse, date.today())

        def export(name: str) -> None:
            drawn = chart_list.find_entry(name).draw(begin("public"))
            # The picture under its first title is kept; one with another title has to be drawn.
            bundle.make_bundle(drawn, settings, ("png",), title=TOPIC)

        def draw_default() -> None:
            drawn = chart_list.find_entry("years").draw(begin("public"))
            picture.draw_preview(drawn, settings)

        run = partial(commands.measure_command, home=home, today=date.today())
        png = ("export", "years", "--title", TOPIC, "--format", "png", "--out", out)
        works: dict[str, Callable[[], object]] = {
            "export": partial(export, "years"),
            "export_map": partial(export, "area-map"),
            "picture": draw_default,
            "command": partial(run, *png),
            "deck_public": lambda: make_briefing(begin("public"), "pptx"),
            "deck": lambda: make_briefing(begin("state"), "pptx"),
            "weekly": partial(run, "weekly", city, "--out", f"{out}/week.pdf"),
        }
        figures.values |= {name: _time(work) for name, work in works.items()}


def _time(work: Callable[[], object]) -> float:
    """Return the median seconds of three runs, after one to warm up."""
    work()
    return statistics.median(timeit.repeat(work, number=1, repeat=3))
