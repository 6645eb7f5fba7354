"""What surrounds the program: re-entry, supervision, services, community, money."""

from __future__ import annotations

import numpy as np

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import Ground
from longevity.demo.program import ATTENDED, CUSTODY, Roster
from longevity.demo.streams import (
    NEVER,
    Floats,
    Ints,
    Streams,
    draw_between,
    draw_index,
    draw_wait,
    draw_whether,
    find_first_day,
    find_month,
    find_weekday,
    number_within,
)

FACILITIES = np.array(["state prison, north", "state prison, south", "city jail", "federal prison"])
GREETERS = np.array(["program office", "parole office", "service provider"])
SOURCES = np.array(["state appropriation", "federal grant", "city and foundations"])
DOLLARS = np.array([165_000, 90_000, 40_000])  # a city and year, on average
EXPECTED_AHEAD = 90  # days before an exit that it is known
OFFER_EVERY, EVENT_EVERY, REQUEST_EVERY = 21, 24, 28  # days


def draw_reviews(streams: Streams, ground: Ground) -> Rows:
    """Return the weekly shooting reviews that were held."""
    first = ground.launch + (ground.city.week_ends_iso - 1 - find_weekday(ground.launch)) % 7
    ending = np.arange(first, max(ground.last + 60, first + 1), 7)
    u = streams.uniform("reviews", ending.size, 2)
    week = np.flatnonzero(u[:, 0] > 0.06)
    held_on = ending[week] + draw_between(u[week, 1], 2, 4)
    return Rows(on_file=held_on, review_id=week, held_on=held_on, week_ending=ending[week])


def draw_services(
    streams: Streams, ground: Ground, roster: Roster, invitations: Rows
) -> dict[str, Rows]:
    """Return the rows of each extract of what surrounds the program."""
    return {
        "releases_from_custody": _draw_exits(streams, ground, roster),
        "supervision_contacts": _draw_contacts(streams, ground, roster),
        "services": _draw_offers(streams, ground, roster, invitations),
        "community_events": _draw_events(streams, ground),
        "community_requests": _draw_requests(streams, ground),
        "budget": _draw_budget(streams, ground),
    }


def _draw_exits(streams: Streams, ground: Ground, roster: Roster) -> Rows:
    """Draw exits from custody: met in time, met late, not met, or not known when."""
    spells, listed_on = roster.supervision_spells, roster.people.listed_on
    at = np.flatnonzero((spells.kind == CUSTODY) & (spells.until_on >= ground.launch))
    person, out = spells.person_id[at], spells.until_on[at]
    u = streams.uniform("releases", listed_on.size, 5)[person]
    expected = out + draw_between(u[:, 0], -6, 10)
    met = draw_whether(u[:, 1], 0.68, out + draw_index(u[:, 2], *(0.19,) * 4, *(0.014,) * 17))
    is_noted = (met <= ground.as_of) | ((u[:, 1] > 0.94) & (out + 5 <= ground.as_of))
    greeter = GREETERS[draw_index(u[:, 4], 0.6, 0.25, 0.15)]
    known = np.maximum(np.minimum(expected, out) - EXPECTED_AHEAD, spells.from_on[at])
    return Rows(
        on_file=np.maximum(known, np.maximum(listed_on[person], ground.launch - 30)),
        custody_release_id=person,
        person_id=person,
        expected_on=expected,
        released_on=out,
        facility=FACILITIES[draw_index(u[:, 3], 0.35, 0.3, 0.25, 0.1)],
        greeted_on=met,
        greeted_by=np.where(is_noted, greeter, None),
    )


def _draw_contacts(streams: Streams, ground: Ground, roster: Roster) -> Rows:
    """Draw supervision contacts; some months miss the standard."""
    spells = roster.supervision_spells
    begins, required = spells.from_on, spells.required_contacts_a_month
    spell, nth = number_within(np.maximum((spells.until_on - begins) * required // 30, 0))
    u = streams.uniform("contacts", spell.size, 4)
    day = begins[spell] + np.floor((nth + u[:, 0]) * 30 / required[spell]).astype(int)
    happened = (u[:, 1] > 0.14) & (day >= np.maximum(spells.on_file[spell], ground.launch))
    return Rows(
        on_file=np.where(happened, day, NEVER),
        contact_id=np.arange(spell.size),
        person_id=spells.person_id[spell],
        contacted_on=day,
        kind=draw_index(u[:, 2], 0.5, 0.18, 0.14, 0.16, 0.02),
        result=draw_index(u[:, 3], 0.82, 0.13, 0.05),
    )


def _draw_offers(streams: Streams, ground: Ground, roster: Roster, invitations: Rows) -> Rows:
    """Draw offers of services: to those who came to a call-in, and to others on the list."""
    u = streams.uniform("offers at call-ins", invitations.on_file.size, 7)
    came = np.flatnonzero((invitations.attended == ATTENDED) & (u[:, 0] < 0.72))
    other, v = _draw_every(streams, ground, "offers at other times", OFFER_EVERY, 7)
    member = roster.pick_members(v[:, 1], other)
    one = np.flatnonzero(member >= 0)
    offered = np.append(invitations.on_file[came] + draw_between(u[came, 1], 0, 14), other[one])
    person = roster.memberships.person_id[member[one]]
    u = np.append(u[came], v[one], 0)
    intake = draw_whether(u[:, 2], 0.56, offered + draw_wait(u[:, 3], 16.0))
    fortnights = draw_wait(u[:, 4], 11.0)
    seen = np.minimum(fortnights, np.maximum(ground.as_of - intake, 0) // 14)
    return Rows(
        on_file=offered,
        service_id=np.append(2 * came, 2 * one + 1),
        person_id=np.append(invitations.person_id[came], person),
        offered_on=offered,
        intake_on=intake,
        kind=draw_index(u[:, 5], 0.34, 0.15, 0.14, 0.13, 0.08, 0.12, 0.04),
        last_contact_on=intake + 14 * seen,
        completed_on=draw_whether(u[:, 6], 0.4, intake + 14 * fortnights),
    )


def _draw_events(streams: Streams, ground: Ground) -> Rows:
    day, u = _draw_every(streams, ground, "events", EVENT_EVERY, 4)
    return Rows(
        on_file=day,
        event_id=np.arange(day.size),
        held_on=day,
        kind=draw_index(u[:, 1], 0.22, 0.24, 0.36, 0.12, 0.06),
        attendance=np.where(u[:, 3] < 0.06, -1, 8 + draw_wait(u[:, 2], 45.0)),
    )


def _draw_requests(streams: Streams, ground: Ground) -> Rows:
    """Draw requests of the community; one in six is never answered."""
    day, u = _draw_every(streams, ground, "requests", REQUEST_EVERY, 4)
    return Rows(
        on_file=day,
        request_id=np.arange(day.size),
        asked_on=day,
        topic=draw_index(u[:, 1], 0.26, 0.16, 0.18, 0.2, 0.14, 0.06),
        answered_on=draw_whether(u[:, 2], 5 / 6, day + draw_wait(u[:, 3], 24.0)),
    )


def _draw_budget(streams: Streams, ground: Ground) -> Rows:
    """Draw fiscal years (July to June) and sources; spending is known after the end."""
    launched, last = find_month(np.array([ground.launch, ground.last]))
    julys = np.arange((launched - 6) // 12 * 12 + 6, last, 12)
    u = streams.uniform("budget", julys.size, SOURCES.size, 2).reshape(-1, 2)
    july, source = np.repeat(julys, SOURCES.size), np.tile(np.arange(SOURCES.size), julys.size)
    allocated = np.round(DOLLARS[source] * (0.75 + 0.5 * u[:, 0]), -2)
    spent = np.round(allocated * (0.78 + 0.22 * u[:, 1]), 2)
    return Rows(
        on_file=np.maximum(find_first_day(july), ground.launch),
        fiscal_year=july // 12 + 1971,
        source=SOURCES[source],
        allocated=allocated,
        spent=np.where(find_first_day(july + 14) <= ground.as_of, spent, np.nan),
    )


def _draw_every(
    streams: Streams, ground: Ground, purpose: str, days: int, draws: int
) -> tuple[Ints, Floats]:
    """Return one day in each span of `days` since launch, and draws for it."""
    nth = np.arange(max((ground.last - ground.launch) // days, 0))
    u = streams.uniform(purpose, nth.size, draws)
    return ground.launch + days * nth + draw_between(u[:, 0], 0, days - 1), u
