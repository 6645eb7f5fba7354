"""Coming home: who was met, supervised, served; what the community asked; the money; the lists."""

import streamlit as st

from longevity.text import budget_and_reviews, coming_home, community, list_pages
from longevity.text.wording import escape_markdown
from longevity.ui import components, filters, page_context, paging

visit = page_context.enter("Coming home")
page_context.operational(visit)
city, asked = filters.own_city(visit)
chosen = city or filters.ALL
thresholds = visit.settings.thresholds

greeting = visit.ask("reentry_greeting", city=city)
components.answer_sentence(
    visit.compute(coming_home.write_answer, greeting, thresholds.greeted_within_hours)
)
components.not_for_release(visit)
components.on_this_screen(
    [
        "Met at the gate",
        "Supervision against its standard",
        "Services, from offer to active",
        "A two-way street",
        "Money",
        "Lists due for review",
    ]
)

st.subheader("Met at the gate")
if components.supplied(greeting, asked, "releases from custody with the list of people"):
    components.catalogued(visit, "met-at-the-gate", "home.greeted", city=chosen)
    met_by = visit.ask("exits_met_by", city=city)
    components.sentences(
        [
            visit.compute(coming_home.describe_who_met, met_by, "in the twelve months"),
            visit.compute(coming_home.describe_exits_left_out, greeting),
        ]
    )
    year = paging.page(visit, "exits_from_custody_page", "exits", "the newest first", city=city)
    paging.listed(
        visit,
        year,
        "home.exits",
        list_pages.build_list_table,
        visit.cities,
        folded=True,
        label="Each exit of the twelve months, one by one",
    )

    st.subheader("Who comes home next")
    expected = visit.ask("coming_home_by_city", city=city)
    weeks = expected.provenance.parameters["weeks"]
    st.markdown(escape_markdown(visit.compute(coming_home.describe_next_home, expected, weeks)))
    if not expected.frame.empty:
        first = "the first to come first"
        coming = paging.page(visit, "coming_home_page", "members", first, city=city)
        paging.listed(
            visit, coming, "home.expected", coming_home.build_expected_table, visit.cities
        )

st.subheader("Supervision against its standard")
contacts = visit.ask("supervision_contacts", city=city)
if components.supplied(contacts, asked, "supervision spells and contacts with the list of people"):
    components.catalogued(visit, "supervision", "home.supervision", city=chosen)
    st.markdown(escape_markdown(visit.compute(coming_home.write_supervision_notes, contacts)))

st.subheader("Services, from offer to active")
services = visit.ask("service_uptake", city=city)
if components.supplied(services, asked, "services"):
    components.catalogued(visit, "services", "home.services", city=chosen)
    components.sentences(visit.compute(coming_home.describe_service_losses, services))

st.subheader("A two-way street")
requests = visit.ask("community_requests", city=city)
if components.supplied(requests, asked, "community requests"):
    components.catalogued(visit, "community-requests", "home.requests", city=chosen)
    st.markdown(escape_markdown(visit.compute(community.describe_medians, requests, asked)))
    waiting = visit.ask("unanswered_by_city", city=city)
    st.markdown(f"**{escape_markdown(visit.compute(community.describe_waiting, waiting))}**")
    if not waiting.frame.empty:
        order = "the oldest first"
        oldest = paging.page(visit, "unanswered_requests_page", "requests", order, city=city)
        paging.listed(visit, oldest, "home.waiting", community.build_waiting_table, visit.cities)
events = visit.ask("community_events", city=city)
if components.supplied(events, asked, "community events"):
    components.catalogued(visit, "community-events", "home.events", city=chosen)

st.subheader("Money")
budget = visit.ask("budget_by_city", city=city)
cost = visit.ask("cost_per_person_reached", city=city)
if components.supplied(budget, asked, "budget", by_rows=False):
    known_to = budget.provenance.data_through or visit.today
    first_month = cost.provenance.parameters["fiscal_month"]
    years = visit.compute(budget_and_reviews.sum_by_fiscal_year, budget, first_month, known_to)
    components.catalogued(visit, "money-spent", "home.budget", city=chosen)
    st.markdown(escape_markdown(budget_and_reviews.write_money_notes(years, asked)))
    given = budget_and_reviews.find_cities_with_budget(years, asked)
    if components.supplied(cost, given, "call-ins, invitations and notifications"):
        components.catalogued(visit, "cost-per-person", "home.cost", city=chosen)
        components.sentences(visit.compute(budget_and_reviews.describe_latest_cost, cost, asked))
published = visit.ask("published_counts", metric=budget_and_reviews.PUBLISHED_METRIC)
for sentence in visit.compute(budget_and_reviews.list_published_amounts, published):
    st.caption(escape_markdown(sentence))

st.subheader("Lists due for review")
reviews = visit.ask("lists_due_by_city", city=city)
if components.supplied(reviews, asked, "list of people", by_rows=False):
    ahead = reviews.provenance.parameters["ahead_days"]
    if reviews.frame.empty:
        st.success(f"No listing is overdue or due for review within {ahead} days.")
    else:
        components.catalogued(visit, "lists-due", "home.reviews", city=chosen)
        st.markdown(escape_markdown(budget_and_reviews.WHAT_TO_DO))
        due = paging.page(
            visit,
            "lists_due_for_review_page",
            "listings",
            "those without a day of review first, then the longest overdue",
            city=city,
        )
        paging.listed(
            visit,
            due,
            "home.listings",
            list_pages.build_list_table,
            visit.cities,
            folded=True,
            label="Each listing, the longest overdue first in each city",
        )
