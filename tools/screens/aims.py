"""The aims for the screens, each against what was measured, and the tables that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tools.table import write_table

Figures = dict[str, float | None]  # by name; None of what a tab does not have


@dataclass(frozen=True)
class Tab:
    """One tab of one screen, wide and on a phone; `trouble` says why it was not measured."""

    screen: str
    name: str
    is_first: bool
    figures: Figures
    trouble: str = ""


class Aim(NamedTuple):
    """The most (or least) that a figure may be, of every tab or of the first of each screen."""

    name: str
    limit: float
    is_least: bool = False
    of_first_tabs: bool = True

    def misses(self, value: float) -> bool:
        """Say whether a value misses the aim."""
        return value < self.limit if self.is_least else value > self.limit

    def measure(self, tab: Tab) -> float | None:
        """Return the figure of a tab this aim is for; None of any other."""
        is_for = tab.is_first or not self.of_first_tabs
        return tab.figures.get(self.name) if is_for else None


AIMS = (
    Aim("drawn after, s", 2),
    Aim("screenfuls", 2.5),
    Aim("answer at, px", 190),
    Aim("width, px", 1120, is_least=True),
    Aim("charts", 4, of_first_tabs=False),
    Aim("filters out of sight", 0),
    Aim("on a phone", 0),
    Aim("phone, px", 4500),
)
WORDS = "words"
MOST_WORDS = {"words of first tabs": 5000, "words of all tabs": 9000}


def write_tables(tabs: Sequence[Tab]) -> str:
    """Return what one viewer sees as two Markdown tables: every tab, and the worst by aim."""
    rows = []
    for tab in tabs:
        values = [_write(aim.measure(tab), aim) for aim in AIMS]
        rows.append([tab.screen, tab.trouble or tab.name, *values, _write(tab.figures.get(WORDS))])
    head = ("screen", "tab", *(aim.name for aim in AIMS), WORDS)
    goals = ("aim", "goal", "worst", "where")
    return f"{write_table(head, rows)}\n\n{write_table(goals, _judge(tabs))}"


def _judge(tabs: Sequence[Tab]) -> Iterator[list[str]]:
    """Yield each aim with the worst of all tabs; then the words, without screens not measured."""
    for aim in AIMS:
        values = [(value, tab) for tab in tabs if (value := aim.measure(tab)) is not None]
        if values:
            pick = min if aim.is_least else max
            worst, tab = pick(values, key=lambda pair: pair[0])
            goal = f"{'≥' if aim.is_least else '≤'} {aim.limit:,}"
            yield [aim.name, goal, _write(worst, aim), f"{tab.screen} {tab.name}".strip()]
    for name, most in MOST_WORDS.items():
        counted = [tab for tab in tabs if tab.is_first or name.endswith("all tabs")]
        words = sum(tab.figures.get(WORDS) or 0 for tab in counted)
        yield [name, f"≤ {most:,}", _write(words, Aim(name, most)), "all screens measured"]


def _write(value: float | None, aim: Aim | None = None) -> str:
    """Write a number, with a mark where it misses the aim."""
    if value is None:
        return "–"
    number = f"{value:,.1f}" if value != round(value) and value < 100 else f"{value:,.0f}"
    return f"{number} ✗" if aim is not None and aim.misses(value) else number
