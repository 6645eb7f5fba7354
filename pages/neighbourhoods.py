"""Neighbourhoods: where were people shot, and has an area changed by more than chance?"""

import streamlit as st

from longevity.measures import clusters, neighbourhood_changes, places, points, side_by_side
from longevity.measures.wording import plain
from longevity.press.chart import MEASURES
from longevity.press.charts import places as drawn_places
from longevity.press.figures import maps
from longevity.press.figures import points as dots
from longevity.screen import filters, folds, guard, parts

visit = guard.enter("Neighbourhoods")
first, through = visit.span()
city = filters.city(visit)
period = filters.period(first, through)
measure = filters.measure(visit, city)
show = filters.choose("Show", "show", neighbourhood_changes.SHOWN)
shown_cities = [city] if city else list(visit.cities)
with_points = filters.points(visit)
if with_points:
    parts.not_for_release(visit)
tested = side_by_side.tested(measure)
least = visit.settings.thresholds.least_base_for_percentage

dates = {"date_from": period.start, "date_until": period.until}
located = visit.ask("victims_by_neighbourhood", city=city, **dates)
unlocated = visit.ask("unlocated_victims_by_city", city=city, **dates)
parts.answer_sentence(
    visit.made(places.where, located, unlocated, measure, visit.cities, period.during)
)
outside = located.provenance.outside
parts.silence(places.not_covered(outside, visit.cities, period.during))
parts.silence(visit.why_not(measure, city) or visit.why_not("victims", city))

area = filters.area(visit, located.frame)
filters.year_steps(first, through, period)
if set(shown_cities) <= set(outside):
    parts.footer(located.provenance)
    st.stop()

before = visit.ask("victims_by_neighbourhood_year", city=city, **dates)
with parts.until_made():
    told = visit.made(drawn_places.shaded, visit, city, measure, period, show)
changes, areas, shades, note = told.changes, told.areas, told.shades, told.note
asked = (city, measure, period)
changes_table = visit.made(drawn_places.changes_table, visit, *asked, show)
too_long = neighbourhood_changes.too_long(period.start, period.until)
reading = neighbourhood_changes.reading(measure, tested)
behind = parts.named(areas.drop(columns=["said"]), visit)
if show == neighbourhood_changes.CHANGE:
    behind, reading = changes_table, ""  # the reading is said once
if note:
    st.caption(plain(note))

seen = [one for one in shown_cities if with_points and visit.sees(one)]
shootings = visit.ask("incident_points", city=city, **dates) if seen else None
for column, one in zip(st.columns(len(shown_cities)), shown_cities, strict=True):
    with column:
        own = areas[areas["city"] == one]
        if own.empty:
            st.markdown(f"**{plain(visit.cities[one])}**")
            parts.boundary_badge(visit, one)
            not_held = plain(visit.why_not(measure, one))
            st.caption(not_held or places.without_map(one in outside, visit.has_boundaries(one)))
            continue
        opened = area.neighbourhood if area and area.city == one else None
        size = drawn_places.SIZE if city else drawn_places.BESIDE
        drawn = visit.made(drawn_places.seen, visit, *asked, show, one, opened, size)
        if shootings and one in seen:
            own = shootings.frame[shootings.frame["city"] == one]
            drawn = dots.over(drawn, points.by_block(own))
        parts.map_of(drawn, one, visit)
        as_seen = {"city": one, "measure": measure, "period": period.key, "show": show}
        parts.to_press("area-map", as_seen)
if not areas.empty:
    parts.colours(shades, set(areas["state"]))
    parts.footer(told.mapped.provenance)
    folds.details(f"{measure}-by-neighbourhood", behind, told.mapped.provenance, "places.table")
if with_points:
    parts.points(visit, shootings, located, unlocated, shown_cities)
st.markdown(plain(visit.made(places.unlocated, unlocated, measure, visit.cities)))
parts.table(parts.named(unlocated.frame, visit), unlocated, "places.unlocated", folded=True)

st.divider()
if area is None:
    st.info("Click a neighbourhood on a map, or choose one in the sidebar, to open it.")
else:
    st.subheader(plain(f"{area.neighbourhood}, {visit.cities[area.city]}"))
    place = {"city": area.city, "neighbourhood": area.neighbourhood}
    opened = f"{area.city}/{area.neighbourhood}"
    by_year = visit.ask("victims_by_year", **place)
    not_held = visit.why_not(measure, area.city)
    if not_held:
        st.markdown(f"#### {plain(not_held)}")
    else:
        count = visit.made(places.in_area, located, measure, area.city, area.neighbourhood)
        here = visit.made(
            places.one, by_year, measure, area.neighbourhood, count, period.during, through.year
        )
        st.markdown(f"#### {plain(here)}")
        st.markdown(
            plain(
                neighbourhood_changes.one(
                    changes[area.city], area.neighbourhood, MEASURES[tested], least
                )
            )
        )
    left, right = st.columns(2)
    with left:
        parts.catalogued(visit, "years", "places.years", area=opened, measure=measure)
    with right:
        parts.catalogued(visit, "hours-and-weekdays", "places.hours", area=opened, years=period.key)
    st.divider()

st.subheader("Is any neighbourhood’s change more than chance?")
if too_long:
    st.markdown(plain(too_long))
else:
    parts.sentences(neighbourhood_changes.sentences(changes, visit.cities, MEASURES[tested]))
    st.caption(plain(f"{reading} {neighbourhood_changes.CAUTION}"))
    parts.table(changes_table, before, "places.changes")

st.subheader("Do neighbours resemble each other?")
st.caption(plain(clusters.QUESTION))
found = visit.made(drawn_places.clustered, visit, *asked)
for column, one in zip(st.columns(len(shown_cities)), shown_cities, strict=True):
    with column:
        st.markdown(f"**{plain(visit.cities[one])}**")
        if one not in found:
            not_held = plain(visit.why_not(measure, one))
            st.caption(not_held or places.without_map(one in outside, visit.has_boundaries(one)))
            continue
        each = found[one]
        st.markdown(plain(each.sentence))
        st.caption(plain(f"{each.caution} {each.left_out}".strip()))
        if each.any:
            patterns = visit.made(drawn_places.patterns, visit, *asked, one, drawn_places.BESIDE)
            parts.figure(patterns.figure, patterns.alt, f"places.clusters.{one}")
kinds = {kind for each in found.values() if each.any for kind in each.for_map()["state"]}
if kinds:
    parts.colours(maps.clusters(), kinds)
table = visit.made(drawn_places.clusters_table, visit, *asked)
parts.table(table, located, "places.clusters", folded=True)
