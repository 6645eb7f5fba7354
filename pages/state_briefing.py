"""State briefing: up or down, more than chance, where; the state's share, money, reach."""

import streamlit as st

from longevity.outputs.documents import briefing
from longevity.text.wording import escape_markdown
from longevity.ui import components, documents, filters, page_context

visit = page_context.enter("State briefing")
measure = filters.measure(visit)
if visit.ask("year_to_date_by_city").provenance.data_through is None:
    components.nothing("incidents and victims")
with components.until_made():
    told = visit.compute(briefing.briefing, visit, measure)

components.answer_sentence(told.answer)
filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city, and this year so far"
)
components.silence(told.silent)
components.cards(told.cards)
documents.briefing(visit, measure)
components.on_this_screen([section.heading for section in told.sections])

for section in told.sections:
    st.subheader(section.heading)
    if section.not_for_release:
        components.not_for_release(visit)
    components.sentences(section.sentences)
    for note in section.notes:
        st.caption(escape_markdown(note))
    if section.drawn:
        drawn = section.drawn
        components.chart(drawn.chart, drawn.answers[0], f"briefing.{section.key}")
        components.to_press(drawn.entry.name, drawn.values)
    for table in section.beside:
        key = f"briefing.{section.key}.{table.key}"
        components.titled_table(table.title, table.frame, table.answer, key, table.folded)
