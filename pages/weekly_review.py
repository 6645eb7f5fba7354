"""Weekly review: what happened last week and where, against what, and what waits?"""

import streamlit as st

from longevity.errors import LongevityError
from longevity.measures import rates
from longevity.measures.weekly import week
from longevity.measures.wording import plain
from longevity.press.chart import MEASURES
from longevity.press.documents import week_told, weekly
from longevity.press.figures import maps
from longevity.screen import filters, guard, paging, parts

visit = guard.enter("Weekly review")
guard.operational(visit)
city = filters.own_one_city(visit)
ends_iso = visit.settings.cities[city].week_ends_iso
first, through = week_told.days(visit.ask("cities").frame, city)
offered = week.offered(first, through, ends_iso) if first and through else []
try:
    week_ending = filters.week(offered) if offered else None
    with parts.until_made():
        told = visit.made(week_told.tell, visit, city, week_ending)
except LongevityError as error:
    parts.answer_sentence(str(error))
    st.stop()

parts.answer_sentence(told.headline)
parts.not_for_release(visit)
parts.cards((what, many, "") for what, many in told.figures)
st.markdown(plain(told.change))
filters.not_for_this_screen(
    {"period": "period", "measure": "measure"}, "the week, 28 days and the year so far"
)
about = told.lists[0].answer.provenance
parts.document(
    "Download this page as a PDF, one letter page",
    weekly.file_name(told, visit.synthetic),
    lambda: weekly.pdf(visit, told),
    about,
    "weekly.pdf",
)

st.subheader(told.comparisons.title)
st.caption(plain(told.comparisons.sentence))
compared = told.comparisons
parts.sheet(compared.frame, compared.frame, compared.answer, "weekly.compared")
with st.expander("Each comparison in full, with its interval"):
    parts.sentences(told.in_full)

shootings, *program = told.lists
paging.section(visit, shootings, "weekly.shootings")

st.subheader(told.places.title)
drawn, listed = st.columns(2)
with drawn:
    parts.boundary_badge(visit, city)
    if visit.has_boundaries(city):
        measure = told.counted[0]
        areas = rates.of_areas(told.month, measure, MEASURES[measure], 28, rates.COUNT)
        shades = maps.scale(list(areas["value"]), f"{MEASURES[measure]} in 28 days")
        picture = maps.areas(
            areas, visit.boundaries(city), visit.drawing(), shades, None, told.name, (320, 420)
        )
        parts.figure(picture.figure, picture.alt, "weekly.map")
        parts.colours(shades, set(areas["state"]))
with listed:
    parts.table(told.places.frame, told.places.answer, "weekly.places")

for one in program:
    if one.says_more:
        paging.section(visit, one, f"weekly.{one.name}")

st.subheader("How firm this is")
parts.sentences(told.notes)
