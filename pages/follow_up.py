"""Follow-up: did groups stop, was each shooting answered, were those who stopped left alone?"""

import streamlit as st

from longevity.screens import follow_up
from longevity.ui import filters, page_context, report_page

visit = page_context.enter_page("Follow-up")
if visit.viewer.named_scope is None:
    report_page.show_report(visit, follow_up.build_public(visit))
    st.stop()
page_context.stop_public_viewers(visit)
report = follow_up.build(visit, *filters.choose_own_city(visit))
report_page.show_report(visit, report)
