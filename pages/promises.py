"""Follow-up: did groups stop, was each shooting answered, were those who stopped left alone?"""

import streamlit as st

from longevity.reports import follow_up
from longevity.ui import filters, page_context, report_page

visit = page_context.enter("Follow-up")
if visit.viewer.named_scope is None:
    report_page.show(visit, follow_up.build_public(visit))
    st.stop()
page_context.operational(visit)
report_page.show(visit, follow_up.FollowUp(visit, *filters.own_city(visit)).build())
