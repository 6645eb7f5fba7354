"""Draw all public files of a release ahead, when it is published: the charts and the briefing."""

from __future__ import annotations

from longevity.base.errors import DataError
from longevity.base.progress import Progress
from longevity.outputs import bundle
from longevity.outputs.browser import DrawingFailedError
from longevity.outputs.bundle import kept, picture
from longevity.outputs.documents import briefing_file
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext


def draw_public_files(context: ReportContext, progress: Progress) -> None:
    """Draw and sign every public chart in every format, and the briefing, into the cache (`kept`).

    Charts have the choices that they open on. NoBrowserError where no Chromium starts; what cannot
    be drawn is left out, and `progress` says so.
    """
    context, settings = context.as_public(), context.settings
    progress("Drawing the charts for the public.")
    for entry in chart_list.list_public(settings):
        try:
            chart = entry.draw(context)
        except DataError:
            continue  # the screen says why to those who pick it
        try:
            bundle.make_bundle(chart, settings)
            picture.draw_preview(chart, settings)
            picture.draw_tile(chart, settings)
        except DrawingFailedError as error:
            progress(f"{entry.name}: {error}")
    try:
        for kind in briefing_file.KINDS:
            briefing_file.make_briefing(context, kind)
    except (DataError, DrawingFailedError) as error:  # without shootings there is none
        progress(f"The briefing: {error}")
    kept.drop_others(settings, context.warehouse.release.id)
