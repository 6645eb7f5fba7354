"""Claim check: does what someone wants to say stand, and what is safe to say instead?"""

import streamlit as st

from longevity.reports import claim_check
from longevity.text.claims import evaluate, evidence
from longevity.text.wording import escape_markdown
from longevity.ui import claim_box, components, filters, page_context

visit = page_context.enter("Claim check")
default = filters.city(visit)
names = evidence.read_names(visit.settings)
examples = evaluate.list_examples(names)

answer = st.container()  # above the box, though it is made of what stands in the box
text = claim_box.asked(examples)
city = claim_check.find_city(visit, text, default)
if not text:
    with answer:
        invitation = evaluate.write_invitation(claim_check.build_evidence(visit, city))
        components.answer_sentence(invitation)
    claim_box.offered(examples)
    st.markdown("**How far the data reach**")
    cities = visit.ask("cities")
    components.table(evidence.build_extent_table(cities.frame), cities, "claim.extent")
    st.stop()

judged = visit.compute(claim_check.answer_claim, visit, text, default)
source = claim_check.ask_evidence(visit, city)[evidence.COUNTS]
if not judged.from_release:
    source = visit.ask(evidence.PUBLISHED_COUNTS, **judged.published)
with answer:
    claim_box.badge(judged)
    components.answer_sentence(judged.why)
if judged.reading:
    st.markdown(escape_markdown(judged.reading))
if judged.safe:
    st.markdown("**Safe to say**")
    st.code(judged.safe, language=None, wrap_lines=True)
if len(judged.figures):
    st.markdown("**The figures**")
    components.table(judged.figures, source, "claim.figures")
else:
    components.footer(source.provenance)
for address in judged.sources:
    st.text(f"Published: {address}")
for remark in judged.remarks:
    st.markdown(f"- {escape_markdown(remark)}")
st.divider()
claim_box.offered(examples)
st.caption(
    "Every word of a claim must have a meaning here; what is not understood is said, never "
    "guessed. The rules of each verdict: docs/claims.md."
)
