"""Word a chart's title as it leaves: the computed one, or as a city or the state words it."""

from __future__ import annotations

from longevity.auth.viewers import Viewer, ViewerKind
from longevity.errors import AccessError
from longevity.reports.chart_catalogue.definition import Drawn
from longevity.settings import Settings
from longevity.text import edited_titles
from longevity.text.edited_titles import Title

NOT_THE_PUBLIC = "Only the state or a city that is signed in may word a chart's title another way."


def can_edit(viewer: Viewer) -> bool:
    """Return whether this viewer may word a title: a city or the state, nobody else."""
    return viewer.kind is not ViewerKind.PUBLIC


def word_title(drawn: Drawn, settings: Settings, edit: str, editor: Viewer) -> Title:
    """Return the chart's title for what `editor` wrote; AccessError where that is the public.

    An edit that says something else than the computed title leaves that in its place.
    """
    title = edited_titles.choose_title(drawn.chart.title, edit, _list_names(drawn, settings))
    if title.warnings and not can_edit(editor):
        raise AccessError(NOT_THE_PUBLIC, "Take the chart under its computed title, or sign in.")
    return title


def _list_names(drawn: Drawn, settings: Settings) -> list[str]:
    """List the names a title may speak of: all cities, and what the rows name."""
    table = drawn.chart.table
    names = {
        str(value)
        for column in table.columns
        for value in table[column].dropna().unique()
        if isinstance(value, str) and value[:1].isupper()
    }
    return [city.name for city in settings.cities.values()] + sorted(names)
