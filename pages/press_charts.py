"""Press desk: one correct, sourced chart to take along, as anybody may see it."""

import streamlit as st

from longevity.errors import DataError
from longevity.text.wording import escape_markdown
from longevity.ui import (
    chart_export,
    components,
    expanders,
    file_check,
    filters,
    gallery,
    page_context,
)

visit = page_context.enter("Press desk")
# What leaves the building is public, whoever is signed in.
context = visit.as_public()
components.answer_sentence("Pick a chart, see the exact picture, take its files.")
file_check.show(context)
choices, picture = st.columns([1, 2], gap="medium")
drawn = None
with choices:
    entry = chart_export.pick()
    if entry.why_not_public:
        st.warning(
            escape_markdown(f"This chart stays inside. {entry.why_not_public}"),
            icon=":material/lock:",
        )
    else:
        values = chart_export.values_of(entry, context)
        try:
            drawn = context.compute(entry.draw, context, values)
        except DataError as error:
            st.info(escape_markdown(str(error)))
    if drawn:
        size = filters.tabs("Size", "size", chart_export.SIZES)
if drawn:
    with picture:
        title = chart_export.pick_title(drawn, visit)
        pressed = chart_export.Pressed(visit.settings, drawn, title, visit.viewer)
        preview = chart_export.begin_preview(pressed, size)
        with st.container(horizontal=True, vertical_alignment="center"):
            chart_export.download_all(pressed)
            with st.container(key="tools.press.rows", width="content"):
                expanders.method(drawn.chart.name, drawn.chart.table, drawn.about, "press.rows")
        chart_export.downloads(pressed, size, preview.can_be_drawn())
        components.sentences(drawn.chart.sentences)
with choices:
    gallery.show(entry, context)
if drawn:
    components.footer(context, [drawn.about])
    preview.show()
