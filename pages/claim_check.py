"""Claim check: does what someone wants to say stand, and what is safe to say instead?"""

import streamlit as st

from longevity.claims import render
from longevity.measures.wording import escape_markdown
from longevity.screens import claim_check
from longevity.ui import claim_box, components, page_context

visit = page_context.enter_page("Claim check")
names = claim_check.read_names(visit)
examples = visit.compute(claim_check.list_examples)
asked = st.query_params.get("city")

boxes = claim_box.ClaimBoxes(names, *visit.find_span())
said = boxes.ask_claim(examples, asked if asked in names.cities else None)
judged = visit.compute(claim_check.answer_reading, said)
source = claim_check.ask_source(visit, said.form, judged)
if render.INSIDE in judged.remarks:
    components.mark_not_for_release()
if said.form is not None or said.marked:
    claim_box.draw_verdict(judged, said.marked)
components.write_answer(judged.why or claim_box.NOTHING_YET)
for error in judged.errors:
    st.warning(escape_markdown(error))
if judged.reading and said.marked:
    st.markdown(escape_markdown(judged.reading))
if judged.safe:
    st.markdown("**Safe to say**")
    st.code(judged.safe, language=None, wrap_lines=True)
if len(judged.figures):
    st.markdown("**The figures**")
    components.draw_sourced_table(visit, judged.figures, source, "claim.figures")
else:
    components.draw_footer(visit, [source.provenance])
for address in judged.sources:
    st.text(f"Published: {address}")
for remark in judged.remarks:
    st.markdown(f"- {escape_markdown(remark)}")
st.divider()
if said.form is not None or said.why:
    claim_box.offer_examples(examples)
st.caption(
    "Every word of a claim must have a meaning here; what is not understood is said, never "
    "guessed. The rules of each verdict: docs/claim-check.md."
)
