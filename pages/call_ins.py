"""Call-ins: whom did the program reach, who came, what followed, and who is to be told next?"""

import streamlit as st

from longevity.screens import call_ins
from longevity.ui import filters, page_context, report_page

visit = page_context.enter_page("Call-ins")
if visit.viewer.named_scope is None:
    report_page.show_report(visit, call_ins.build_public(visit))
    st.stop()
page_context.stop_public_viewers(visit)
report = call_ins.build(visit, *filters.choose_own_city(visit))
report_page.show_report(visit, report)
