"""Call-ins: whom did the program reach, who came, what followed, and who is to be told next?"""

import streamlit as st

from longevity.text import call_in_sessions as sessions_held
from longevity.text import (
    call_ins,
    groups_with_notice,
    list_pages,
    notifications,
    public_text,
    published_reach,
    reach,
)
from longevity.text.wording import escape_markdown
from longevity.ui import components, filters, page_context, paging

visit = page_context.enter("Call-ins")
if visit.viewer.named_scope is None:
    told = visit.ask("public_funnel")
    stayed = visit.ask("public_still_active")
    components.answer_sentence(visit.compute(public_text.describe_attendance, told, visit.cities))
    components.for_the_public(
        public_text.explain_withheld(visit.settings.thresholds.withheld_up_to)
    )
    if told.frame.empty:
        what = "call-ins, invitations and services"
        st.markdown(public_text.HOW_A_YEAR_COMES.format(what))
        components.table(told.frame, told, "call_ins.public", folded=True)
        st.stop()
    components.table(
        visit.compute(public_text.build_steps_table, told, visit.cities), told, "call_ins.public"
    )
    st.markdown(
        escape_markdown(visit.compute(public_text.describe_still_active, stayed, visit.cities))
    )
    components.to_press("call-in-steps", {})
    st.stop()
page_context.operational(visit)
city, names = filters.own_city(visit)
chosen = city or filters.ALL
FIRST = 10  # call-ins of each city that `first_call_ins` begins with
least = visit.settings.thresholds.least_base_for_percentage

funnel = visit.ask("call_in_funnel", city=city)
cadence = visit.ask("cadence_by_city", city=city)
components.answer_sentence(visit.compute(call_ins.write_answer, funnel, cadence, names, least))
components.not_for_release(visit)
components.supplied(funnel, names, "call-ins and invitations")
components.on_this_screen(
    [
        "Where members were lost on the way",
        "Attendance",
        "Which groups have been told",
        "How often call-ins are held",
        "Sessions",
        "Custom notifications",
        "After a group's shooting",
        "For the next call-in",
        "What was published",
    ]
)

st.subheader("Where members were lost on the way")
if funnel.frame.empty:
    st.markdown("Without call-ins and invitations there is no funnel to draw.")
else:
    components.silence(visit.compute(call_ins.explain_missing_services, funnel, names))
    components.catalogued(visit, "call-in-funnel", "call_ins.funnel", city=chosen)
    components.sentences([visit.compute(call_ins.describe_unmarked_attendance, funnel)])
    components.table(
        visit.compute(call_ins.build_funnel_table, funnel, names),
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
    components.sentences(visit.compute(call_ins.describe_attendance, routes, names, least))
    components.catalogued(visit, "attendance", "call_ins.quarters", city=chosen)
    by_route = visit.compute(call_ins.build_routes_table, routes, names, least)
    title = "By the route of the invitation, twelve months"
    components.titled_table(title, by_route, routes, "call_ins.routes", folded=True)

st.subheader("Which groups have been told")
covered = visit.ask("group_coverage", city=city)
grid = visit.ask("group_coverage_grid_page", city=city)
counts = visit.ask("group_coverage_counts", city=city)
components.absent(grid)
components.sentences(visit.compute(reach.describe_coverage, covered, names))
if not grid.frame.empty:
    components.catalogued(visit, "group-coverage", "call_ins.grid", city=chosen)
    components.sentences(
        [visit.compute(groups_with_notice.describe_unaudited_groups, grid, counts, names)]
    )
    if list_pages.count_all_rows(grid.frame) > len(grid.frame):
        grid = paging.page(
            visit,
            "group_coverage_grid_page",
            "active groups",
            groups_with_notice.GRID_ORDER,
            city=city,
        )
        paging.listed(
            visit, grid, "call_ins.groups", list_pages.build_list_table, names, folded=True
        )
several = visit.ask("members_in_several_groups", city=city)
components.sentences(visit.compute(reach.describe_members_in_several_groups, several, names))

st.subheader("How often call-ins are held")
components.supplied(cadence, names, "call-ins")
if not cadence.frame.empty:
    components.cards(visit.compute(sessions_held.build_cards, cadence, names))
    components.sentences([visit.compute(sessions_held.describe_cadence, cadence, names)])
sessions = visit.ask("call_in_sessions_page", city=city)
if not sessions.frame.empty:
    components.catalogued(visit, "cadence", "call_ins.cadence", city=chosen)
reviews = visit.ask("shooting_reviews", city=city)
st.markdown("**Weekly reviews of shootings, twelve months**")
components.supplied(reviews, names, "shooting reviews")
if not reviews.frame.empty:
    components.sentences(visit.compute(sessions_held.describe_reviews, reviews, names))
    components.table(
        components.named(reviews.frame, visit), reviews, "call_ins.reviews", folded=True
    )

st.subheader("Sessions")
if sessions.frame.empty:
    st.markdown("No call-in is on file.")
else:
    components.absent(sessions)
    nobody = visit.ask("call_ins_nobody_came", city=city)
    components.sentences(visit.compute(sessions_held.describe_unattended, nobody, names))
    spoke = visit.ask("call_ins_prepared", city=city)
    components.sentences([visit.compute(sessions_held.describe_preparation, spoke)])
    st.caption(
        "Here everybody who came is counted: those in custody and those not marked as reached."
    )
    sessions = paging.page(
        visit, "call_in_sessions_page", "sessions", "the newest first", city=city
    )
    paging.listed(visit, sessions, "call_ins.sessions", sessions_held.build_sessions_table, names)

st.subheader("Custom notifications")
messages = visit.ask("custom_notifications", city=city)
components.supplied(messages, names, "custom notifications")
if not messages.frame.empty:
    components.sentences(
        visit.compute(notifications.describe_notifications, messages, names, least)
    )
    components.catalogued(visit, "custom-notifications", "call_ins.notifications", city=chosen)

st.subheader("After a group's shooting")
window = visit.ask("retaliation_window", city=city)
components.supplied(window, names, "incident groups and custom notifications")
if not window.frame.empty:
    components.sentences(visit.compute(notifications.describe_notice_in_time, window, names))
    components.catalogued(visit, "after-a-shooting", "call_ins.retaliation", city=chosen)
shootings = visit.ask("gmi_share", city=city)
st.markdown("**How much of it is known to be group violence, twelve months**")
components.sentences(visit.compute(reach.describe_gmi_by_city, shootings, names))
components.table(components.named(shootings.frame, visit), shootings, "call_ins.gmi", folded=True)

st.subheader("For the next call-in")
waiting = visit.ask("next_call_in_by_city", city=city)
extracts = visit.ask("rows_by_extract", city=city)
components.absent(waiting)
components.sentences(
    visit.compute(groups_with_notice.describe_next_call_in, waiting, extracts, names)
)
if not waiting.frame.empty:
    st.caption("In each city those that shot most recently come first. The table prints whole.")
    following = paging.page(
        visit, "next_call_in_page", "groups to invite", "those that shot last first", city=city
    )
    components.sheet(
        visit.compute(groups_with_notice.build_next_call_in_table, following, names),
        visit.compute(list_pages.build_list_table, following, names),
        following,
        "call_ins.next",
        paging.whole(visit, following, list_pages.build_list_table, names),
    )

st.subheader("What was published")
figures = visit.ask("program_figures", city=city)
if figures.frame.empty:
    st.markdown("No published figure of groups, members or people called in is on file.")
else:
    st.markdown(published_reach.write_warning(visit.synthetic))
    components.sentences(visit.compute(published_reach.list_disagreements, figures, names))
    many = published_reach.find_most_call_ins(figures.frame)
    first = visit.ask("first_call_ins", city=city, **({"rows": many} if many > FIRST else {}))
    components.table(
        visit.compute(
            published_reach.build_comparison_table, figures, first, counts, names, visit.synthetic
        ),
        figures,
        "call_ins.published",
    )
