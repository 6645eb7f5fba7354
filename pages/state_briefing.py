"""State briefing: up or down, more than chance, where; the state's share, money, reach."""

import streamlit as st

from longevity.measures.wording import plain
from longevity.press.documents import briefing
from longevity.screen import documents, filters, guard, parts

visit = guard.enter("State briefing")
measure = filters.measure(visit)
if visit.ask("year_to_date_by_city").provenance.data_through is None:
    parts.nothing("incidents and victims")
with parts.until_made():
    told = visit.made(briefing.briefing, visit, measure)

parts.answer_sentence(told.answer)
filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city, and this year so far"
)
parts.silence(told.silent)
parts.cards(told.cards)
documents.briefing(visit, measure)
parts.on_this_screen([section.heading for section in told.sections])

for section in told.sections:
    st.subheader(section.heading)
    if section.not_for_release:
        parts.not_for_release(visit)
    parts.sentences(section.sentences)
    for note in section.notes:
        st.caption(plain(note))
    if section.drawn:
        drawn = section.drawn
        parts.chart(drawn.chart, drawn.answers[0], f"briefing.{section.key}")
        parts.to_press(drawn.entry.name, drawn.values)
    for table in section.beside:
        key = f"briefing.{section.key}.{table.key}"
        parts.titled_table(table.title, table.frame, table.answer, key, table.folded)
