"""Sources: what this is made from, how far it goes, what is wrong with it."""

import streamlit as st

from longevity.screens import data_sources
from longevity.ui import components, page_context, report_page

visit = page_context.enter_page("Sources")
report = visit.keep_report(data_sources.build)
report_page.show_report(visit, report)
if st.session_state[report_page.TAB] == report.tabs[0].key:
    components.show_download_log(visit)
