"""Claim check: does what someone wants to say stand, and what is safe to say instead?"""

import streamlit as st

from longevity.measures.claims import judging, records
from longevity.measures.wording import plain
from longevity.press import claimed
from longevity.screen import claim_box, filters, guard, parts

visit = guard.enter("Claim check")
default = filters.city(visit)
names = records.names(visit.settings)
examples = judging.examples(names)

text = claim_box.asked(examples)
city = claimed.city_of(visit, text, default)
if not text:
    parts.answer_sentence(judging.invitation(claimed.record(visit, city)))
    claim_box.offered(examples)
    st.subheader("How far the data reach")
    cities = visit.ask("cities")
    parts.table(records.extent(cities.frame), cities, "claim.extent")
    st.stop()

judged = visit.made(claimed.judged, visit, text, default)
source = claimed.answers(visit, city)[records.COUNTS]
if not judged.from_release:
    source = visit.ask(records.PUBLISHED_COUNTS, **judged.published)
claim_box.badge(judged)
parts.answer_sentence(judged.why)
if judged.reading:
    st.markdown(plain(judged.reading))
if judged.safe:
    st.markdown("**Safe to say**")
    st.code(judged.safe, language=None, wrap_lines=True)
if len(judged.figures):
    st.subheader("The figures")
    parts.table(judged.figures, source, "claim.figures")
else:
    parts.footer(source.provenance)
for address in judged.sources:
    st.text(f"Published: {address}")
for remark in judged.remarks:
    st.markdown(f"- {plain(remark)}")
st.divider()
claim_box.offered(examples)
st.caption(
    "Every word of a claim must have a meaning here; what is not understood is said, never "
    "guessed. The rules of each verdict: docs/claims.md."
)
