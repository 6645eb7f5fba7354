"""Neighbourhoods: where were people shot, and how has one area changed?"""

import streamlit as st

from longevity.measures import places, rates
from longevity.measures.wording import plain
from longevity.press import clock, maps, trends
from longevity.press.chart import MEASURES
from longevity.press.style import city_colour
from longevity.screen import filters, guard, parts

visit = guard.enter("Neighbourhoods")
first, through = visit.span()
city = filters.city(visit)
period = filters.period(first, through)
measure = filters.measure()
show = filters.choose("Show", "show", {"count": "Counts", "rate": "Rate per 100,000 residents"})
shown_cities = [city] if city else list(visit.cities)
drawing = visit.drawing()
noun = MEASURES[measure]

dates = {"date_from": period.start, "date_until": period.until}
located = visit.ask("victims_by_neighbourhood", city=city, **dates)
unlocated = visit.ask("unlocated_victims_by_city", city=city, **dates)
parts.answer_sentence(
    places.where(located.frame, unlocated.frame, measure, visit.cities, period.during)
)
outside = located.provenance.outside
missing = places.not_covered(outside, visit.cities, period.during)
if missing:
    st.info(plain(missing))
if show == rates.RATE:
    st.caption("A rate of a small place or a short period swings widely. Read it with its count.")

areas = rates.of_areas(located.frame, measure, noun, period.days, show)
shades = maps.scale(list(areas["value"].dropna()), rates.unit(noun, show), int(show == rates.RATE))
area = filters.area(visit, areas)
filters.year_steps(first, through, period)
if set(shown_cities) <= set(outside):
    parts.footer(located.provenance)
    st.stop()

for column, one in zip(st.columns(len(shown_cities)), shown_cities, strict=True):
    with column:
        if one in outside:
            st.markdown(f"**{plain(visit.cities[one])}**")
            st.caption(places.NOT_COVERED)
            continue
        own = areas[areas["city"] == one]
        drawn = maps.areas(
            own,
            visit.boundaries(one),
            drawing,
            shades,
            area.neighbourhood if area and area.city == one else None,
            visit.cities[one],
            (1000, 560) if city else (300, 400),
        )
        parts.map_of(drawn, one, visit)
parts.figure(
    maps.legend(shades, drawing, set(areas["state"])),
    f"Key to the colours: {shades.unit}.",
    "places.legend",
)
parts.footer(located.provenance)
parts.details(
    f"{measure}-by-neighbourhood",
    parts.named(areas.drop(columns=["said"]), visit),
    located.provenance,
    "places.table",
)
st.markdown(plain(places.unlocated(unlocated.frame, measure, visit.cities)))
parts.table(parts.named(unlocated.frame, visit), unlocated, "places.unlocated", folded=True)

st.divider()
if area is None:
    st.info("Click a neighbourhood on a map, or choose one in the sidebar, to open it.")
    st.stop()

st.header(plain(f"{area.neighbourhood}, {visit.cities[area.city]}"))
place = {"city": area.city, "neighbourhood": area.neighbourhood}
by_year = visit.ask("victims_by_year", **place)
parts.answer_sentence(places.one(by_year.frame, measure, area.neighbourhood, through))
left, right = st.columns(2)
with left:
    parts.chart(
        trends.years(
            by_year.frame,
            drawing,
            measure,
            "Year by year",
            city_colour(drawing.theme, drawing.position(area.city)),
        ),
        by_year,
        "places.years",
    )
with right:
    years = {"year_from": period.start.year, "year_until": period.last.year + 1}
    hours = visit.ask("incidents_by_hour_and_weekday", **place, **years)
    when = places.years_of("When in the week", period.years)
    if clock.has_hours(hours.frame):
        parts.chart(clock.hours_and_weekdays(hours.frame, drawing, when), hours, "places.hours")
    else:
        st.markdown(f"**{plain(when)}**")
        st.info(places.no_hours(hours.frame))
