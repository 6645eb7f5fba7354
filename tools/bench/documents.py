"""What is taken away: a chart as PNG, the deck, the weekly page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from longevity import settings as configuration
from longevity.auth import viewers
from longevity.outputs import bundle
from longevity.outputs.documents.deck import build_deck
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.pages import build_pages
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import TOPIC
from longevity.screens.chart_title import choose_title
from longevity.screens.context import ReportContext
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import briefing_reader
from tools.bench.figures import Figures

RUNS = 3


def measure(home: Path, figures: Figures) -> None:
    """Make each of the release served in this home, once to warm and then a few times."""
    settings = configuration.load_settings(home=home, environment={})
    city = next(iter(settings.cities))
    with closing(Warehouse(Store(home).current(), settings)) as warehouse:

        def begin(viewer: str) -> ReportContext:
            asked = viewers.parse_viewer(viewer, settings)
            return ReportContext(settings, asked, warehouse, date.today())

        def export(name: str) -> None:
            drawn = chart_list.find_entry(name).draw(begin("public"))
            # Another title than it opens on: that is not kept, and so drawn.
            title = choose_title(drawn, TOPIC)
            bundle.make_bundle(drawn, settings, ("png",), title=title)

        def make_deck() -> None:
            build_deck(briefing_reader.make_briefing(begin("state")))

        def make_weekly() -> None:
            context = begin(f"city:{city}")
            week = choose_week(context, city)
            report = ThisWeek(context, city, week)
            build_pages(Document(context, report.build(), report.name, week.ending))

        works: dict[str, Callable[[], None]] = {
            "export": partial(export, "years"),
            "export_map": partial(export, "area-map"),
            "deck": make_deck,
            "weekly": make_weekly,
        }
        figures.values |= {name: _time(work) for name, work in works.items()}


def _time(work: Callable[[], None]) -> float:
    """Return the seconds it takes once it was done before."""
    work()
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)
