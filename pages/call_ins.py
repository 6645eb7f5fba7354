"""Call-ins: whom did the program reach, who came, what followed, and who is to be told next?"""

import streamlit as st

from longevity.reports import call_ins
from longevity.ui import filters, page_context, report_page

visit = page_context.enter("Call-ins")
if visit.viewer.named_scope is None:
    report_page.show(visit, call_ins.build_public(visit))
    st.stop()
page_context.operational(visit)
report_page.show(visit, call_ins.CallIns(visit, *filters.own_city(visit)).build())
