"""What is taken away: a chart as PNG, the deck, the weekly page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from longevity import settings as configuration
from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.outputs import bundle
from longevity.outputs.documents.deck import build_deck
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.one_page import build_page
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import TOPIC
from longevity.screens.context import ReportContext
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import briefing_reader
from tools.bench.targets import Figures, write_value

CHARTS = ("years", "gun-share", "baselines", "twelve-months", "rates", "area-map")
MAP = "area-map"
RUNS = 3


def measure(home: Path, figures: Figures) -> None:
    """Make each of the release served in this home, once to warm and then a few times."""
    settings = configuration.load_settings(home=home, environment={})
    city = next(iter(settings.cities))
    with closing(Warehouse(Store(home).current(), settings)) as warehouse:

        def begin(viewer: Viewer) -> ReportContext:
            return ReportContext(settings, viewer, warehouse, date.today())

        def export(name: str) -> None:
            drawn = chart_list.find_entry(name).draw(begin(viewers.PUBLIC))
            # Another title than it opens on: that is not kept, and so drawn.
            bundle.make_bundle(drawn, settings, ("png",), sizes=("slide",), title=TOPIC)

        def make_deck() -> None:
            build_deck(briefing_reader.make_briefing(begin(viewers.PUBLIC)))

        def make_weekly() -> None:
            context = begin(viewers.parse_viewer(f"city:{city}", settings))
            week = choose_week(context, city)
            report = ThisWeek(context, city, week)
            build_page(Document(context, report.build(), report.name, week.ending))

        charts = {name: _time(lambda name=name: export(name)) for name in CHARTS}
        figures.values |= {
            "export": statistics.median(took for name, took in charts.items() if name != MAP),
            "export_map": charts[MAP],
            "deck": _time(make_deck),
            "weekly": _time(make_weekly),
        }
    rows = [[f"a chart as PNG, {name}", write_value(took, "s")] for name, took in charts.items()]
    figures.tables.append(("what is taken away, warm", ["what", "took"], rows))


def _time(work: Callable[[], None]) -> float:
    """Return the seconds it takes once it was done before."""
    work()
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)
