"""Evaluation: did shootings change when the program came, and what can these data not tell?"""

import streamlit as st

from longevity.measures import evaluation, evaluation_checks, evaluation_rows
from longevity.measures import evaluation_words as words
from longevity.measures.wording import plain
from longevity.press.figures import evaluation as drawn
from longevity.press.style import city_colour
from longevity.screen import filters, guard, kept, parts

visit = guard.enter("Evaluation")
city = filters.one_city(visit)
drawing = visit.drawing()
colour = city_colour(drawing.theme, drawing.position(city))

# What reviews found is the program's own work: the public's evaluation is of all shootings.
own = visit.sees(city)
months = visit.ask("incidents_by_month_gmi" if own else "victims_by_month")
if months.frame.empty or city not in set(months.frame["city"]):
    parts.nothing(f"incidents and victims of {visit.cities[city]}")
found = kept.evaluated(visit, city, months)
main = found.main

parts.answer_sentence(evaluation_rows.opening(found))
if own:
    parts.not_for_release(visit)
st.markdown(plain(found.sentence))

st.subheader("What happened, and what would be expected")
for series in evaluation_rows.series(found):
    parts.chart(
        drawn.observed(series.finding, drawing, colour, f"evaluation-{series.name}", series.title),
        months,
        f"evaluation.{series.name}",
    )
for sentence in evaluation_rows.refusals(found):
    st.info(plain(sentence))

st.subheader("How large a change could be seen at all")
st.markdown(plain(words.detectable(main.detectable(), main.noun, main.span)))

if main.model is not None:
    st.subheader("What could be wrong with it")
    for flag in found.flags:
        mark = evaluation_rows.MARKS[flag.state]
        st.markdown(f"{mark} **{plain(flag.name.capitalize())}**: {plain(flag.sentence)}")
    parts.chart(
        drawn.over_time(
            found.start_dates,
            drawing,
            "evaluation-start-dates",
            "Had the program begun in another month",
            "The estimate with the launch moved by up to six months either way.",
            words.start_dates(found.start_dates, found.span),
        ),
        months,
        "evaluation.starts",
    )
    parts.chart(
        drawn.over_time(
            found.placebos,
            drawing,
            "evaluation-placebo-dates",
            "At dates on which nothing began",
            "The same arithmetic at dates before the launch. It should find nothing.",
            words.placebos(found.placebos, found.span, evaluation.PLACEBOS_TOLD),
        ),
        months,
        "evaluation.placebos",
    )
    parts.chart(
        drawn.residuals(
            evaluation_checks.residuals(main.model),
            drawing,
            "What the model leaves unexplained",
            words.autocorrelated(found.autocorrelation, evaluation.CHANCE),
        ),
        months,
        "evaluation.residuals",
    )
    parts.chart(
        drawn.estimates(
            evaluation_rows.estimates(found),
            drawing,
            "evaluation-by-other-means",
            "The estimate by other means, and in other cities",
            found.span.per,
        ),
        months,
        "evaluation.means",
    )

st.subheader("What others have published")
published = visit.ask("evaluations")
for row in published.frame.to_dict("records"):
    st.markdown(f"- {plain(words.published(row))}")
parts.table(published.frame, published, "evaluation.published", folded=True)

st.subheader("What this cannot tell")
timeline = visit.ask("program_timeline").frame
place = visit.settings.cities[city].reference_key
st.markdown(plain(evaluation.limits(found, timeline[timeline["place"] == place])))
st.caption("The model, its choices and how often its intervals hold: docs/evaluation.md.")
