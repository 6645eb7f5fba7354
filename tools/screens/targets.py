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
class TabFigures:
    """One tab of one screen, wide and on a phone; None where it was not measured, and why not.

    `words_again`: of the wide one's words, those that the screen's default tab shows too.
    """

    screen: str
    tab: str
    is_default: bool
    wide: PageFigures | None = None
    phone: PageFigures | None = None
    trouble: str = ""
    words_again: int = 0


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


def judge_all(tabs: Sequence[TabFigures]) -> list[Line]:
    """Return every aim for what one viewer sees.

    A sum of which a part was not measured is a lower bound: it can miss, and is never ok.
    """
    wide = [(tab, tab.wide) for tab in tabs if tab.wide]
    defaults = [(tab, page) for tab, page in wide if tab.is_default]
    phones = [(tab, tab.phone) for tab in tabs if tab.is_default and tab.phone]
    whole = not any(tab.trouble for tab in tabs)
    heights = [(page.screenfuls, tab) for tab, page in defaults]
    answers = [(page.answer_top, tab) for tab, page in defaults if page.answer_top is not None]
    widths = [(page.width, tab) for tab, page in defaults]
    methods = sum(page.method_lines for _, page in wide)
    in_tabs = sum(page.words for _, page in wide)
    lines = [
        _judge_worst("height, the tallest default tab (screenfuls)", heights, most=MOST_SCREENFULS),
        _judge_worst("the answer begins, the lowest (px down)", answers, most=LOWEST_ANSWER),
        _judge_worst("width used, the narrowest default tab (px)", widths, least=LEAST_WIDTH),
        _judge_sum("words, default tabs", sum(page.words for _, page in defaults), MOST_WORDS),
        _judge_sum("words, all tabs", in_tabs, MOST_WORDS_IN_ALL_TABS),
        _judge_sum(
            "… bar, headline, tabs and sources counted once a screen",
            in_tabs - sum(tab.words_again for tab, _ in wide),
            MOST_WORDS_IN_ALL_TABS,
        ),
        _judge_worst("charts, the most on one tab", _list_values(wide, "charts"), most=MOST_CHARTS),
        _judge_worst(
            "source lines, the most on one tab",
            _list_values(wide, "source_lines"),
            most=MOST_SOURCE_LINES,
        ),
        _judge_sum("method lines, all tabs (an icon is none)", methods, MOST_METHOD_LINES),
        _judge_filters("filters in sight, wide (screens)", defaults),
        _judge_filters("filters in sight, phone (screens)", phones),
        _judge_worst(
            "phone, the longest default tab (px)",
            [(page.height, tab) for tab, page in phones],
            most=LONGEST_ON_A_PHONE,
        ),
    ]
    return lines if whole else [_weaken(line) for line in lines]


def _list_values(
    pages: Iterable[tuple[TabFigures, PageFigures]], name: str
) -> list[tuple[float, TabFigures]]:
    return [(getattr(page, name), tab) for tab, page in pages]


def _judge_worst(
    asks: str,
    values: Sequence[tuple[float, TabFigures]],
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
    return Line(asks, goal, f"{_format_number(worst)} ({where})", judge(worst, most, least))


def _judge_sum(asks: str, value: float, most: float) -> Line:
    return Line(asks, f"≤ {most:,}", _format_number(value), judge(value, most))


def _judge_filters(asks: str, pages: Iterable[tuple[TabFigures, PageFigures]]) -> Line:
    """Return of how many screens that have filters all of them are in sight."""
    having = [page for _, page in pages if page.filters]
    if not having:
        return Line(asks, "all", "–", NOT_MEASURED)
    ready = sum(page.filters_in_sight == page.filters for page in having)
    return Line(asks, "all", f"{ready} of {len(having)}", judge(ready, least=len(having)))


def _weaken(line: Line) -> Line:
    return Line(line.asks, line.goal, line.value, NOT_MEASURED) if line.verdict == OK else line


def list_misses(tab: TabFigures) -> list[str]:
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


def write_tables(viewer: str, tabs: Sequence[TabFigures]) -> str:
    """Return what one viewer sees as two Markdown tables: every tab, and the aims."""
    head = (
        "screen", "tab", "screenfuls", "answer at, px", "width, px", "words", "charts",
        "source lines", "method lines + icons", "filters in sight", "… phone", "phone, px",
        "misses",
    )  # fmt: skip
    rows = [_describe_tab(tab) for tab in tabs]
    aims = [(line.asks, line.goal, line.value, line.verdict) for line in judge_all(tabs)]
    return (
        f"## As {viewer}\n\n{build_table(head, rows)}\n\n"
        f"{build_table(('aim', 'goal', 'measured', 'verdict'), aims)}\n"
    )


def _describe_tab(tab: TabFigures) -> list[str]:
    wide, phone = tab.wide, tab.phone
    if wide is None:
        return [tab.screen, tab.tab, *["–"] * 10, tab.trouble]
    return [
        tab.screen,
        tab.tab,
        f"{wide.screenfuls:.1f}",
        _format_number(wide.answer_top),
        _format_number(wide.width),
        _format_number(wide.words),
        _format_number(wide.charts),
        _format_number(wide.source_lines),
        f"{wide.method_lines} + {wide.method_icons}",
        f"{wide.filters_in_sight} of {wide.filters}" if wide.filters else "–",
        f"{phone.filters_in_sight} of {phone.filters}" if phone and phone.filters else "–",
        _format_number(phone.height if phone else None),
        tab.trouble or ", ".join(list_misses(tab)) or OK,
    ]


def _format_number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.1f}" if value != round(value) and value < 100 else f"{value:,.0f}"


def build_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
