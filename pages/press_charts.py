"""Press charts: one correct, sourced chart to take along, as anybody may see it."""

import streamlit as st

from longevity.errors import DataError
from longevity.measures.wording import plain
from longevity.screen import filters, folds, guard, parts, pressing

visit = guard.enter("Press charts")
# What leaves the building is public, whoever is signed in.
desk = visit.public()
parts.answer_sentence("Pick a chart, see the exact picture, take its files.")
st.caption(
    "Every chart here is computed as anybody may see it, whoever is signed in. Each file carries "
    "its source and a signature: the command “verify” tells later whether it was changed."
)
entry = pressing.pick()
if entry.why_not_public:
    st.warning(plain(f"This chart stays inside. {entry.why_not_public}"), icon=":material/lock:")
pressing.tiles(entry, visit)
if entry.why_not_public:
    st.stop()

st.subheader(plain(entry.title))
values = pressing.values_of(entry, desk)
try:
    drawn = desk.made(entry.draw, desk, values)
except DataError as error:
    st.info(plain(str(error)))
    st.stop()
title = pressing.settle_title(drawn, visit)
pressed = pressing.Pressed(visit.settings, drawn, title, visit.viewer)
size = filters.tabs("Size", "size", pressing.SIZES)
pictured = pressing.preview(pressed, size)
pressing.downloads(pressed, size, pictured)
parts.sentences(drawn.chart.said)
parts.footer(drawn.about)
folds.details(drawn.chart.name, drawn.chart.table, drawn.about, "press.rows")
