"""Map: where were people shot, and has an area changed by more than chance?"""

import streamlit as st

from longevity.ui import components, filters, map_page, page_context, report_page

visit = page_context.enter("Map")
city = filters.city(visit)
period = filters.period(visit, city)
measure = filters.measure(visit, city)
screen = map_page.MapPage(visit, city, period, measure)
with st.container(key="longevity-answer"):
    components.answer_sentence(screen.answer())
area = screen.choose_area()
if screen.is_outside():
    components.footer(screen.context, [screen.located.provenance])
    st.stop()
for tab, place in report_page.open_tabs("neighbourhoods", screen.tabs(area)):
    with place:
        tab.build()
