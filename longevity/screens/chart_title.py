"""The title that a chart is exported with: one of those that it offers."""

from __future__ import annotations

from dataclasses import dataclass

from longevity.base.errors import UsageError
from longevity.screens.chart_catalogue.definition import FINDING, Drawn


@dataclass(frozen=True)
class Title:
    """The title used, and its kind: one of `definition.KINDS`."""

    text: str
    kind: str = FINDING


def choose_title(drawn: Drawn, kind: str = FINDING) -> Title:
    """Return the chart's title of a kind; UsageError for a kind that it does not offer."""
    offered = drawn.titles
    if kind not in offered:
        raise UsageError(
            f"'{drawn.entry.name}' offers no title '{kind}'.", f"It offers {', '.join(offered)}."
        )
    return Title(offered[kind], kind)
