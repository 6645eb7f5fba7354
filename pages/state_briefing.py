"""State briefing: is violence up or down in the three cities, and what is their share?"""

import streamlit as st

from longevity.measures import counts, wording
from longevity.measures.wording import plain
from longevity.screen import filters, guard, parts

visit = guard.enter("State briefing")
measure = filters.measure()
least = visit.settings.thresholds.least_base_for_percentage

to_date = visit.ask("year_to_date_by_city")
through = to_date.provenance.data_through
if through is None:
    parts.nothing("incidents and victims")

parts.answer_sentence(counts.briefing(to_date.frame, measure, through, visit.cities, least))
st.caption(
    "Counts only: a difference between two counts does not tell whether it is more than chance. "
    f"Percentages appear on a base of {least} or more."
)

filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city, and this year so far"
)

missing = counts.silent(to_date.frame, visit.cities)
if missing:
    st.info(missing)
named = {None: "Together", **counts.reporting(to_date.frame, visit.cities)}
for card, (city, name) in zip(st.columns(len(named)), named.items(), strict=True):
    change = counts.year_to_date(to_date.frame, measure, through, city)
    card.metric(
        f"{name}, {counts.so_far(through)}",
        wording.number(change.current),
        change.signed,
        delta_color="off",
        delta_arrow="off",
        border=True,
        help=f"Compared with {change.when}, 1 January to {wording.short_day(through)}.",
    )

parts.catalogued(visit, "year-to-date", "briefing.ytd", measure=measure)

st.subheader("The last 28 days")
rolling = visit.ask("rolling_by_city")
parts.table(counts.windows(rolling.frame, measure, visit.cities), rolling, "briefing.rolling")

st.subheader("Month by month")
parts.catalogued(visit, "months", "briefing.months", measure=measure)

st.subheader(f"Share of {visit.settings.state}")
shares = visit.ask("homicides_share_of_state")
for sentence in counts.share_of_state(shares.frame, visit.settings.state, least):
    st.markdown(plain(sentence))
if shares.frame.empty:
    st.markdown("No published source gives both the cities' homicides and the state's.")
else:
    st.caption(
        "From a published source, not from this release. Shown only for years in which one source "
        "gives both numbers: two sources are never divided by each other."
    )
parts.table(shares.frame, shares, "briefing.share")

st.subheader("Homicides by firearm")
parts.catalogued(visit, "gun-share", "briefing.guns")
