"""Call-ins: whom did the program reach, who came, what followed, and who is to be told next?"""

import streamlit as st

from longevity.measures import (
    call_ins,
    groups_told,
    notifications,
    public_forms,
    published_figures,
    reach,
    sessions_held,
)
from longevity.measures.wording import plain
from longevity.screen import filters, guard, parts

visit = guard.enter("Call-ins")
if visit.viewer.named_scope is None:
    told = visit.ask("lattice_funnel")
    stayed = visit.ask("lattice_still_active")
    parts.answer_sentence(visit.made(public_forms.came, told, visit.cities))
    parts.for_the_public(public_forms.why(visit.settings.thresholds.withheld_up_to))
    parts.table(visit.made(public_forms.steps, told, visit.cities), told, "call_ins.public")
    st.markdown(plain(visit.made(public_forms.still_active, stayed, visit.cities)))
    parts.to_press("call-in-steps", {})
    st.stop()
guard.operational(visit)
city, names = filters.own_city(visit)
chosen = city or filters.ALL
least = visit.settings.thresholds.least_base_for_percentage

funnel = visit.ask("call_in_funnel", city=city)
cadence = visit.ask("cadence_by_city", city=city)
parts.answer_sentence(visit.made(call_ins.answer, funnel, cadence, names, least))
parts.not_for_release(visit)
parts.supplied(funnel, names, "call-ins and invitations")

st.subheader("Where members were lost on the way")
if funnel.frame.empty:
    st.markdown("Without call-ins and invitations there is no funnel to draw.")
else:
    parts.silence(visit.made(call_ins.without_services, funnel, names))
    parts.catalogued(visit, "call-in-funnel", "call_ins.funnel", city=chosen)
    parts.sentences([visit.made(call_ins.besides, funnel)])
    parts.table(
        visit.made(call_ins.by_city, funnel, names),
        funnel,
        "call_ins.by_city",
        folded=len(names) == 1,
    )

st.subheader("Attendance")
routes = visit.ask("attendance_by_route", city=city)
quarters = visit.ask("attendance_by_quarter", city=city)
if quarters.frame.empty:
    st.markdown("No call-in with invitations is on file, so there is no attendance to tell of.")
else:
    parts.sentences(visit.made(call_ins.attendance_by_city, routes, names, least))
    parts.catalogued(visit, "attendance", "call_ins.quarters", city=chosen)
    st.markdown("**By the route of the invitation, twelve months**")
    parts.table(visit.made(call_ins.by_route, routes, names, least), routes, "call_ins.routes")

st.subheader("Which groups have been told")
covered = visit.ask("group_coverage", city=city)
grid = visit.ask("group_coverage_grid", city=city)
parts.absent(grid)
parts.sentences(visit.made(reach.coverage, covered, names))
if not grid.frame.empty:
    parts.catalogued(visit, "group-coverage", "call_ins.grid", city=chosen)
    parts.sentences([visit.made(groups_told.groups_apart, grid, names)])
several = visit.ask("members_in_several_groups", city=city)
parts.sentences(visit.made(reach.in_several_groups, several, names))

st.subheader("How often call-ins are held")
sessions = visit.ask("call_in_sessions", city=city)
parts.supplied(cadence, names, "call-ins")
if not cadence.frame.empty:
    parts.cards(visit.made(sessions_held.clocks, cadence, names))
    parts.sentences([visit.made(sessions_held.held, cadence, names)])
if not sessions.frame.empty:
    parts.catalogued(visit, "cadence", "call_ins.cadence", city=chosen)
reviews = visit.ask("shooting_reviews", city=city)
st.markdown("**Weekly reviews of shootings, twelve months**")
parts.supplied(reviews, names, "shooting reviews")
if not reviews.frame.empty:
    parts.sentences(visit.made(sessions_held.reviews, reviews, names))
    parts.table(parts.named(reviews.frame, visit), reviews, "call_ins.reviews", folded=True)

st.subheader("Sessions")
if sessions.frame.empty:
    st.markdown("No call-in is on file.")
else:
    parts.absent(sessions)
    parts.sentences(visit.made(sessions_held.nobody_came, sessions, names))
    parts.sentences([visit.made(sessions_held.prepared, sessions, cadence)])
    st.caption(
        "Here everybody who came is counted: those in custody and those not marked as reached."
    )
    parts.table(visit.made(sessions_held.sessions, sessions, names), sessions, "call_ins.sessions")

st.subheader("Custom notifications")
messages = visit.ask("custom_notifications", city=city)
parts.supplied(messages, names, "custom notifications")
if not messages.frame.empty:
    parts.sentences(visit.made(notifications.direct, messages, names, least))
    parts.catalogued(visit, "custom-notifications", "call_ins.notifications", city=chosen)

st.subheader("After a group's shooting")
window = visit.ask("retaliation_window", city=city)
parts.supplied(window, names, "incident groups and custom notifications")
if not window.frame.empty:
    parts.sentences(visit.made(notifications.in_time, window, names))
    parts.catalogued(visit, "after-a-shooting", "call_ins.retaliation", city=chosen)
shootings = visit.ask("gmi_share", city=city)
st.markdown("**How much of it is known to be group violence, twelve months**")
parts.sentences(visit.made(reach.gmi_by_city, shootings, names))
parts.table(parts.named(shootings.frame, visit), shootings, "call_ins.gmi", folded=True)

st.subheader("For the next call-in")
following = visit.ask("next_call_in", city=city)
extracts = visit.ask("data_through_by_extract")
parts.absent(following)
parts.sentences(visit.made(groups_told.sheet_sentences, following, extracts, names))
if not following.frame.empty:
    st.caption("In each city those that shot most recently come first. The table prints whole.")
    parts.sheet(
        visit.made(groups_told.next_sheet, following, names),
        parts.named(following.frame, visit),
        following,
        "call_ins.next",
    )

st.subheader("What was published")
figures = visit.ask("program_figures", city=city)
if figures.frame.empty:
    st.markdown("No published figure of groups, members or people called in is on file.")
else:
    st.markdown(published_figures.warning(visit.synthetic))
    parts.sentences(visit.made(published_figures.disagreements, figures, names))
    parts.table(
        visit.made(published_figures.beside, figures, sessions, grid, names, visit.synthetic),
        figures,
        "call_ins.published",
    )
