"""The title a chart leaves under: one of those it offers, each computed of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from longevity.errors import UsageError
from longevity.screens.chart_catalogue.definition import FINDING, Drawn


@dataclass(frozen=True)
class Title:
    """The title used, and its kind: one of `definition.KINDS`."""

    text: str
    kind: str = FINDING


def choose_title(drawn: Drawn, kind: str = FINDING) -> Title:
    """Return the title of this kind; UsageError names one that the chart does not offer."""
    offered = drawn.titles
    if kind not in offered:
        raise UsageError(
            f"'{drawn.entry.name}' offers no title '{kind}'.", f"It offers {', '.join(offered)}."
        )
    return Title(offered[kind], kind)
