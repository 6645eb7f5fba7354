"""Lists that may be long: a page of them on the screen, all of them in a file that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from longevity.text import list_pages, wording
from longevity.ui import filters
from longevity.ui.page_context import PageContext
from longevity.warehouse.catalogue import PAGE
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer

PAGES_OFFERED = 100
Make = Callable[..., pd.DataFrame]


def ask_page(context: PageContext, query: str, what: str, order: str, **asked: Any) -> Answer:
    """Ask for a page of a list, chosen where there are several; say which and of how many.

    `what`: what its rows are, in the plural, and the choice's name in the link. `order`: which
    come first. A list that fits is shown whole, and nothing is said.
    """
    first = context.ask(query, **asked)
    many, rows = list_pages.count_all_rows(first.frame), first.provenance.parameters["rows"]
    if many <= rows:
        return first
    names = list_pages.label_pages(many, rows, PAGES_OFFERED)
    key = what.replace(" ", "-")
    chosen = filters.choose_option(f"Show {what}", key, names, aside=False)
    offered = len(names) * rows
    reached = "" if offered >= many else f" The first {offered:,} can be chosen here."
    st.caption(
        f"{names[chosen]} of {wording.format_number(many)} {what}, {order}.{reached} "
        "The CSV behind the list holds all of them."
    )
    return first if chosen == "1" else context.ask(query, **asked, page=int(chosen))


def build_whole_list_reader(
    context: PageContext, answer: Answer, make: Make, *given: Any
) -> Callable[[], tuple[pd.DataFrame, Provenance]] | None:
    """Return what reads all rows of a list that `answer` is a page of; None where it has all.

    They are asked for when a reader wants the file, as who reads now, and are not kept.
    """
    about = answer.provenance
    if list_pages.count_all_rows(answer.frame) <= len(answer.frame):
        return None
    query = about.query.removesuffix(PAGE)
    known = context.warehouse.find_query(query).parameters
    asked = {name: value for name, value in about.parameters.items() if name in known}

    def read_every_row() -> tuple[pd.DataFrame, Provenance]:
        whole = context.warehouse.run(query, asked, context.viewer, cache=False)
        return make(whole.frame, *given), whole.provenance

    return read_every_row
