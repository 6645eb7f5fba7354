"""The folder that becomes a website: pages, pictures and figures, each written once."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from longevity.charts.chart import Chart
from longevity.charts.drawing import Figure
from longevity.charts.sparkline import draw_sparkline
from longevity.charts.template.maps import AreaMap
from longevity.charts.theme import DARK, LIGHT, find_colour
from longevity.outputs import table_files
from longevity.outputs.bundle import reproducible
from longevity.outputs.bundle.browser import BROWSER
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.context import ReportContext

FOLDER = Path(__file__).parent
ASSETS = "assets"
WIDTHS = {"": 760, "-phone": 358}  # pixels of a chart on a wide screen and on a phone
MOST_TALL = 6  # times its width: a list of groups is long


@dataclass(frozen=True)
class Picture:
    """A chart in the edition: its files begin with `slug`; `sizes` are pixels, by WIDTHS."""

    slug: str
    chart: Chart
    sizes: Mapping[str, tuple[int, int]]
    key: tuple[tuple[str, str, str], ...]  # of a map: words, and their colour on light and dark


@dataclass
class Site:
    """What is written so far. `context`: the public's; `root`: the folder; `base_url`: where it
    will be, "" where that is not said.
    """

    context: ReportContext
    root: Path
    base_url: str
    pages: dict[str, str] = field(default_factory=dict)  # the title of each, by its address
    _pictures: dict[str, Picture] = field(default_factory=dict)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words of the frame, by name."""
        found: dict[str, str] = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))["en"]
        return found

    @property
    def published_at(self) -> str:
        """The day the release was published, as the time that feeds and packages ask for."""
        return f"{str(self.context.manifest['published_on'])[:10]}T00:00:00Z"

    @cached_property
    def _environment(self) -> Environment:
        found = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        found.filters["sparkline"] = draw_sparkline
        return found

    def write_page(self, address: str, title: str, template: str, **facts: Any) -> None:
        """Write a page at an address such as "map/", and remember it for search and the map of the
        site. Links in it are relative, so that it works under any address.
        """
        self.pages[address] = title
        facts |= {
            "address": address,
            "base_url": self.base_url,
            "root": "../" * address.count("/") or "./",
            "title": title,
            "words": self.words,
            "program": self.context.settings.program,
            "release": self.context.warehouse.release.id,
            "synthetic": self.context.synthetic,
        }
        self.write_file(f"{address}index.html", self.render(template, **facts))

    def render(self, template: str, **facts: Any) -> str:
        """Return a template of `templates/` filled."""
        return self._environment.get_template(template).render(facts) + "\n"

    def write_file(self, name: str, content: str | bytes) -> None:
        """Write one file into the folder."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def copy_assets(self) -> None:
        """Copy what every page needs, and Plotly from its own package."""
        shutil.copytree(FOLDER / "static", self.root / ASSETS)
        plotly = resources.files("plotly") / "package_data" / "plotly.min.js"
        self.write_file(f"{ASSETS}/plotly.min.js", plotly.read_bytes())

    def draw(self, name: str, values: Mapping[str, str]) -> Drawn:
        """Draw a chart of the catalogue as the public may have it; DataError where it is none."""
        drawn: Drawn = self.context.compute(chart_list.draw_chart, name, values)
        return drawn

    def add_picture(self, drawn: Drawn) -> Picture:
        """Draw the chart as SVG in both looks and widths, with its figure and rows as files."""
        slug = "-".join([drawn.entry.name, *map(make_slug, drawn.changes.values())])
        if slug not in self._pictures:
            self._pictures[slug] = self._draw_picture(slug, drawn)
        return self._pictures[slug]

    def _draw_picture(self, slug: str, drawn: Drawn) -> Picture:
        looks = {"": drawn.chart.figure, "-dark": drawn.chart.draw_in(DARK)}
        sizes = {}
        for narrow, wide in WIDTHS.items():
            tall = min(int(drawn.chart.figure["layout"]["height"]), MOST_TALL * wide)
            for look, figure in looks.items():
                svg = reproducible.rename_ids(BROWSER.draw_plot(figure, wide, tall))
                self.write_file(f"charts/{slug}{narrow}{look}.svg", svg)
            sizes[narrow] = (wide, tall)
        figures = {"light": looks[""], "dark": looks["-dark"]}
        self.write_file(f"charts/{slug}.json", write_json(figures))
        self.write_file(f"charts/{slug}.csv", table_files.write_csv(drawn.chart.table, drawn.about))
        return Picture(slug, drawn.chart, sizes, _list_key(drawn.chart))


def _list_key(chart: Chart) -> tuple[tuple[str, str, str], ...]:
    key = chart.draw.key if isinstance(chart.draw, AreaMap) else ()
    return tuple(
        (words, find_colour(LIGHT, colour), find_colour(DARK, colour)) for words, colour in key
    )


def make_slug(words: str) -> str:
    """Return words as they are in an address: "east-rock"."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "none"


def write_json(content: Figure | Mapping[str, Any] | list[Any]) -> str:
    """Write JSON, of NumPy's numbers too, the same bytes every time."""
    return json.dumps(content, default=lambda number: number.item(), sort_keys=True)
