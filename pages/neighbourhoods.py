"""Neighbourhoods: where were people shot, and has an area changed by more than chance?"""

import streamlit as st

from longevity.charts.chart import MEASURES
from longevity.charts.figures import maps
from longevity.charts.figures import points as dots
from longevity.reports.chart_catalogue import neighbourhoods as drawn_places
from longevity.text import (
    city_comparison,
    clusters,
    neighbourhood_changes,
    neighbourhoods,
    shooting_points,
)
from longevity.text.periods import describe_during
from longevity.text.wording import escape_markdown
from longevity.ui import components, expanders, filters, page_context

visit = page_context.enter("Neighbourhoods")
first, through = visit.find_span()
city = filters.city(visit)
period = filters.period(first, through)
measure = filters.measure(visit, city)
show = filters.choose("Show", "show", neighbourhood_changes.VIEWS)
shown_cities = [city] if city else list(visit.cities)
with_points = filters.points(visit)
if with_points:
    components.not_for_release(visit)
tested = city_comparison.find_test_measure(measure)
least = visit.settings.thresholds.least_base_for_percentage

dates = {"date_from": period.start, "date_until": period.until}
located = visit.ask("victims_by_neighbourhood", city=city, **dates)
unlocated = visit.ask("unlocated_victims_by_city", city=city, **dates)
components.answer_sentence(
    visit.compute(
        neighbourhoods.describe_where,
        located,
        unlocated,
        measure,
        visit.cities,
        describe_during(period),
    )
)
outside = located.provenance.outside
components.silence(
    neighbourhoods.describe_cities_not_covered(outside, visit.cities, describe_during(period))
)
components.silence(visit.explain_absence(measure, city) or visit.explain_absence("victims", city))

area = filters.area(visit, located.frame)
filters.year_steps(first, through, period)
if set(shown_cities) <= set(outside):
    components.footer(located.provenance)
    st.stop()

before = visit.ask("victims_by_neighbourhood_year", city=city, **dates)
with components.until_made():
    told = visit.compute(drawn_places.shaded, visit, city, measure, period, show)
changes, areas, shades, note = told.changes, told.areas, told.shades, told.note
asked = (city, measure, period)
changes_table = visit.compute(drawn_places.changes_table, visit, *asked, show)
too_long = neighbourhood_changes.explain_too_long(period.start, period.until)
reading = neighbourhood_changes.explain_changes(measure, tested)
behind = components.named(areas.drop(columns=["said"]), visit)
if show == neighbourhood_changes.CHANGE:
    behind, reading = changes_table, ""  # the reading is said once
if note:
    st.caption(escape_markdown(note))

seen = [one for one in shown_cities if with_points and visit.can_see(one)]
shootings = visit.ask("incident_points", city=city, **dates) if seen else None
for column, one in zip(st.columns(len(shown_cities)), shown_cities, strict=True):
    with column:
        own = areas[areas["city"] == one]
        if own.empty:
            st.markdown(f"**{escape_markdown(visit.cities[one])}**")
            components.boundary_badge(visit, one)
            not_held = escape_markdown(visit.explain_absence(measure, one))
            st.caption(
                not_held or neighbourhoods.explain_no_map(one in outside, visit.has_boundaries(one))
            )
            continue
        opened = area.neighbourhood if area and area.city == one else None
        size = drawn_places.SIZE if city else drawn_places.BESIDE
        drawn = visit.compute(drawn_places.seen, visit, *asked, show, one, opened, size)
        if shootings and one in seen:
            own = shootings.frame[shootings.frame["city"] == one]
            drawn = dots.over(drawn, shooting_points.group_by_block(own))
        components.map_of(drawn, one, visit)
        as_seen = {"city": one, "measure": measure, "period": period.key, "show": show}
        components.to_press("area-map", as_seen)
if not areas.empty:
    components.colours(shades, set(areas["state"]))
    components.footer(told.mapped.provenance)
    expanders.details(f"{measure}-by-neighbourhood", behind, told.mapped.provenance, "places.table")
if with_points:
    components.points(visit, shootings, located, unlocated, shown_cities)
st.markdown(
    escape_markdown(
        visit.compute(neighbourhoods.describe_unlocated, unlocated, measure, visit.cities)
    )
)
components.table(
    components.named(unlocated.frame, visit), unlocated, "places.unlocated", folded=True
)

st.divider()
if area is None:
    st.info("Click a neighbourhood on a map, or choose one in the sidebar, to open it.")
else:
    st.subheader(escape_markdown(f"{area.neighbourhood}, {visit.cities[area.city]}"))
    place = {"city": area.city, "neighbourhood": area.neighbourhood}
    opened = f"{area.city}/{area.neighbourhood}"
    by_year = visit.ask("victims_by_year", **place)
    not_held = visit.explain_absence(measure, area.city)
    if not_held:
        st.markdown(f"#### {escape_markdown(not_held)}")
    else:
        count = visit.compute(
            neighbourhoods.count_in_neighbourhood, located, measure, area.city, area.neighbourhood
        )
        here = visit.compute(
            neighbourhoods.describe_neighbourhood,
            by_year,
            measure,
            area.neighbourhood,
            count,
            describe_during(period),
            through.year,
        )
        st.markdown(f"#### {escape_markdown(here)}")
        st.markdown(
            escape_markdown(
                neighbourhood_changes.describe_neighbourhood(
                    changes[area.city], area.neighbourhood, MEASURES[tested], least
                )
            )
        )
    left, right = st.columns(2)
    with left:
        components.catalogued(visit, "years", "places.years", area=opened, measure=measure)
    with right:
        components.catalogued(
            visit, "hours-and-weekdays", "places.hours", area=opened, years=period.key
        )
    st.divider()

st.subheader("Is any neighbourhood’s change more than chance?")
if too_long:
    st.markdown(escape_markdown(too_long))
else:
    components.sentences(
        neighbourhood_changes.describe_cities(changes, visit.cities, MEASURES[tested])
    )
    st.caption(escape_markdown(f"{reading} {neighbourhood_changes.CAUTION}"))
    components.table(changes_table, before, "places.changes")

st.subheader("Do neighbours resemble each other?")
st.caption(escape_markdown(clusters.QUESTION))
found = visit.compute(drawn_places.clustered, visit, *asked)
for column, one in zip(st.columns(len(shown_cities)), shown_cities, strict=True):
    with column:
        st.markdown(f"**{escape_markdown(visit.cities[one])}**")
        if one not in found:
            not_held = escape_markdown(visit.explain_absence(measure, one))
            st.caption(
                not_held or neighbourhoods.explain_no_map(one in outside, visit.has_boundaries(one))
            )
            continue
        each = found[one]
        st.markdown(escape_markdown(clusters.describe_clusters(each)))
        st.caption(
            escape_markdown(
                f"{clusters.warn_of_few_areas(each)} {clusters.list_areas_not_tested(each)}".strip()
            )
        )
        if each.has_pattern:
            patterns = visit.compute(drawn_places.patterns, visit, *asked, one, drawn_places.BESIDE)
            components.figure(patterns.figure, patterns.alt, f"places.clusters.{one}")
kinds = {
    kind
    for each in found.values()
    if each.has_pattern
    for kind in clusters.build_map_frame(each)["state"]
}
if kinds:
    components.colours(maps.clusters(), kinds)
table = visit.compute(drawn_places.clusters_table, visit, *asked)
components.table(table, located, "places.clusters", folded=True)
