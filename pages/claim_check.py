"""Claim check: does what someone wants to say stand, and what is safe to say instead?"""

import streamlit as st

from longevity.screens import claim_check
from longevity.ui import claim_box, page_context, report_page

visit = page_context.enter_page("Claim check")
names, city = claim_check.build_evidence(visit).names, st.query_params.get("city")
boxes = claim_box.ClaimBoxes(names, *visit.find_span())
reading = boxes.ask_claim(city if city in names.cities else None)
answer = visit.compute(claim_check.answer_reading, reading)
if reading.form is not None or reading.text:
    claim_box.draw_verdict(answer, reading.text)
report_page.show_report(visit, claim_check.build(visit, reading.form, answer))
