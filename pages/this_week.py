"""This week: what happened last week and where, against what, and what waits?"""

import streamlit as st

from longevity.errors import LongevityError
from longevity.outputs.documents import document_files
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.pages import build_pages
from longevity.screens import this_week
from longevity.ui import components, download_log, filters, page_context, report_page

visit = page_context.enter_page("This week")
page_context.stop_public_viewers(visit)
city = filters.choose_one_own_city(visit)
offered = this_week.list_week_ends(visit, city)
try:
    chosen = this_week.choose_week(visit, city, filters.choose_week(offered) if offered else None)
    report = this_week.build(visit, city, chosen)
except LongevityError as error:
    components.write_answer(str(error))
    st.stop()
screen = this_week.ThisWeek(visit, city, chosen)
name = f"weekly-{city}-{chosen.ending.isoformat()}.pdf"
report_page.show_report(
    visit,
    report,
    lambda: download_log.offer_file(
        "1-page PDF",
        document_files.mark_name(name, public=False, synthetic=visit.synthetic),
        screen.listed.provenance,
        lambda: build_pages(Document(visit, report, screen.name, chosen.ending)),
        "weekly.pdf",
        icon=":material/picture_as_pdf:",
    ),
)
