"""Promises: did groups stop, was each shooting answered, were those who stopped left alone?"""

import streamlit as st

from longevity.stats import rate_ratio
from longevity.text import promise_text, public_text, reach
from longevity.text.rates import BEFORE_AFTER_WARNING
from longevity.text.wording import escape_markdown
from longevity.ui import components, filters, page_context, paging

visit = page_context.enter("Promises")
if visit.viewer.named_scope is None:
    told = visit.ask("public_promises")
    many = len(visit.cities)
    components.answer_sentence(visit.compute(public_text.describe_promises, told, many))
    components.for_the_public(public_text.explain_promises(many))
    if told.frame["episodes"].notna().any():
        components.catalogued(visit, "promises-by-year", "promises.by_year")
    elif public_text.can_count_promises(many):
        what = "groups, notices, shootings and enforcement"
        st.markdown(public_text.HOW_A_YEAR_COMES.format(what))
    by_year = visit.compute(public_text.build_promises_table, told)
    components.table(by_year, told, "promises.public", folded=by_year.empty)
    st.stop()
page_context.operational(visit)
city, asked = filters.own_city(visit)
chosen = city or filters.ALL

promises = visit.ask("promises", city=city)
waiting = visit.ask("open_promises_by_city", city=city)
components.answer_sentence(visit.compute(promise_text.write_answer, promises, waiting))
components.not_for_release(visit)
components.told_as_of(promises)

restraint = visit.ask("restraint", city=city)
stopped = visit.ask("groups_that_stopped", city=city)
offered = visit.ask("help_offered_by_city", city=city)
if not components.supplied(promises, asked, "groups, call-ins or their shootings"):
    st.stop()
not_held = visit.explain_absence("incidents", city)
if not_held:
    components.silence(f"{not_held} Those that are in no file open no promise and break none.")

st.markdown(
    escape_markdown(
        f"{visit.compute(promise_text.describe_restraint, restraint, stopped)} "
        f"{visit.compute(promise_text.describe_help, offered)}"
    )
)
notices = visit.ask("notices_by_city", city=city)
st.markdown(escape_markdown(visit.compute(promise_text.describe_unsure_notice, notices)))

st.subheader("Open promises, the oldest first")
if (waiting.frame["open"] > 0).any():
    oldest = paging.page(visit, "open_promises_page", "promises", "the oldest first", city=city)
    components.bullets(visit.compute(promise_text.describe_waiting, oldest, visit.cities))
else:
    oldest = visit.ask("open_promises_page", city=city)
    st.markdown("No promise is known to be waiting.")
paging.listed(
    visit, oldest, "promises.open", promise_text.build_open_table, visit.cities, folded=True
)

st.subheader("The two-sided ledger")
components.catalogued(visit, "ledger", "promises.ledger", city=chosen)
groups = paging.page(visit, "two_sided_ledger_page", "groups", promise_text.LEDGER_ORDER, city=city)
paging.listed(visit, groups, "promises.groups", promise_text.build_ledger_table, visit.cities)
several = visit.ask("members_in_several_groups", city=city)
components.sentences(visit.compute(reach.describe_members_in_several_groups, several, asked))

st.subheader("Kept, late, open, broken")
components.table(
    visit.compute(promise_text.build_windows_table, promises, visit.cities),
    promises,
    "promises.windows",
)
st.markdown(escape_markdown(visit.compute(promise_text.describe_members_covered, promises)))

st.subheader("Days to enforcement")
days = visit.ask("time_to_enforcement", city=city)
st.markdown(
    escape_markdown(f"Median: {visit.compute(promise_text.describe_medians, days, visit.cities)}")
)
components.catalogued(visit, "days-to-enforcement", "promises.days", city=chosen)

st.subheader("Restraint")
st.markdown("Actions on groups with notice that had not shot in the 90 days before:")
broke = paging.page(visit, "restraint_actions_page", "actions", "the newest first", city=city)
paging.listed(
    visit, broke, "promises.restraint", promise_text.build_broken_restraint_table, visit.cities
)
for sentence in visit.compute(promise_text.describe_odd_actions, restraint, visit.cities):
    st.markdown(escape_markdown(sentence))

st.subheader("Before and after notice")
compared = visit.ask("before_after_by_city", city=city)
rates = visit.compute(rate_ratio.add_rate_ratios, compared)
for sentence in promise_text.describe_before_after(rates, visit.cities):
    st.markdown(escape_markdown(sentence))
st.warning(BEFORE_AFTER_WARNING, icon=":material/trending_down:")
components.catalogued(visit, "before-and-after-notice", "promises.before-after", city=chosen)
st.caption(
    "The rules, with a worked timeline: docs/promises.md. A shooting on the day of the notice is "
    "no violation; an action on the day of the shooting is day 0; day 90 belongs to the episode."
)
