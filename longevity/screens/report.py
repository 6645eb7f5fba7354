"""A screen declared as data: its tabs, each with its answer and its cards, and tiles.

A report asks through its context and knows nothing of how it is shown; what draws it knows
nothing of what it says. The answer and the cards of a tab are made when it is open, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from longevity.charts.chart import Chart
from longevity.errors import DataError
from longevity.warehouse.warehouse import Answer


@dataclass(frozen=True)
class Tile:
    """One number at a glance.

    `change` is against the same days of last year, `base` what that was; `verdict` is the chip
    (▲, ▼ or – and a word or two). `trend` are the numbers of a sparkline, the newest last and
    None where not known; the tiles of a row have the same years. `help` says what the verdict
    was tested on, with its interval.
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
    """One finding: a title, then a chart of the catalogue, a table, or sentences alone.

    `tiles` are the numbers it opens on. `definition` says what is counted and how it was tested:
    behind a button on a screen, in the notes of a slide. `brief`: what its chart says in sentences
    is there too, as its title has it.

    `chart` is the name of a chart, `values` its parameters. A `picture` (drawn already, for this
    viewer alone) or a `table` comes with the `answer` it rests on, and with `others` it rests on.
    A table next to a chart is in the file in place of the chart's own. Columns `file_only` (codes,
    and what another column says) are not on the screen. `note` is smaller, for what a reader may
    want to know next. `alert` is in place of what cannot be shown. Without a title the chart's own
    is shown. `folded`: shut until it is asked for. `sizes`: pixels that its kind of chart is given,
    of a chart that is smaller than usual, and so are its words. `is_quoted`: its sentences and
    table are words that were written in English, of sources or of a release. `opens`: the city of
    which a click on its map opens an area. `parts` draws what is pressed, in place of its picture.
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
    """What waits; `screen` and `tab` are where it is shown in full."""

    sentence: str
    screen: str
    tab: str


Row = Sequence[Card | Sequence[Card]]  # side by side; cards in a sequence under each other


@dataclass(frozen=True)
class Tab:
    """One tab: once it is open `answer` makes its sentence and `build` its rows of cards."""

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
    """Return the columns of a row, each the cards under each other."""
    return [[stack] if isinstance(stack, Card) else stack for stack in row]


@dataclass(frozen=True)
class Report:
    """One screen: its tabs; tiles and what needs attention open the first.

    `offer` draws what one can take away, next to the answer.
    """

    screen: str
    tabs: tuple[Tab, ...]
    tiles: tuple[Tile, ...] = ()
    notes: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    attention: tuple[Attention, ...] = ()
    not_for_release: bool = False
    offer: Callable[[], None] | None = None

    @property
    def answer(self) -> str:
        """Return the answer of the first tab: what the screen opens on."""
        return self.tabs[0].find_answer()
