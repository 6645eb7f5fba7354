"""The pages of the edition: the screens in their public forms, the press gallery, the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from longevity.edition import cards
from longevity.edition.site import Picture, Site, make_slug, make_slugs
from longevity.errors import DataError, UsageError
from longevity.language import ENGLISH, translate
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.outputs import bundle, table_files
from longevity.release import certificates
from longevity.screens import briefing, call_ins, city_comparison, data_sources, follow_up
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import SUBJECTS, Drawn, Entry
from longevity.screens.chart_catalogue.neighbourhoods import THIS_YEAR
from longevity.screens.evidence import Evidence
from longevity.screens.map import MAP, MapScreen
from longevity.screens.report import Card, Report, Tab, Tile
from longevity.stats import rates


def write_pages(site: Site) -> None:
    """Write every page, those that link to others last."""
    context = site.context
    measure = context.list_measures()[0]
    write_report(site, "", "briefing", lambda: briefing.build(context, measure))
    write_maps(site, measure)
    compared = partial(city_comparison.build, context, measure)
    write_report(site, "compare-cities/", "compare_cities", compared)
    write_evidence(site)
    write_report(site, "call-ins/", "call_ins", lambda: call_ins.build_public(context))
    write_report(site, "follow-up/", "follow_up", lambda: follow_up.build_public(context))
    write_press(site)
    write_report(site, "sources/", "sources", lambda: data_sources.build(context))
    write_definitions(site)
    write_check(site)


def write_report(
    site: Site,
    address: str,
    word: str,
    build: Callable[[], Report],
    name: str = "",
    **more: Any,
) -> None:
    """Write a screen as a page. `word`: its name in the menu; `name`: of what place or year it is.

    Where there is nothing to show, the page says why.
    """
    title = " · ".join(filter(None, (site.words[word], name)))
    try:
        facts = cards.describe_report(site, build(), address)
    except DataError as error:
        nothing = Tab("nothing", "", lambda: "", tuple)
        report = Report(word, (nothing,), alerts=(str(error),))
        facts = cards.describe_report(site, report, address)
    site.write_page(address, title, "report.html", heading=title, **facts, **more)


def write_maps(site: Site, measure: str) -> None:
    """Write the maps of this year so far: of each city, of all, and what is known of each area."""
    context, cities = site.context, {}
    for city, name in context.cities.items():
        period = context.list_periods(city).get(THIS_YEAR) if city in context.spans else None
        if period is None:
            continue
        cities[name] = root = f"map/{make_slug(city)}/"
        screen = MapScreen(context, city, measure, period, rates.COUNT)
        places = make_slugs(sorted(context.count_areas(period, city).frame["neighbourhood"]))
        links = {area: f"{root}{slug}/" for area, slug in places.items()}
        build, title = partial(_build_map, screen), f"{name} · {period.name}"
        write_report(site, root, "map", build, title, links={"areas": links})
        for area, address in links.items():
            build = partial(_build_area, screen, area)
            back = {"cities": {name: root}}
            write_report(site, address, "map", build, f"{area}, {name}", links=back)

    def build_all() -> Report:
        screen = MapScreen(context, None, measure, context.find_period(THIS_YEAR), rates.COUNT)
        cards = [_make_map_card(screen, city, name) for city, name in context.cities.items()]
        return Report("map", (Tab(MAP, "", screen.write_answer, lambda: [cards]),))

    write_report(site, "map/", "map", build_all, links={"cities": cities})


def _build_map(screen: MapScreen) -> Report:
    """Return a city's screen with its map as a card: on the page there is no map to click."""
    report, noun = screen.build(""), wording.start_sentence(MEASURES[screen.measure])
    title = translate("{noun} by neighbourhood", noun=noun)
    card = _make_map_card(screen, str(screen.city), title)
    tabs = (replace(tab, build=lambda: [[card]]) if tab.key == MAP else tab for tab in report.tabs)
    return replace(report, tabs=tuple(tabs))


def _make_map_card(screen: MapScreen, city: str, title: str) -> Card:
    period = screen.period.key
    values = {"city": city, "measure": screen.measure, "show": screen.show, "period": period}
    return Card(f"map.{city}.{period}", title, chart="area-map", values=values)


def _build_area(screen: MapScreen, area: str) -> Report:
    """Return what is said of a neighbourhood, with its years as a line and as rows."""
    context, measure, place = screen.context, screen.measure, f"{screen.city}/{area}"
    opened = screen.build(place).tabs[0]
    said = [card for row in opened.build() for card in row if isinstance(card, Card)]
    answer = said[0].sentences[0] if opened.key == MAP else opened.find_answer()
    values = {"area": place, "measure": measure}
    drawn = context.compute(chart_list.draw_chart, "years", values)
    table = drawn.chart.table
    trend = tuple(None if pd.isna(count) else float(count) for count in table[measure])
    now = wording.format_number(table[measure].iloc[-1])
    rows = context.tabulate("years_of_place", table.iloc[::-1])
    card = Card(f"area.{place}", drawn.chart.title, table=rows, answer=drawn.answers[0])
    tab = Tab("map", "", lambda: answer, lambda: [[card]])
    return Report("map", (tab,), tiles=(Tile(screen.period.name, now, trend=trend),))


def write_evidence(site: Site) -> None:
    """Write the evidence of all cities, and of each that has a program."""
    context = site.context
    launched = {
        city: context.cities[city]
        for city, about in context.settings.cities.items()
        if about.launched_on
    }
    places = {name: f"evidence/{make_slug(city)}/" for city, name in launched.items()}
    build = Evidence(context, None).build
    write_report(site, "evidence/", "evidence", build, links={"cities": places})
    for city, name in launched.items():
        of_city = Evidence(context, city).build
        write_report(site, places[name], "evidence", of_city, name)


def write_press(site: Site) -> None:
    """Write the gallery, and of each public chart its page with its files, and its embed."""
    groups: dict[str, list[tuple[Entry, Picture]]] = {}
    for entry in chart_list.list_entries(site.context.settings):
        if entry.why_not_public:
            continue
        try:
            drawn = site.draw(entry.name, {})
        except DataError:
            continue  # the press desk says why
        picture = site.add_picture(drawn)
        _write_chart(site, drawn, picture)
        groups.setdefault(SUBJECTS[entry.subject], []).append((entry, picture))
    title = site.words["press"]
    site.write_page("press/", title, "gallery.html", heading=title, groups=groups)


def _write_chart(site: Site, drawn: Drawn, picture: Picture) -> None:
    name, title = drawn.entry.name, drawn.chart.title
    if site.language == ENGLISH:  # they are signed once
        made = bundle.make_bundle(drawn, site.context.settings)
        for file, content in made.items():
            site.write_file(f"press/files/{file}", content)
        site.press_files[name] = sorted(made)
    files = site.press_files[name]
    facts = {
        "heading": drawn.entry.title,
        "chart": name,
        "picture": picture,
        "method": cards.describe_method(drawn.about, f"charts/{picture.slug}.csv"),
        "files": files,
        "png": next(file for file in files if file.endswith(".png")),
        "source": drawn.about.source,
    }
    site.write_page(f"press/{name}/", title, "chart.html", **facts)
    site.write_page(f"embed/{name}/", title, "embed.html", **facts)


def write_definitions(site: Site) -> None:
    """Write each public question, and its answer as CSV, with its parameters as they open."""
    listed = []
    for query in site.context.warehouse.queries.values():
        if not query.query_class.public:
            continue
        try:
            answer = site.context.ask(query.name)
        except (DataError, UsageError):
            continue  # it is asked of one place or day
        listed.append((query, answer.provenance))
        site.write_shared(f"data/{make_slug(query.name)}.csv", table_files.write_rows(answer.frame))
    title = site.words["definitions"]
    site.write_page("definitions/", title, "definitions.html", heading=title, queries=listed)


def write_check(site: Site) -> None:
    """Write how a file is verified, with the certificate that signs."""
    identity = certificates.ensure_identity(site.context.settings)
    site.write_shared("signer.pem", certificates.write_pem(*identity.chain))
    title = site.words["check"]
    facts: Mapping[str, Any] = {
        "heading": title,
        "signer": identity.name,
        "ends": wording.format_day(identity.ends),
    }
    site.write_page("check-a-file/", title, "check.html", **facts)


def write_sitemap(site: Site, addresses: Sequence[str]) -> None:
    """Write the list of all pages that programs read, where the address of the site is said."""
    if site.base_url:
        facts = {"base_url": site.base_url, "pages": addresses}
        site.write_file("sitemap.xml", site.render("sitemap.xml", **facts))
