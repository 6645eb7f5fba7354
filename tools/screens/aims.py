"""The aims for the screens, each against what was measured, and the tables that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tools.screens.measure import Tab
from tools.table import write_table

MOST_WORDS, MOST_WORDS_IN_ALL_TABS = 5000, 9000


@dataclass(frozen=True)
class Aim:
    """One aim: what is measured of a tab, and the most (or least) it may be.

    The first tab of a screen is what a person sees; `of_first_tabs` aims are for those alone.
    `read` answers None where a tab has no such thing.
    """

    name: str
    read: Callable[[Tab], float | None]
    most: float | None = None
    least: float | None = None
    of_first_tabs: bool = False

    @property
    def goal(self) -> str:
        """The aim in signs."""
        return f"≥ {self.least:,}" if self.most is None else f"≤ {self.most:,}"

    def measure(self, tab: Tab) -> float | None:
        """Return the value of a tab this aim is for; None of any other."""
        return self.read(tab) if tab.is_first or not self.of_first_tabs else None

    def misses(self, value: float) -> bool:
        """Say whether a value misses the aim."""
        if self.most is not None:
            return value > self.most
        return self.least is not None and value < self.least


AIMS = (
    Aim("screenfuls", lambda tab: tab.wide.screenfuls, most=2.5, of_first_tabs=True),
    Aim("answer at, px", lambda tab: tab.wide.answer_top, most=190, of_first_tabs=True),
    Aim("width, px", lambda tab: tab.wide.width, least=1120, of_first_tabs=True),
    Aim("charts", lambda tab: tab.wide.charts, most=4),
    Aim("filters out of sight", lambda tab: tab.wide.hidden_filters, most=0, of_first_tabs=True),
    Aim("on a phone", lambda tab: tab.phone.hidden_filters, most=0, of_first_tabs=True),
    Aim("phone, px", lambda tab: tab.phone.height, most=4500, of_first_tabs=True),
)


def write_tables(tabs: Sequence[Tab]) -> str:
    """Return what one viewer sees as two Markdown tables: every tab, and the aims."""
    measured = [tab for tab in tabs if not tab.trouble]
    rows = [_describe_tab(tab) for tab in tabs]
    head = ("screen", "tab", *(aim.name for aim in AIMS), "words")
    aims = [*_judge_worst(measured), *_judge_words(tabs)]
    return f"{write_table(head, rows)}\n\n{write_table(('aim', 'goal', 'worst', 'where'), aims)}"


def _describe_tab(tab: Tab) -> list[str]:
    if tab.trouble:
        return [tab.screen, tab.trouble, *["–"] * (len(AIMS) + 1)]
    values = [_write(aim.measure(tab), aim) for aim in AIMS]
    return [tab.screen, tab.name, *values, _write(tab.wide.words)]


def _judge_worst(tabs: Sequence[Tab]) -> Iterator[list[str]]:
    """Yield each aim with the worst value of all tabs, and where it is."""
    for aim in AIMS:
        values = [(value, tab) for tab in tabs if (value := aim.measure(tab)) is not None]
        if values:
            pick = min if aim.most is None else max
            worst, tab = pick(values, key=lambda pair: pair[0])
            yield [aim.name, aim.goal, _write(worst, aim), f"{tab.screen} {tab.name}".strip()]


def _judge_words(tabs: Sequence[Tab]) -> Iterator[list[str]]:
    """Yield the words of all screens; where one was not measured the sum is a lower bound."""
    unmeasured = sum(bool(tab.trouble) for tab in tabs)
    where = f"without {unmeasured} screens not measured" if unmeasured else "all screens"
    for name, only_first, most in (
        ("words of first tabs", True, MOST_WORDS),
        ("words of all tabs", False, MOST_WORDS_IN_ALL_TABS),
    ):
        aim = Aim(name, lambda tab: tab.wide.words, most=most)
        words = sum(t.wide.words for t in tabs if not t.trouble and (t.is_first or not only_first))
        yield [aim.name, aim.goal, _write(words, aim), where]


def _write(value: float | None, aim: Aim | None = None) -> str:
    """Write a number, with a mark where it misses the aim."""
    if value is None:
        return "–"
    number = f"{value:,.1f}" if value != round(value) and value < 100 else f"{value:,.0f}"
    return f"{number} ✗" if aim is not None and aim.misses(value) else number
