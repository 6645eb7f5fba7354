"""What surrounds the program: re-entry, supervision, services, community, money."""

from __future__ import annotations

import numpy as np

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import World
from longevity.demo.program import ATTENDED, CUSTODY
from longevity.demo.streams import (
    NEVER,
    Floats,
    Ints,
    draw_between,
    draw_index,
    draw_wait,
    draw_whether,
    find_first_day,
    find_month,
    number_within,
)

FACILITIES = np.array(["state prison, north", "state prison, south", "city jail", "federal prison"])
GREETERS = np.array(["program office", "parole office", "service provider"], object)
SOURCES = np.array(["state appropriation", "federal grant", "city and foundations"])
DOLLARS = np.array([165_000, 90_000, 40_000])  # a city and year, on average


def draw_reviews(world: World) -> Rows:
    """Return the weekly shooting reviews that were held."""
    first = world.launch + (world.city.week_ends_iso - 4 - world.launch) % 7
    ending = np.arange(first, world.last + 60, 7)
    held, late = world.uniform("reviews", ending.size, 2)
    week = np.flatnonzero(held > 0.06)
    held_on = (ending + draw_between(late, 2, 4))[week]
    return Rows(on_file=held_on, review_id=week, held_on=held_on, week_ending=ending[week])


def draw_exits(world: World, spells: Rows) -> Rows:
    """Draw exits from custody: met in time, met late, not met, or not known when."""
    at = np.flatnonzero((spells.kind == CUSTODY) & (spells.until_on >= world.launch))
    person, out = spells.person_id[at], spells.until_on[at]
    u = world.uniform("gates", at.size, 5)
    expected = out + draw_between(u[0], -6, 10)
    # Met within three days, met later; or somebody met them, and the day was not noted.
    wait = np.where(u[1] < 0.52, draw_between(u[2], 0, 3), draw_between(u[2], 4, 20))
    met = draw_whether(u[1], 0.68, out + wait)
    is_noted = np.minimum(met, np.where(u[1] > 0.94, out + 5, NEVER)) <= world.as_of
    greeter = GREETERS[draw_index(u[4], 0.6, 0.25, 0.15)]
    greeter[~is_noted] = None
    known = np.maximum(np.minimum(expected, out) - 90, spells.on_file[at])
    return Rows(
        on_file=np.maximum(known, world.launch - 30),
        custody_release_id=person,
        person_id=person,
        expected_on=expected,
        released_on=out,
        facility=FACILITIES[draw_index(u[3], 0.35, 0.3, 0.25, 0.1)],
        greeted_on=met,
        greeted_by=greeter,
    )


def draw_contacts(world: World, spells: Rows) -> Rows:
    """Draw supervision contacts; some months miss the standard."""
    begins, required = spells.from_on, spells.required_contacts_a_month
    spell, nth = number_within(np.maximum((spells.until_on - begins) * required // 30, 0))
    late, missed, kind, result = world.uniform("contacts", spell.size, 4)
    day = begins[spell] + np.floor((nth + late) * 30 / required[spell]).astype(int)
    happened = (missed > 0.14) & (day >= np.maximum(spells.on_file[spell], world.launch))
    return Rows(
        on_file=np.where(happened, day, NEVER),
        contact_id=np.arange(spell.size),
        person_id=spells.person_id[spell],
        contacted_on=day,
        kind=draw_index(kind, 0.5, 0.18, 0.14, 0.16, 0.02),
        result=draw_index(result, 0.82, 0.13, 0.05),
    )


def draw_offers(world: World, invitations: Rows) -> Rows:
    """Draw offers of services to those who came to a call-in."""
    offered, intake, wait, visits, kind, done = world.uniform("offers", invitations.on_file.size, 6)
    day = invitations.on_file + draw_between(offered, 0, 14)
    intake = draw_whether(intake, 0.46, day + draw_wait(wait, 16.0))
    fortnights = draw_wait(visits, 11.0)
    seen = np.clip((world.as_of - intake) // 14, 0, fortnights)
    return Rows(
        on_file=np.where(invitations.attended == ATTENDED, day, NEVER),
        service_id=np.arange(day.size),
        person_id=invitations.person_id,
        offered_on=day,
        intake_on=intake,
        kind=draw_index(kind, 0.34, 0.15, 0.14, 0.13, 0.08, 0.12, 0.04),
        last_contact_on=intake + 14 * seen,
        completed_on=draw_whether(done, 0.4, intake + 14 * fortnights),
    )


def draw_events(world: World) -> Rows:
    """Draw events with the community; how many came to one in sixteen is not known."""
    day, (kind, came, known) = _draw_every(world, "events", 24, 3)
    return Rows(
        on_file=day,
        event_id=np.arange(day.size),
        held_on=day,
        kind=draw_index(kind, 0.22, 0.24, 0.36, 0.12, 0.06),
        attendance=np.where(known < 0.06, -1, 8 + draw_wait(came, 45.0)),
    )


def draw_requests(world: World) -> Rows:
    """Draw requests of the community; one in six is never answered."""
    day, (topic, answered, wait) = _draw_every(world, "requests", 28, 3)
    return Rows(
        on_file=day,
        request_id=np.arange(day.size),
        asked_on=day,
        topic=draw_index(topic, 0.26, 0.16, 0.18, 0.2, 0.14, 0.06),
        answered_on=draw_whether(answered, 5 / 6, day + draw_wait(wait, 24.0)),
    )


def draw_budget(world: World) -> Rows:
    """Draw fiscal years (July to June) and sources; spending is known after the end."""
    launched, last = find_month(np.array([world.launch, world.last]))
    july = np.repeat(np.arange((launched - 6) // 12 * 12 + 6, last, 12), SOURCES.size)
    source = np.arange(july.size) % SOURCES.size
    more, spent = world.uniform("budget", july.size, 2)
    allocated = np.round(DOLLARS[source] * (0.75 + 0.5 * more), -2)
    spent = np.round(allocated * (0.78 + 0.22 * spent), 2)
    return Rows(
        on_file=np.maximum(find_first_day(july), world.launch),
        fiscal_year=july // 12 + 1971,
        source=SOURCES[source],
        allocated=allocated,
        spent=np.where(find_first_day(july + 14) <= world.as_of, spent, np.nan),
    )


def _draw_every(world: World, purpose: str, days: int, draws: int) -> tuple[Ints, Floats]:
    """Return one day in each span of `days` since launch, and columns of draws for it."""
    nth = np.arange(max((world.last - world.launch) // days, 0))
    u = world.uniform(purpose, nth.size, draws + 1)
    return world.launch + days * nth + draw_between(u[0], 0, days - 1), u[1:]
