"""Weekly review: what happened last week and where, against what, and what waits?"""

import streamlit as st

from longevity.charts.chart import MEASURES
from longevity.charts.figures import maps
from longevity.errors import LongevityError
from longevity.outputs.documents import week_sections, weekly
from longevity.stats import rates
from longevity.text.rates import add_hover_text
from longevity.text.weekly import week
from longevity.text.wording import escape_markdown
from longevity.ui import components, filters, page_context, paging

visit = page_context.enter("Weekly review")
page_context.operational(visit)
city = filters.own_one_city(visit)
ends_iso = visit.settings.cities[city].week_ends_iso
first, through = week_sections.days(visit.ask("cities").frame, city)
offered = week.list_week_ends(first, through, ends_iso) if first and through else []
try:
    week_ending = filters.week(offered) if offered else None
    with components.until_made():
        told = visit.compute(week_sections.tell, visit, city, week_ending)
except LongevityError as error:
    components.answer_sentence(str(error))
    st.stop()

components.answer_sentence(told.headline)
components.not_for_release(visit)
components.cards((what, many, "") for what, many in told.figures)
st.markdown(escape_markdown(told.change))
filters.not_for_this_screen(
    {"period": "period", "measure": "measure"}, "the week, 28 days and the year so far"
)
about = told.lists[0].answer.provenance
components.document(
    "Download this page as a PDF, one letter page",
    weekly.file_name(told, visit.synthetic),
    lambda: weekly.pdf(visit, told),
    about,
    "weekly.pdf",
)

st.subheader(told.comparisons.title)
st.caption(escape_markdown(told.comparisons.sentence))
compared = told.comparisons
components.sheet(compared.frame, compared.frame, compared.answer, "weekly.compared")
with st.expander("Each comparison in full, with its interval"):
    components.sentences(told.in_full)

shootings, *program = told.lists
paging.section(visit, shootings, "weekly.shootings")

st.subheader(told.places.title)
drawn, listed = st.columns(2)
with drawn:
    components.boundary_badge(visit, city)
    if visit.has_boundaries(city):
        measure = told.counted[0]
        areas = rates.compute_area_values(told.month, measure, 28)
        areas = add_hover_text(areas, measure, MEASURES[measure], 28)
        shades = maps.scale(list(areas["value"]), f"{MEASURES[measure]} in 28 days")
        picture = maps.areas(
            areas,
            visit.read_boundaries(city),
            visit.make_drawing(),
            shades,
            None,
            told.name,
            (320, 420),
        )
        components.figure(picture.figure, picture.alt, "weekly.map")
        components.colours(shades, set(areas["state"]))
with listed:
    components.table(told.places.frame, told.places.answer, "weekly.places")

for one in program:
    if one.says_more:
        paging.section(visit, one, f"weekly.{one.name}")

st.subheader("How firm this is")
components.sentences(told.notes)
