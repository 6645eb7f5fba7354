"""Rows of what surrounds the program: re-entry, supervision, services, community, money."""

from __future__ import annotations

from datetime import date

import numpy as np

from longevity.demo.extract_tables import CodeColumn, ExtractRows, WordColumn
from longevity.demo.notice import CAME
from longevity.demo.plan import Plan
from longevity.demo.roster import CUSTODY
from longevity.demo.streams import (
    NEVER,
    Ints,
    draw_between,
    draw_index,
    draw_wait,
    find_date,
    number_day,
)

FACILITIES = ("state prison, north", "state prison, south", "city jail", "federal prison")
GREETERS = ("program office", "parole office", "service provider")
CONTACT_KINDS = ("office", "home", "field", "telephone", "other")
RESULTS = ("made", "attempted", "unknown")
SERVICES = ("employment", "education", "housing", "treatment", "legal", "mentoring", "other")
EVENTS = ("vigil", "forum", "outreach", "training", "other")
TOPICS = ("services", "enforcement", "information", "youth", "streets", "other")
SOURCES = ("state appropriation", "federal grant", "city and foundations")
DOLLARS = (165_000, 90_000, 40_000)  # a city and year, on average
EXPECTED_AHEAD = 90  # days before an exit that it is known
OFFER_EVERY, EVENT_EVERY, REQUEST_EVERY = 21, 24, 28


def make_custody_release_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an exit from custody: met in time, met late, not met, or not known when."""
    roster = plan.roster
    inside = np.flatnonzero((roster.kind == CUSTODY) & (roster.spell_until >= plan.launch))
    person, out = roster.supervised[inside], roster.spell_until[inside]
    u = plan.streams.uniform("releases", roster.listed_on.size, 6)[person]
    expected = out + draw_between(u[:, 0], -6, 10)
    met = np.select(
        [u[:, 1] < 0.52, u[:, 1] < 0.68],
        [out + draw_between(u[:, 2], 0, 3), out + draw_between(u[:, 2], 4, 20)],
        NEVER,
    )
    has_meeting = (u[:, 1] < 0.68) | (u[:, 1] > 0.94)  # somebody met them, nobody noted when
    is_on_file = has_meeting & (np.where(met == NEVER, out + 5, met) <= as_of)
    on_file = np.maximum(
        np.maximum(np.minimum(expected, out) - EXPECTED_AHEAD, roster.spell_from[inside]),
        np.maximum(roster.listed_on[person], plan.launch - 30),
    )
    return ExtractRows(
        "releases_from_custody",
        on_file,
        {
            "custody_release_id": CodeColumn(f"{prefix}r", person + 1),
            "person_id": CodeColumn(f"{prefix}p", person + 1),
            "expected_on": expected,
            "released_on": out,
            "facility": WordColumn(FACILITIES, draw_index(u[:, 3], (0.35, 0.3, 0.25, 0.1))),
            "greeted_on": met,
            "greeted_by": WordColumn(
                GREETERS, np.where(is_on_file, draw_index(u[:, 4], (0.6, 0.25, 0.15)), -1)
            ),
        },
    )


def make_contact_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a contact; some months miss the standard."""
    roster = plan.roster
    community = np.flatnonzero(roster.kind != CUSTODY)
    community = community[np.argsort(roster.supervised[community], kind="stable")]
    required = roster.required[community]
    length = roster.spell_until[community] - roster.spell_from[community]
    count = length * required // 30
    spell = np.repeat(np.arange(community.size), count)
    nth = np.arange(spell.size) - np.repeat(np.cumsum(count) - count, count)
    u = plan.streams.uniform("contacts", spell.size, 4)
    step = 30.0 / required[spell]
    day = roster.spell_from[community][spell] + np.floor((nth + u[:, 0]) * step).astype(np.int64)
    person = roster.supervised[community][spell]
    happened = (u[:, 1] > 0.14) & (day >= plan.launch) & (day >= roster.listed_on[person])
    return ExtractRows(
        "supervision_contacts",
        np.where(happened, day, NEVER),
        {
            "contact_id": CodeColumn(f"{prefix}k", np.arange(spell.size) + 1),
            "person_id": CodeColumn(f"{prefix}p", person + 1),
            "contacted_on": day,
            "kind": WordColumn(CONTACT_KINDS, draw_index(u[:, 2], (0.5, 0.18, 0.14, 0.16, 0.02))),
            "result": WordColumn(RESULTS, draw_index(u[:, 3], (0.82, 0.13, 0.05))),
        },
    )


def make_service_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an offer: to those who came to a call-in, and to others on the list."""
    notices, roster = plan.notices, plan.roster
    came = np.flatnonzero(notices.attended == CAME)
    u = plan.streams.uniform("offers at call-ins", notices.person.size, 7)[came]
    count = max((plan.ground.last - plan.launch) // OFFER_EVERY, 0)
    v = plan.streams.uniform("offers at other times", count, 7)
    at = plan.launch + OFFER_EVERY * np.arange(count) + draw_between(v[:, 1], 0, OFFER_EVERY - 1)
    order = np.argsort(roster.listed_on, kind="stable")
    list_size = np.searchsorted(roster.listed_on[order], at)
    other = order[np.floor(v[:, 6] * list_size).astype(np.int64)]
    offered = np.concatenate(
        [notices.held_on[notices.session[came]] + draw_between(u[:, 1], 0, 14), at]
    )
    person = np.concatenate([notices.person[came], other])
    # Even numbers for offers at call-ins, odd ones for the others.
    serial = np.concatenate([2 * (came + 1), 2 * np.arange(count) + 1])
    u = np.concatenate([u, v])
    has_offer_day = (u[:, 0] < 0.72) | (serial % 2 == 1)
    intake = np.where(u[:, 2] < 0.56, offered + draw_wait(u[:, 3], 16.0), NEVER)
    fortnights = draw_wait(u[:, 4], 11.0)
    since = np.maximum(as_of - intake, 0) // 14
    last = np.where(intake < NEVER, intake + 14 * np.minimum(fortnights, since), NEVER)
    completed = (u[:, 5] < 0.4) & (intake < NEVER)
    return ExtractRows(
        "services",
        np.where(has_offer_day, offered, NEVER),
        {
            "service_id": CodeColumn(f"{prefix}o", serial),
            "person_id": CodeColumn(f"{prefix}p", person + 1),
            "offered_on": offered,
            "intake_on": intake,
            "kind": WordColumn(
                SERVICES, draw_index(u[:, 6], (0.34, 0.15, 0.14, 0.13, 0.08, 0.12, 0.04))
            ),
            "last_contact_on": last,
            "completed_on": np.where(completed, intake + 14 * fortnights, NEVER),
        },
    )


def make_event_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an event."""
    day, u = _draw_every(plan, "events", EVENT_EVERY)
    attendance = 8 + draw_wait(u[:, 2], 45.0)
    return ExtractRows(
        "community_events",
        day,
        {
            "event_id": CodeColumn(f"{prefix}e", np.arange(day.size) + 1),
            "held_on": day,
            "kind": WordColumn(EVENTS, draw_index(u[:, 1], (0.22, 0.24, 0.36, 0.12, 0.06))),
            "attendance": np.where(u[:, 3] < 0.06, -1, attendance),
        },
    )


def make_request_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a request; one in six is never answered."""
    day, u = _draw_every(plan, "requests", REQUEST_EVERY)
    return ExtractRows(
        "community_requests",
        day,
        {
            "request_id": CodeColumn(f"{prefix}q", np.arange(day.size) + 1),
            "asked_on": day,
            "topic": WordColumn(TOPICS, draw_index(u[:, 1], (0.26, 0.16, 0.18, 0.2, 0.14, 0.06))),
            "answered_on": np.where(u[:, 2] < 5 / 6, day + draw_wait(u[:, 3], 24.0), NEVER),
        },
    )


def make_review_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a weekly review that was held."""
    reviews = plan.reviews
    return ExtractRows(
        "shooting_reviews",
        reviews.held_on,
        {
            "review_id": CodeColumn(f"{prefix}w", reviews.week + 1),
            "held_on": reviews.held_on,
            "week_ending": reviews.week_ending,
        },
    )


def make_budget_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a fiscal year (July to June) and source; spending is known after its end."""
    first = _find_fiscal_year(plan.launch)
    years = np.arange(first, max(_find_fiscal_year(as_of), first) + 1)
    u = plan.streams.uniform("budget", years.size, len(SOURCES), 2)
    year = np.repeat(years, len(SOURCES))
    source = np.tile(np.arange(len(SOURCES)), years.size)
    allocated = np.round(np.array(DOLLARS)[source] * (0.75 + 0.5 * u[:, :, 0].ravel()), -2)
    spent = np.round(allocated * (0.78 + 0.22 * u[:, :, 1].ravel()), 2)
    starts = np.array([number_day(date(int(y) - 1, 7, 1)) for y in year], dtype=np.int64)
    closed = np.array([number_day(date(int(y), 8, 31)) for y in year], dtype=np.int64)
    return ExtractRows(
        "budget",
        np.maximum(starts, plan.launch),
        {
            "fiscal_year": year,
            "source": WordColumn(SOURCES, source),
            "allocated": allocated,
            "spent": np.where(closed <= as_of, spent, np.nan),
        },
    )


def _find_fiscal_year(day: int) -> int:
    when = find_date(day)
    return when.year + (when.month >= 7)


def _draw_every(plan: Plan, purpose: str, days: int) -> tuple[Ints, np.ndarray]:
    """Return one day in each span of `days` since launch, and four draws for it."""
    count = max((plan.ground.last - plan.launch) // days, 0)
    u = plan.streams.uniform(purpose, count, 4)
    return plan.launch + days * np.arange(count) + draw_between(u[:, 0], 0, days - 1), u
