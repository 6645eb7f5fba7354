"""Press desk: one correct, sourced chart to take along, as anybody may see it."""

import streamlit as st

from longevity.errors import DataError
from longevity.measures.wording import escape_markdown
from longevity.ui import components, file_check, filters, page_context, press_desk

visit = page_context.enter_page("Press desk")
# What leaves the building is public, whoever is signed in.
context = visit.as_public()
components.write_answer("Pick a chart, see the exact picture, take its files.")
file_check.show_file_check(context)
choices, taken = st.columns([1, 2], gap="medium")
with choices:
    entry = press_desk.pick_chart(visit.settings)
    values = press_desk.pick_values(entry, context)
    press_desk.show_gallery(entry, context)
with taken:
    try:
        drawn = context.draw(entry.name, values)
    except DataError as error:
        st.info(escape_markdown(str(error)))
        st.stop()
    title = filters.choose_option("Title", "title", drawn.titles, aside=False)
    pressed = press_desk.Pressed(visit.settings, drawn, title)
    press_desk.show_preview(pressed, context)
    press_desk.offer_bundle(pressed)
    press_desk.offer_files(pressed)
    components.write_sentences(drawn.chart.sentences)
    chart, about = drawn.chart, drawn.about
    components.draw_tools(chart.name, chart.table, about, "press.rows")
components.draw_footer(context, [about])
press_desk.show_tiles(context)
