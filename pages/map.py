"""Map: where were people shot, and has an area changed by more than chance?"""

import streamlit as st

from longevity.ui import components, filters, map_page, page_context, report_page

visit = page_context.enter_page("Map")
city = filters.choose_city(visit)
period = filters.choose_period(visit, city)
measure = filters.choose_measure(visit, city)
head = st.container(key="longevity-answer")
screen = map_page.MapPage(visit, city, period, measure)
area = screen.choose_area()
if screen.is_outside():
    with head:
        components.write_answer(screen.say_not_covered())
    components.draw_footer(visit, [screen.located.provenance])
    st.stop()
for tab, place in report_page.open_tabs("map", screen.list_tabs(area)):
    with head:
        components.write_answer(tab.find_answer())
    with place:
        tab.build()
