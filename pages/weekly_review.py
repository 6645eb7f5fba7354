"""This week: what happened last week and where, against what, and what waits?"""

import streamlit as st

from longevity.errors import LongevityError
from longevity.outputs.documents import weekly
from longevity.reports import week_sections
from longevity.reports.this_week import ThisWeek
from longevity.text.weekly import week
from longevity.ui import components, filters, page_context, report_page

visit = page_context.enter("This week")
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
report_page.show(
    visit,
    ThisWeek(visit, told).build(),
    lambda: components.document(
        "1-page PDF",
        weekly.file_name(told, visit.synthetic),
        lambda: weekly.pdf(visit, told),
        told.lists[0].answer.provenance,
        "weekly.pdf",
    ),
)
