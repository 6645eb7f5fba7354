"""What the screens' measuring makes of what it read: words, verdicts, where an answer ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.screens.page import PageFigures, count_words, is_method, is_source
from tools.screens.targets import (
    MISS,
    NOT_MEASURED,
    OK,
    TabFigures,
    judge,
    judge_all,
    list_misses,
    write_tables,
)

GOOD = PageFigures(
    height=2250,
    window=900,
    answer_top=190,
    width=1120,
    words=300,
    charts=4,
    source_lines=1,
    method_lines=0,
    method_icons=5,
    filters_in_sight=1,
    filters=1,
)
ON_A_PHONE = replace(GOOD, height=4500, window=844)


def tab(name: str = "", is_default: bool = True, **changes: float) -> TabFigures:
    return TabFigures("Evidence", name, is_default, replace(GOOD, **changes), ON_A_PHONE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("People shot down 17% in the three cities", 8),
        ("−58 on 333 in 2025 (−17%)", 6),  # the sign of percent alone is no word
        ("– no clear change · day 66 of 90", 7),
    ],
)
def test_words_have_a_letter_or_a_digit(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("value", "most", "least", "verdict"),
    [
        (2.5, 2.5, None, OK),
        (2.51, 2.5, None, MISS),
        (1120, None, 1120, OK),
        (1119, None, 1120, MISS),
        (None, 4, None, NOT_MEASURED),
        (0, 0, None, OK),
    ],
)
def test_a_goal_is_met_at_its_edge(
    value: float | None, most: float | None, least: float | None, verdict: str
) -> None:
    assert judge(value, most, least) == verdict


def test_what_meets_every_goal_misses_nothing() -> None:
    assert list_misses(tab()) == []
    assert {line.verdict for line in judge_all([tab()])} == {OK}


def test_each_line_names_the_worst_and_where_it_is() -> None:
    tabs = [tab(), tab("Checks", is_default=False, charts=6, height=9000, words=4800)]
    lines = {line.asks.partition(",")[0]: line for line in judge_all(tabs)}
    assert (lines["charts"].value, lines["charts"].verdict) == ("6 (Evidence, Checks)", MISS)
    # A tab that is not the default one may be tall.
    assert (lines["height"].value, lines["height"].verdict) == ("2.5 (Evidence)", OK)
    words = [line for line in judge_all(tabs) if line.asks.startswith("words")]
    assert [line.value for line in words] == ["300", "5,100"]


def test_a_lower_bound_can_miss_and_is_never_met() -> None:
    late = TabFigures("Map", "", True, trouble="not measured: out of time")
    verdicts = {line.asks: line.verdict for line in judge_all([tab(charts=5), late])}
    assert verdicts.pop("charts, the most on one tab") == MISS
    assert set(verdicts.values()) == {NOT_MEASURED}
    assert "out of time" in write_tables("state", [late])


def test_source_and_method_lines_are_known_by_their_words() -> None:
    assert is_source("Source: Project Longevity, incidents of Hartford.")
    assert is_source("SYNTHETIC demonstration data, no real events. Source: Project Longevity.")
    assert not is_source("Sources disagree about New Haven, 2012.")
    assert not is_source("What it says. Source: a news report.")
    assert is_method("Table, CSV and how this is computed", ["keyboard_arrow_right"])
    assert is_method("Data and method", [])
    assert is_method("", ["info", "expand_more"])
    assert not is_method("", ["download"])
    assert not is_method("Each comparison in full", [])


def test_what_stands_on_every_tab_is_counted_once_beside_the_sum_of_all() -> None:
    other = replace(tab("Rates", is_default=False), words_again=60)
    by_aim = {line.asks: line.value for line in judge_all([tab(), other])}
    both = 2 * GOOD.words
    assert by_aim["words, all tabs"] == f"{both:,}"
    once = by_aim["… bar, headline, tabs and sources counted once a screen"]
    assert once == f"{both - 60:,}"
