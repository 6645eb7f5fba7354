"""Evaluation: did shootings change when the program came, and what can these data not tell?"""

import streamlit as st

from longevity.errors import DataError
from longevity.reports.chart_catalogue import evaluation
from longevity.text import evaluation_check_text, evaluation_rows, evaluation_text
from longevity.text.wording import escape_markdown
from longevity.ui import components, filters, page_context

visit = page_context.enter("Evaluation")
city = filters.one_city(visit)

own = visit.can_see(city)
not_held = visit.explain_absence("incidents", city)
if not_held:
    components.answer_sentence(f"Whether shootings changed cannot be told. {not_held}")
    st.stop()
try:
    found, _ = evaluation.found(visit, city)
except DataError:
    components.nothing(f"incidents and victims of {visit.cities[city]}")
main = found.main

components.answer_sentence(evaluation_rows.write_opening(found))
if own:
    components.not_for_release(visit)
least = visit.settings.thresholds.least_base_for_percentage
st.markdown(escape_markdown(evaluation_text.describe_evaluation(found, least)))

judged = evaluation_rows.list_series(found)
if judged:
    st.subheader("What happened, and what would be expected")
else:
    st.info(evaluation_rows.NOTHING_TO_DRAW)
for series in judged:
    components.catalogued(
        visit, "evaluation", f"evaluation.{series.name}", city=city, series=series.name
    )
for sentence in evaluation_rows.list_refusals(found):
    st.info(escape_markdown(sentence))

if main.model is not None:
    st.subheader("How large a change could be seen at all")
    st.markdown(escape_markdown(evaluation_text.describe_detectable_of(main)))

    st.subheader("What could be wrong with it")
    for flag in found.flags:
        mark = evaluation_rows.MARKS[flag.state]
        name = evaluation_check_text.CHECK_NAMES[flag.check].capitalize()
        sentence = evaluation_check_text.describe_check(found, flag)
        st.markdown(f"{mark} **{escape_markdown(name)}**: {escape_markdown(sentence)}")
    for name in ("start-dates", "placebo-dates", "residuals", "other-means"):
        components.catalogued(visit, f"evaluation-{name}", f"evaluation.{name}", city=city)

st.subheader("What others have published")
published = visit.ask("evaluations")
if published.frame.empty:
    st.markdown("No published evaluation is among the reference facts (data/README.md).")
components.sentences(
    evaluation_text.describe_published(row) for row in published.frame.to_dict("records")
)
components.table(published.frame, published, "evaluation.published", folded=True)

st.subheader("What this cannot tell")
st.markdown(escape_markdown(visit.compute(evaluation.limits, visit, city)))
st.caption("The model, its choices and how often its intervals hold: docs/evaluation.md.")
