"""Each screen for a visit: draws its filters, and builds its report from what is chosen in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from longevity.base.errors import DataError
from longevity.claims import evidence
from longevity.findings.areas import VIEWS
from longevity.screens import briefing, call_ins, city_comparison, claim_check, follow_up, this_week
from longevity.screens.city_screen import CityScreen
from longevity.screens.data_sources import DataSources
from longevity.screens.evidence import EvidenceScreen
from longevity.screens.map import MapScreen
from longevity.screens.report import Report, Tab
from longevity.screens.support import Support
from longevity.ui import claim_box, documents, filters, page_context, press_desk, report_page
from longevity.ui.navigation import SCREENS
from longevity.ui.page_context import PageContext

Build = Callable[[PageContext], Report]


def show(file: str) -> None:
    """Draw the screen of a file in pages/, for a visitor that the guard lets in.

    Without data for it the screen has a sentence that says so.
    """
    screen = next(screen for screen in SCREENS if screen.file == file)
    visit = page_context.enter_page(screen.title)
    is_shut = screen.operational and visit.is_public
    build = (FOR_THE_PUBLIC if is_shut else BUILT)[file]
    try:
        report = build(visit)
    except DataError as error:
        said = str(error)
        report = Report(file, (Tab("none", screen.title, lambda: said, tuple),))
    report_page.show_report(visit, report)


def _build_briefing(visit: PageContext) -> Report:
    measure = filters.choose_measure(visit)
    offer = partial(documents.offer_briefing, visit, measure)
    return replace(briefing.build(visit, measure), offer=offer)


def _build_week(visit: PageContext) -> Report:
    """Return This week, for the city and the week chosen, with a button for its page."""
    city = filters.choose_option("City", "city", visit.own_cities)
    ends = this_week.list_week_ends(visit, city)
    week = this_week.choose_week(visit, city, filters.choose_week(ends) if ends else None)
    screen = this_week.ThisWeek(visit, city, week)
    report = screen.build()
    return replace(report, offer=partial(documents.offer_week, screen, report))


def _build_map(visit: PageContext) -> Report:
    """Return Map, for the city, period, measure and so on that are chosen."""
    city = filters.choose_city(visit.cities)
    period = filters.choose_period(visit, city)
    measure = filters.choose_measure(visit, city)
    show = filters.choose_option("Show", "show", VIEWS)
    points = filters.choose_points(visit)
    area = filters.choose_area(visit, visit.count_areas(period, city).frame)
    return MapScreen(visit, city, measure, period, show, area, points).build()


def _build_comparison(visit: PageContext) -> Report:
    return city_comparison.build(visit, filters.choose_measure(visit))


def _build_evidence(visit: PageContext) -> Report:
    return EvidenceScreen(visit, filters.choose_city(visit.cities)).build()


def _build_program(screen: type[CityScreen], visit: PageContext) -> Report:
    """Return a screen about the program, for the cities whose rows this viewer may read."""
    city = filters.choose_city(visit.own_cities)
    return screen(visit, city, visit.select_cities(city)).build()


def _build_claim(visit: PageContext) -> Report:
    """Return Claim check for the claim in the boxes, and draw its verdict under them."""
    names, city = evidence.Evidence(visit).names, st.query_params.get("city")
    boxes = claim_box.ClaimBoxes(names, *visit.find_span())
    reading = boxes.ask_claim(city if city in names.cities else None)
    answer = visit.compute(claim_check.answer_reading, reading)
    if reading.form is not None or reading.text:
        claim_box.draw_verdict(answer, reading.text)
    return claim_check.build(visit, reading.form, answer)


BUILT: dict[str, Build] = {
    "briefing": _build_briefing,
    "this_week": _build_week,
    "map": _build_map,
    "compare_cities": _build_comparison,
    "evidence": _build_evidence,
    "call_ins": partial(_build_program, call_ins.CallIns),
    "follow_up": partial(_build_program, follow_up.FollowUp),
    "support": partial(_build_program, Support),
    "press_desk": press_desk.build,
    "claim_check": _build_claim,
    "sources": lambda visit: DataSources(visit).build(),
}
# What the public gets for the screens with rows about groups and people: a short form, or a
# sentence that says why they are shut.
FOR_THE_PUBLIC: dict[str, Build] = {
    "this_week": page_context.stop_public_viewers,
    "call_ins": call_ins.build_public,
    "follow_up": follow_up.build_public,
    "support": page_context.stop_public_viewers,
}
