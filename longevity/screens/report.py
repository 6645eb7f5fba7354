"""A screen as data: a `Report` of tabs, cards and tiles, drawn by Streamlit, slides, pages or HTML.

A report knows nothing of how it is drawn. A tab has an *answer*, the sentence it opens on, and
cards; both are made only when the tab is opened. (A card's `answer` is that of a query: its rows.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.warehouse.warehouse import Answer


@dataclass(frozen=True)
class Tile:
    """One number at a glance, such as this year's count of a city.

    `change`: against the same days of last year ("+12%"); `base`: that count; `verdict`: ▲, ▼ or –
    with a word or two; `trend`: the numbers of a sparkline, newest last, None where not known;
    `help`: what the verdict was tested on, with its interval.
    """

    label: str
    value: str
    change: str = ""
    base: str = ""
    verdict: str = ""
    trend: tuple[float | None, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Card:
    """One box on a screen: a title, then a chart, a table, or only sentences.

    Content: `chart`: the name of a chart of the catalogue, with its choices `values`; or a
    `picture`, a chart made already for this viewer; or a `table`. `answer` and `others`: the
    answers that picture or table are made of. `tiles`: numbers; `note`: small print; `alert`: what
    to show in place of data that are not there; `definition`: what is counted and how it was
    tested, behind a button or in a slide's notes. Without a `title` the chart's own is shown.

    Form: `width`: relative to the cards next to it; `folded`: closed until it is opened; `brief`:
    the chart's sentences go into the definition; `sizes`: pixels for a smaller chart; `file_only`:
    columns that only the CSV has; `is_quoted`: its words are a source's own and stay in English;
    `opens`: the city of a map on which a click opens an area; `parts`: a function that draws
    controls in place of the picture.
    """

    key: str
    title: str = ""
    sentences: tuple[str, ...] = ()
    chart: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    picture: Chart | None = None
    table: pd.DataFrame | None = None
    answer: Answer | None = None
    others: tuple[Answer, ...] = ()
    file_only: tuple[str, ...] = ()
    note: str = ""
    alert: str = ""
    tiles: tuple[Tile, ...] = ()
    definition: str = ""
    brief: bool = False
    width: int = 1
    folded: bool = False
    is_quoted: bool = False
    sizes: Mapping[str, int] = field(default_factory=dict)
    opens: str = ""
    parts: Callable[[], None] | None = None


@dataclass(frozen=True)
class Attention:
    """A line under "Needs attention", with the `screen` and `tab` that show it in full."""

    sentence: str
    screen: str
    tab: str


Row = Sequence[Card | Sequence[Card]]  # columns, side by side; a column is one card or several


@dataclass(frozen=True)
class Tab:
    """One tab: when it is opened, `answer` makes its sentence and `build` its rows of cards."""

    key: str
    name: str
    answer: Callable[[], str]
    build: Callable[[], Sequence[Row]]

    def find_answer(self) -> str:
        """Return the answer, or why there is none."""
        try:
            return self.answer()
        except DataError as error:
            return str(error)


def list_cards(tab: Tab) -> list[Card]:
    """Return the cards of a tab in reading order."""
    return [card for row in tab.build() for stack in list_stacks(row) for card in stack]


def list_stacks(row: Row) -> list[Sequence[Card]]:
    """Return the columns of a row, each as a list of cards one below the other."""
    return [[stack] if isinstance(stack, Card) else stack for stack in row]


@dataclass(frozen=True)
class Report:
    """One screen. `tiles` and `attention` are shown at the top of its first tab.

    `notes` and `alerts`: sentences over all tabs; `not_for_release`: it shows what is not public.
    """

    screen: str
    tabs: tuple[Tab, ...]
    tiles: tuple[Tile, ...] = ()
    notes: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    attention: tuple[Attention, ...] = ()
    not_for_release: bool = False

    @property
    def answer(self) -> str:
        """Return the answer of the first tab: what the screen opens on."""
        return self.tabs[0].find_answer()
