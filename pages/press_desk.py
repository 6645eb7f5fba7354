"""Press desk: one correct, sourced chart to take along, as anybody may see it."""

import streamlit as st

from longevity.errors import DataError
from longevity.measures.wording import escape_markdown
from longevity.ui import (
    chart_export,
    components,
    expanders,
    file_check,
    gallery,
    page_context,
)

HEIGHT = 410  # pixels: about that of a picture

visit = page_context.enter_page("Press desk")
# What leaves the building is public, whoever is signed in.
context = visit.as_public()
components.write_answer("Pick a chart, see the exact picture, take its files.")
file_check.show_file_check(context)
choices, picture = st.columns([1, 2], gap="medium")
drawn = None
with choices:
    entry = chart_export.pick_chart(visit.settings)
    if entry.why_not_public:
        st.warning(
            escape_markdown(f"This chart stays inside. {entry.why_not_public}"),
            icon=":material/lock:",
        )
    else:
        values = chart_export.pick_values(entry, context)
        try:
            drawn = context.draw(entry.name, values)
        except DataError as error:
            st.info(escape_markdown(str(error)))
if drawn:
    with picture:
        title = chart_export.pick_title(drawn, visit)
        pressed = chart_export.Pressed(visit.settings, drawn, title, visit.viewer)
        place = st.empty()
        with place.container():
            st.skeleton(height=HEIGHT)
        with st.container(horizontal=True, vertical_alignment="center"):
            chart_export.offer_bundle(pressed)
            with st.container(key="tools.press.rows", width="content"):
                expanders.offer_method(
                    drawn.chart.name, drawn.chart.table, drawn.about, "press.rows"
                )
        chart_export.offer_files(pressed)
        components.write_sentences(drawn.chart.sentences)
with choices:
    gallery.show_gallery(entry, context)
if drawn:
    components.draw_footer(context, [drawn.about])
    with place.container():
        chart_export.show_preview(pressed, context)
gallery.show_tiles(context)
