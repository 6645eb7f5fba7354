"""The aims for the screens, each against what was measured, and the tables that say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.screens.page import PageFigures

OK, MISS, NOT_MEASURED = "ok", "miss", "not measured"
MOST_SCREENFULS = 2.5
LOWEST_ANSWER = 190
LEAST_WIDTH = 1120
MOST_WORDS, MOST_WORDS_IN_ALL_TABS = 5000, 9000
MOST_CHARTS = 4
MOST_SOURCE_LINES, MOST_METHOD_LINES = 1, 0
LONGEST_ON_A_PHONE = 4500


@dataclass(frozen=True)
class Measured:
    """One tab of one screen, wide and on a phone; None where it was not measured, and why not."""

    screen: str
    tab: str
    is_default: bool
    wide: PageFigures | None = None
    phone: PageFigures | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Line:
    """One aim: what is asked, the goal, what was measured and where, and the verdict."""

    asks: str
    goal: str
    value: str
    verdict: str


def judge(value: float | None, most: float | None = None, least: float | None = None) -> str:
    """Return the verdict on a value that may be `most` at most, or is to be `least` at least."""
    if value is None:
        return NOT_MEASURED
    too_much = most is not None and value > most
    too_little = least is not None and value < least
    return MISS if too_much or too_little else OK


def list_lines(tabs: Sequence[Measured]) -> list[Line]:
    """Return every aim for what one viewer sees.

    A sum of which a part was not measured is a lower bound: it can miss, and is never ok.
    """
    wide = [(tab, tab.wide) for tab in tabs if tab.wide]
    defaults = [(tab, seen) for tab, seen in wide if tab.is_default]
    phones = [(tab, tab.phone) for tab in tabs if tab.is_default and tab.phone]
    whole = not any(tab.trouble for tab in tabs)
    heights = [(seen.screenfuls, tab) for tab, seen in defaults]
    answers = [(seen.answer_top, tab) for tab, seen in defaults if seen.answer_top is not None]
    widths = [(seen.width, tab) for tab, seen in defaults]
    methods = sum(seen.method_lines for _, seen in wide)
    in_tabs = sum(seen.words for _, seen in wide)
    lines = [
        _extreme("height, the tallest default tab (screenfuls)", heights, most=MOST_SCREENFULS),
        _extreme("the answer begins, the lowest (px from the top)", answers, most=LOWEST_ANSWER),
        _extreme("width used, the narrowest default tab (px)", widths, least=LEAST_WIDTH),
        _sum("words, default tabs", sum(seen.words for _, seen in defaults), MOST_WORDS),
        _sum("words, all tabs", in_tabs, MOST_WORDS_IN_ALL_TABS),
        _extreme("charts, the most on one tab", _counts(wide, "charts"), most=MOST_CHARTS),
        _extreme(
            "source lines, the most on one tab",
            _counts(wide, "source_lines"),
            most=MOST_SOURCE_LINES,
        ),
        _sum("method lines, all tabs (an icon is none)", methods, MOST_METHOD_LINES),
        _filters("filters in sight, wide (screens)", defaults),
        _filters("filters in sight, phone (screens)", phones),
        _extreme(
            "phone, the longest default tab (px)",
            [(seen.height, tab) for tab, seen in phones],
            most=LONGEST_ON_A_PHONE,
        ),
    ]
    return lines if whole else [_weaken(line) for line in lines]


def _counts(
    pages: Iterable[tuple[Measured, PageFigures]], name: str
) -> list[tuple[float, Measured]]:
    return [(getattr(seen, name), tab) for tab, seen in pages]


def _extreme(
    asks: str,
    values: Sequence[tuple[float, Measured]],
    most: float | None = None,
    least: float | None = None,
) -> Line:
    """Return the line of the worst value, and where it is."""
    goal = f"≤ {most:,}" if most is not None else f"≥ {least:,}"
    if not values:
        return Line(asks, goal, "–", NOT_MEASURED)
    pick = max if most is not None else min
    worst, tab = pick(values, key=lambda pair: pair[0])
    where = f"{tab.screen}, {tab.tab}" if tab.tab else tab.screen
    return Line(asks, goal, f"{_format(worst)} ({where})", judge(worst, most, least))


def _sum(asks: str, value: float, most: float) -> Line:
    return Line(asks, f"≤ {most:,}", _format(value), judge(value, most))


def _filters(asks: str, pages: Iterable[tuple[Measured, PageFigures]]) -> Line:
    """Return of how many screens that have filters all of them are in sight."""
    having = [seen for _, seen in pages if seen.filters]
    if not having:
        return Line(asks, "all", "–", NOT_MEASURED)
    ready = sum(seen.filters_in_sight == seen.filters for seen in having)
    return Line(asks, "all", f"{ready} of {len(having)}", judge(ready, least=len(having)))


def _weaken(line: Line) -> Line:
    return Line(line.asks, line.goal, line.value, NOT_MEASURED) if line.verdict == OK else line


def list_misses(tab: Measured) -> list[str]:
    """Return the aims that this tab alone misses, in a word each."""
    wide, phone = tab.wide, tab.phone
    if wide is None or phone is None:
        return []
    verdicts = {
        "answer": judge(wide.answer_top, LOWEST_ANSWER),
        "width": judge(wide.width, least=LEAST_WIDTH),
        "charts": judge(wide.charts, MOST_CHARTS),
        "sources": judge(wide.source_lines, MOST_SOURCE_LINES),
        "methods": judge(wide.method_lines, MOST_METHOD_LINES),
        "filters": judge(wide.filters_in_sight, least=wide.filters),
        "phone filters": judge(phone.filters_in_sight, least=phone.filters),
    }
    if tab.is_default:
        verdicts["height"] = judge(wide.screenfuls, MOST_SCREENFULS)
        verdicts["phone"] = judge(phone.height, LONGEST_ON_A_PHONE)
    return [name for name, verdict in verdicts.items() if verdict == MISS]


def write_tables(viewer: str, tabs: Sequence[Measured]) -> str:
    """Return what one viewer sees as two Markdown tables: every tab, and the aims."""
    head = (
        "screen", "tab", "screenfuls", "answer at, px", "width, px", "words", "charts",
        "source lines", "method lines + icons", "filters in sight", "… phone", "phone, px",
        "misses",
    )  # fmt: skip
    rows = [_describe_tab(tab) for tab in tabs]
    aims = [(line.asks, line.goal, line.value, line.verdict) for line in list_lines(tabs)]
    return (
        f"## As {viewer}\n\n{build_table(head, rows)}\n\n"
        f"{build_table(('aim', 'goal', 'measured', 'verdict'), aims)}\n"
    )


def _describe_tab(tab: Measured) -> list[str]:
    wide, phone = tab.wide, tab.phone
    if wide is None:
        return [tab.screen, tab.tab, *["–"] * 10, tab.trouble]
    return [
        tab.screen,
        tab.tab,
        f"{wide.screenfuls:.1f}",
        _format(wide.answer_top),
        _format(wide.width),
        _format(wide.words),
        _format(wide.charts),
        _format(wide.source_lines),
        f"{wide.method_lines} + {wide.method_icons}",
        f"{wide.filters_in_sight} of {wide.filters}" if wide.filters else "–",
        f"{phone.filters_in_sight} of {phone.filters}" if phone and phone.filters else "–",
        _format(phone.height if phone else None),
        tab.trouble or ", ".join(list_misses(tab)) or OK,
    ]


def _format(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.1f}" if value != round(value) and value < 100 else f"{value:,.0f}"


def build_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
