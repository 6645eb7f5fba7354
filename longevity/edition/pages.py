"""The pages of the edition: the screens in their public forms, the press gallery, the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.edition import cards
from longevity.edition.site import Picture, Site, make_slugs
from longevity.facts.counted import MEASURES
from longevity.outputs import bundle
from longevity.outputs.documents.document_files import make_slug
from longevity.release import certificates
from longevity.screens import briefing, call_ins, compare_cities, follow_up
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import SUBJECTS
from longevity.screens.evidence import EvidenceScreen
from longevity.screens.map import MAP, MapScreen
from longevity.screens.report import Card, Report, Tab, Tile
from longevity.screens.sources import DataSources
from longevity.stats import rates
from longevity.stats.periods import TO_DATE, Period
from longevity.words import wording
from longevity.words.language import ENGLISH, translate


def write_pages(site: Site) -> None:
    """Write every page, those that link to others last."""
    context = site.context
    measure = context.list_measures()[0]
    write_report(site, "", "briefing", partial(briefing.build, context, measure))
    write_maps(site, measure)
    compared = partial(compare_cities.build, context, measure)
    write_report(site, "compare-cities/", "compare_cities", compared)
    write_evidence(site)
    write_report(site, "call-ins/", "call_ins", partial(call_ins.build_public, context))
    write_report(site, "follow-up/", "follow_up", partial(follow_up.build_public, context))
    write_press(site)
    write_report(site, "sources/", "sources", DataSources(context).build)
    write_check(site)


def write_report(
    site: Site,
    address: str,
    word: str,
    build: Callable[[], Report],
    name: str = "",
    **more: Any,
) -> None:
    """Write a screen as a page at an address; where there is nothing to show it says why.

    `word`: the screen's name in the menu, by its key; `name`: of what place or year it is.
    """
    title = " · ".join(filter(None, (site.words[word], name)))
    try:
        facts = cards.describe_report(site, build(), address)
    except DataError as error:
        nothing = Tab("nothing", name="", answer=lambda: "", build=tuple)
        report = Report(word, (nothing,), alerts=(str(error),))
        facts = cards.describe_report(site, report, address)
    site.write_page(address, title, "report.html", heading=title, **facts, **more)


def write_maps(site: Site, measure: str) -> None:
    """Write a page of each city's map, of each year of it, and of each of its neighbourhoods."""
    context = site.context
    for city, name in context.cities.items():
        periods = context.list_periods(city) if city in context.spans else {}
        years = {key: period for key, period in periods.items() if key.isdecimal()}
        newest = periods.get(TO_DATE)
        counted = context.count_areas(newest, city).frame["neighbourhood"] if newest else ()
        places = make_slugs(sorted(counted), years)
        root = f"map/{make_slug(city)}/"
        links = {
            "years": {key: f"{root}{key}/" for key in sorted(years, reverse=True)},
            "areas": {area: f"{root}{slug}/" for area, slug in places.items()},
        }
        offered = {key: periods[key] for key in (TO_DATE, *years) if key in periods}
        for key, period in offered.items():
            address = root + ("" if key == TO_DATE else f"{key}/")
            screen = MapScreen(context, city, measure, period, show=rates.COUNT)
            write_report(
                site,
                address,
                word="map",
                build=partial(_build_map, screen, city),
                name=f"{name} · {period.name}",
                links=links,
            )
        for area, slug in places.items():
            write_report(
                site,
                f"{root}{slug}/",
                word="map",
                build=partial(_build_area, site, city, area, measure, periods[TO_DATE]),
                name=f"{area}, {name}",
                links={"cities": {name: root}},
            )
    _write_map_of_all(site, measure)


def _build_map(screen: MapScreen, city: str) -> Report:
    """Return the map's screen with its map as a card, as a page of files has none to click."""
    report = screen.build()
    noun = wording.start_sentence(MEASURES[screen.measure])
    card = _make_map_card(screen, city, translate("{noun} by neighbourhood", noun=noun))
    return replace(
        report,
        tabs=tuple(
            replace(tab, build=lambda: [[card]]) if tab.key == MAP else tab for tab in report.tabs
        ),
    )


def _make_map_card(screen: MapScreen, city: str, title: str) -> Card:
    """Make the card of a city's map in the screen's period, under this title."""
    values = {"city": city, "measure": screen.measure, "show": screen.show}
    values["period"] = screen.period.key
    return Card(f"map.{city}.{screen.period.key}", title, chart="area-map", values=values)


def _write_map_of_all(site: Site, measure: str) -> None:
    """Write the page that shows all cities' maps of this year, and leads to each."""
    context = site.context
    places = {
        name: f"map/{make_slug(city)}/"
        for city, name in context.cities.items()
        if f"map/{make_slug(city)}/" in site.pages
    }

    def build() -> Report:
        period = context.find_period(TO_DATE)
        screen = MapScreen(context, None, measure, period, show=rates.COUNT)
        cities = [_make_map_card(screen, city, name) for city, name in context.cities.items()]
        tab = Tab(MAP, "", screen.write_answer, lambda: [cities])
        return Report("map", (tab,))

    write_report(site, "map/", word="map", build=build, links={"cities": places})


def _build_area(site: Site, city: str, area: str, measure: str, period: Period) -> Report:
    """Return the page of a neighbourhood: what is said of it, and its years as a line and rows."""
    place = f"{city}/{area}"
    screen = MapScreen(site.context, city, measure, period, show=rates.COUNT, area=place)
    answer, _ = screen.describe_area()
    drawn = site.draw("years", {"area": place, "measure": measure})
    table = drawn.table
    trend = tuple(None if pd.isna(count) else float(count) for count in table[measure])
    tile = Tile(period.name, wording.format_number(table[measure].iloc[-1]), trend=trend)
    rows = site.context.tabulate("years_of_place", table.iloc[::-1])
    card = Card(f"area.{place}", drawn.title, table=rows, answer=drawn.answers[0])
    return Report("map", (Tab("map", "", lambda: answer, lambda: [[card]]),), tiles=(tile,))


def write_evidence(site: Site) -> None:
    """Write the evidence of all cities, and of each that has a program."""
    context = site.context
    places = {
        city: f"evidence/{make_slug(city)}/"
        for city, about in context.settings.cities.items()
        if about.launched_on
    }
    links = {context.cities[city]: address for city, address in places.items()}
    of_all = EvidenceScreen(context, None).build
    write_report(site, "evidence/", word="evidence", build=of_all, links={"cities": links})
    for city, address in places.items():
        build = EvidenceScreen(context, city).build
        write_report(site, address, word="evidence", build=build, name=context.cities[city])


def write_press(site: Site) -> None:
    """Write the gallery of public charts; of each a page with its files, and one to embed."""
    groups: dict[str, list[Any]] = {}
    for entry in chart_list.list_public(site.context.settings):
        try:
            drawn = site.draw(entry.name, {})
        except DataError:
            continue  # the press desk says why
        picture = site.add_picture(drawn)
        _write_chart(site, drawn, picture)
        groups.setdefault(SUBJECTS[entry.about.subject], []).append((entry, picture))
    title = site.words["press"]
    site.write_page("press/", title, "gallery.html", heading=title, groups=groups)


def _write_chart(site: Site, drawn: Chart, picture: Picture) -> None:
    """Write a chart's page, the same to be embedded by other websites, and its signed files.

    The files are made and signed once, in English; other languages link to them.
    """
    name = drawn.name
    if site.language == ENGLISH:  # files are signed once
        made = bundle.make_bundle(drawn, site.context.settings)
        for file, content in made.items():
            site.write_file(f"press/files/{file}", content)
        site.press_files[name] = sorted(made)
    files = site.press_files[name]
    facts = {
        "heading": chart_list.find_entry(name).title,
        "chart": name,
        "picture": picture,
        "method": cards.describe_method(drawn.about, f"charts/{picture.slug}.csv"),
        "files": files,
        "png": next(file for file in files if file.endswith(".png")),
        "source": drawn.about.source,
    }
    site.write_page(f"press/{name}/", drawn.title, "chart.html", **facts)
    site.write_page(f"embed/{name}/", drawn.title, "embed.html", **facts)
    del site.pages[f"embed/{name}/"]  # it is found through the chart's page


def write_check(site: Site) -> None:
    """Write the page on how to verify a file of ours, with the certificate that signs."""
    identity = certificates.ensure_identity(site.context.settings)
    site.write_shared("signer.pem", certificates.write_pem(*identity.chain))
    title = site.words["check"]
    ends = wording.format_day(identity.ends)
    site.write_page(
        "check-a-file/", title, "check.html", heading=title, signer=identity.name, ends=ends
    )


def write_index(site: Site, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write the search, which is a list of all pages, and the feed of changes.

    `changes`: of each release, the newest first. The feed has whole addresses, so it is there only
    where the address of the site is said.
    """
    questions = {
        f"definitions/#{query.name}": translate(query.question)
        for query in site.context.warehouse.queries.values()
        if query.query_class.public
    }
    found = {**site.pages, **questions}
    title = site.words["search"]
    site.write_page("search/", title, "search.html", heading=title, found=found)
    if site.base_url:
        site.write_file("feed.xml", site.render("feed.xml", changes=changes))
