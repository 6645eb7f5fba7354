"""The frame over every screen: the bar of one line, and the row of filters under it.

A page opens both as it enters; what is chosen or marked later is put in them.
"""

from __future__ import annotations

from contextvars import ContextVar

import streamlit as st

from longevity.ui.streamlit_internals import DeltaGenerator

_bar: ContextVar[DeltaGenerator] = ContextVar("the bar of this run")
_filters: ContextVar[DeltaGenerator] = ContextVar("the row of filters of this run")


def open_bar() -> DeltaGenerator:
    """Put the bar where the page is now, and return it."""
    _bar.set(st.container(key="longevity-bar", horizontal=True, vertical_alignment="center"))
    return find_bar()


def open_filters() -> None:
    """Put the row of filters where the page is now."""
    _filters.set(st.container(key="longevity-filters", horizontal=True))


def find_bar() -> DeltaGenerator:
    """Return the bar of this run."""
    return _bar.get()


def find_filters() -> DeltaGenerator:
    """Return the row of filters of this run."""
    return _filters.get()
