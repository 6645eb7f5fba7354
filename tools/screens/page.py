"""What is in sight on one page, and the figures of it that have an aim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

READ = Path(__file__).with_name("read_page.js").read_text(encoding="utf-8")
LETTERS = re.compile(r"[^\W_]")
SOURCE = re.compile(r"(SYNTHETIC [^.]*\. )?Sources?: ")
METHOD = re.compile(r"how this is computed|\bmethod\b|ⓘ", re.IGNORECASE)
METHOD_ICONS = {"info", "help"}
AN_ICON = 120  # pixels; a wider opener of a method stands as a line of its own
# Select boxes that choose for one card or for the whole visit, not for the screen.
NO_FILTERS = re.compile(r"View as|Published figure|Show \w")


@dataclass(frozen=True)
class PageFigures:
    """The figures of one page at one width; pixels where no unit is said.

    `answer_top` is None on a page without an answer; `filters_in_sight` counts of `filters`.
    """

    height: float
    window: float
    answer_top: float | None
    width: float
    words: int
    charts: int
    source_lines: int
    method_lines: int
    method_icons: int
    filters_in_sight: int
    filters: int

    @property
    def screenfuls(self) -> float:
        """The page's height in heights of the window."""
        return self.height / self.window


def read_page(page: Page) -> tuple[PageFigures, list[str]]:
    """Return the figures of the page as it is, and its texts in reading order."""
    answer = page.evaluate(READ)
    texts = [" ".join(words.split()) for words in answer["texts"]]
    openers = [one for one in answer["openers"] if is_method(one["label"], one["icons"])]
    filters = _list_filters(answer["filters"])
    figures = PageFigures(
        height=answer["height"],
        window=answer["window"],
        answer_top=answer["answerTop"],
        width=answer["right"] - answer["left"],
        words=sum(count_words(text) for text in texts),
        charts=answer["charts"],
        source_lines=sum(is_source(text) for text in texts),
        method_lines=sum(one["width"] > AN_ICON for one in openers),
        method_icons=sum(one["width"] <= AN_ICON for one in openers),
        filters_in_sight=sum(filters),
        filters=len(filters),
    )
    return figures, texts


def _list_filters(boxes: Sequence[dict[str, Any]]) -> list[bool]:
    """Return whether each filter is in sight; where they are folded, the fold is the one filter."""
    folded: list[bool] = [one["inSight"] for one in boxes if one["folded"]]
    single: list[bool] = [
        one["inSight"] for one in boxes if not one["folded"] and not NO_FILTERS.match(one["label"])
    ]
    return folded if any(folded) and not any(single) else single


def count_words(text: str) -> int:
    """Return how many words: what stands between spaces and has a letter or a digit."""
    return sum(LETTERS.search(word) is not None for word in text.split())


def is_source(text: str) -> bool:
    """Say whether a block of words is a source line."""
    return SOURCE.match(text) is not None


def is_method(label: str, icons: Sequence[str]) -> bool:
    """Say whether what opens a fold or a bubble opens a method: by its words, else its icon."""
    return METHOD.search(label) is not None or (not label and not METHOD_ICONS.isdisjoint(icons))
