"""The folder that becomes a website: its pages, pictures and figures, each written once."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from importlib import resources
from itertools import chain, count
from pathlib import Path
from typing import Any

from babel import dates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from longevity.base.errors import ConfigError
from longevity.charts.chart import Chart
from longevity.charts.drawing import Figure
from longevity.charts.sparkline import draw_sparkline
from longevity.charts.template.maps import AreaMap
from longevity.charts.theme import DARK, LIGHT, find_colour
from longevity.outputs import table_files
from longevity.outputs.browser import BROWSER
from longevity.outputs.documents.document_files import make_slug
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.words.dates import format_long
from longevity.words.language import ENGLISH, LANGUAGES, NAMES, TRANSLATED, find_locale, translate

FOLDER = Path(__file__).parent
ASSETS = "assets"
WIDTHS = {"": 760, "-phone": 358}  # pixels of a chart on a wide screen and on a phone
MOST_TALL = 6  # times its width: a list of groups is long


@dataclass(frozen=True)
class Picture:
    """A chart whose files are in the edition, with names that begin with `slug`.

    `sizes`: pixels, for a wide screen and a phone (WIDTHS). `key`: of a map.
    """

    slug: str
    chart: Chart
    sizes: Mapping[str, tuple[int, int]]
    key: tuple[tuple[str, str, str], ...]  # of a map: words, and their colour on light and dark


@dataclass
class Site:
    """The edition in one language, and what was written of it so far.

    `context`: asks as the public. `folder`: of the edition; English is at its root, another
    language in a folder of its name (`es/`) with the same addresses below. `base_url`: where it
    will be, "" where that is not said.
    """

    context: ReportContext
    folder: Path
    base_url: str
    language: str = ENGLISH
    pages: dict[str, str] = field(default_factory=dict)  # the title of each page, by its address
    press_files: dict[str, list[str]] = field(
        default_factory=dict
    )  # the files of each chart, by its name
    _pictures: dict[str, Picture] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What the addresses of its language begin with."""
        return name_prefix(self.language)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words that pages have around their cards, by name (`words.toml`)."""
        words: dict[str, str] = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))
        if self.language == ENGLISH:
            return words
        own = TRANSLATED[self.language].edition
        if lacking := [name for name in words if name not in own]:
            raise ConfigError(
                f"The edition in '{self.language}' has no words for: {', '.join(lacking)}.",
                f"Give them under [edition] in longevity/words/locales/{self.language}.toml.",
            )
        return own

    @property
    def published_at(self) -> str:
        """The day the release was published, as the time that feeds and packages ask for."""
        return f"{str(self.context.manifest['published_on'])[:10]}T00:00:00Z"

    @cached_property
    def _environment(self) -> Environment:
        """What fills templates, with what every page knows: the program, the menu's words."""
        found = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        found.filters |= {"sparkline": draw_sparkline, "translate": translate}
        found.globals |= {
            "base_url": self.base_url,
            "prefix": self.prefix,
            "language": self.language,
            "languages": {language: name_prefix(language) for language in LANGUAGES},
            "english": "" if self.language == ENGLISH else Markup(' lang="en"'),
            "words": self.words,
            "names": NAMES,
            "program": self.context.settings.program,
            "release": self.context.warehouse.release.id,
            "synthetic": self.context.synthetic,
            **self.dated,
        }
        return found

    @property
    def dated(self) -> dict[str, Any]:
        """How far the data go, from which day on they are old, and which source ended."""
        context = self.context
        if not context.spans:
            return {"day": ""}
        last = context.find_last_day()
        old_after = last + timedelta(days=context.settings.thresholds.stale_after_days + 1)
        return {
            "day": format_long(last),
            "old_after": old_after,
            "is_old": context.today >= old_after,
            "ended": context.explain_ended(),
        }

    def write_page(self, address: str, title: str, template: str, **facts: Any) -> None:
        """Write a page at an address such as "map/", and remember it for search.

        Links in it are relative, so that it works wherever the edition is.
        """
        self.pages[address] = title
        up = "../" * address.count("/")
        facts |= {
            "address": address,
            "root": up or "./",
            "top": up + "../" * self.prefix.count("/") or "./",
            "title": title,
        }
        self.write_file(f"{address}index.html", self.render(template, **facts))

    def render(self, template: str, **facts: Any) -> str:
        """Return a template of `templates/` filled with these facts."""
        return self._environment.get_template(template).render(facts) + "\n"

    def write_file(self, name: str, content: str | bytes) -> None:
        """Write one file into the folder of its language."""
        path = self.folder / self.prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def write_shared(self, name: str, content: str | bytes) -> None:
        """Write a file that all languages have in common, once: by the English one, at the root."""
        if self.language == ENGLISH:
            self.write_file(name, content)

    def copy_assets(self) -> None:
        """Copy what every page needs, and Plotly from its own package."""
        shutil.copytree(FOLDER / "static", self.folder / ASSETS)
        plotly = resources.files("plotly") / "package_data" / "plotly.min.js"
        self.write_file(f"{ASSETS}/plotly.min.js", plotly.read_bytes())

    def draw(self, name: str, values: Mapping[str, str]) -> Chart:
        """Draw a chart of the catalogue as the public may have it; DataError where it is none."""
        return chart_list.draw_chart(self.context, name, values)

    def add_picture(self, drawn: Chart) -> Picture:
        """Draw the chart as SVG in both looks and widths, with its figure and rows as files."""
        slug = "-".join([drawn.name, *map(make_slug, drawn.changes.values())])
        if slug not in self._pictures:
            self._pictures[slug] = self._draw_picture(slug, drawn)
        return self._pictures[slug]

    def _draw_picture(self, slug: str, drawn: Chart) -> Picture:
        """Write a chart's files: SVGs in two looks and widths, its figure, and its rows."""
        looks = {"": drawn.figure, "-dark": drawn.draw_in(DARK)}
        config = _name_months(self.language)
        sizes = {}
        for narrow, wide in WIDTHS.items():
            tall = min(int(drawn.figure["layout"]["height"]), MOST_TALL * wide)
            for look, figure in looks.items():
                svg = BROWSER.draw_plot(figure | config, wide, tall)
                self.write_file(f"charts/{slug}{narrow}{look}.svg", svg)
            sizes[narrow] = (wide, tall)
        figures = {"light": looks[""], "dark": looks["-dark"]} | config
        self.write_file(f"charts/{slug}.json", write_json(figures))
        self.write_shared(f"charts/{slug}.csv", table_files.write_csv(drawn.table, drawn.about))
        return Picture(slug, drawn, sizes, _list_key(drawn))


def name_prefix(language: str) -> str:
    """Return what the addresses of a language begin with: "es/"."""
    return "" if language == ENGLISH else f"{language}/"


def _name_months(language: str) -> Figure:
    """Return the months in a language for Plotly, which knows English alone."""
    if language == ENGLISH:
        return {}
    months = {
        "months": [*dates.get_month_names("wide", locale=find_locale()).values()],
        "shortMonths": [*dates.get_month_names("abbreviated", locale=find_locale()).values()],
    }
    return {"config": {"locale": language, "locales": {language: {"format": months}}}}


def _list_key(chart: Chart) -> tuple[tuple[str, str, str], ...]:
    key = chart.kind.key if isinstance(chart.kind, AreaMap) else ()
    return tuple(
        (words, find_colour(LIGHT, colour), find_colour(DARK, colour)) for words, colour in key
    )


def make_slugs(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return each name as it is in an address, no two alike and none that is `taken`."""
    used, slugs = {*taken}, {}
    for name in names:
        slug = make_slug(name)
        alike = (f"{slug}-{number}" for number in count(2))
        slugs[name] = slug = next(at for at in chain([slug], alike) if at not in used)
        used.add(slug)
    return slugs


def write_json(content: Figure | Mapping[str, Any] | list[Any]) -> str:
    """Write JSON, of NumPy's numbers too, the same bytes every time."""
    return json.dumps(content, default=lambda number: number.item(), sort_keys=True)
