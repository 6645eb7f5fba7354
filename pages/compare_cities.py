"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

import streamlit as st

from longevity.measures import (
    baselines,
    people,
    public_forms,
    reach,
    record,
    side_by_side,
    windows,
)
from longevity.measures.wording import plain
from longevity.press.chart import MEASURES
from longevity.press.charts import people_shot
from longevity.press.charts.side_by_side import against_baselines
from longevity.screen import filters, guard, parts

visit = guard.enter("Compare cities")
measure = filters.measure(visit)
filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city side by side, over periods of its own"
)
least = visit.settings.thresholds.least_base_for_percentage
cities = visit.settings.cities

to_date = visit.ask("year_to_date_by_city")
through = to_date.provenance.data_through
if through is None:
    parts.nothing("incidents and victims")
about = visit.ask("cities").frame
fair = windows.fair(parts.days_by_city(about, "data_through"), visit.cities)
names = {**visit.cities, baselines.TOGETHER: "Together"}
tested = side_by_side.tested(measure)
with parts.until_made():
    told = visit.made(against_baselines, visit, measure)
parts.answer_sentence(side_by_side.answer(told, MEASURES[tested], names))
st.caption(plain(f"{fair.sentence} {side_by_side.missing(told, names)}"))
parts.silence(visit.why_not(measure) or visit.why_not("victims"))
context = side_by_side.context(told, names)
if context:
    st.caption(plain(context))

described = [city for city in cities.values() if city.context.strip()]
parts.on_this_screen(
    [
        "This year so far, against every baseline",
        "Twelve months at a time",
        "Rates",
        "The newest weeks still grow",
        "Who is hurt, and when",
        "Reach of the program",
        "The published record",
        *(["Each community is different"] if described else []),
    ]
)

st.subheader("This year so far, against every baseline")
if tested != measure:
    st.caption(
        "Told of shooting incidents: several people can be shot in one, so people are no "
        "independent events and would make chance look like change."
    )
parts.catalogued(visit, "baselines", "compare.baselines", measure=measure)

st.subheader("Twelve months at a time")
parts.catalogued(visit, "twelve-months", "compare.months", measure=measure)

st.subheader("Rates")
parts.catalogued(visit, "rates", "compare.rates", measure=measure)
parts.catalogued(visit, "funnel", "compare.funnel", measure=measure)

st.subheader("The newest weeks still grow")
ends_iso = {city.id: city.week_ends_iso for city in cities.values()}
st.caption(plain(windows.newest_weeks(through, ends_iso, visit.cities).sentence))
parts.catalogued(visit, "newest-weeks", "compare.weeks")

st.subheader("Who is hurt, and when")
parts.sentences([visit.why_not("victims")])
known = "victims" in visit.measures()
if known and visit.viewer.named_scope is None:
    who = visit.ask("public_victims")
    parts.for_the_public(public_forms.why(visit.settings.thresholds.withheld_up_to))
    if who.frame.empty:
        st.markdown(public_forms.NONE_YET)
    else:
        for attribute in visit.made(people.told_to_the_public, who):
            key = f"compare.{attribute}"
            parts.catalogued(visit, "victims-by-attribute", key, attribute=attribute)
        parts.catalogued(visit, "young-black-men", "compare.young")
elif known:
    dates = {"date_from": windows.last_days(through, 365)[0]}
    who = visit.ask("victims_by_attribute", **dates)
    for attribute, title in people.ATTRIBUTES.items():
        drawn = visit.made(people_shot.of_the_year, visit, who, attribute, title)
        parts.sentences(drawn.said)
        parts.chart(drawn, who, f"compare.{attribute}")
        parts.to_press("victims-by-attribute", {"attribute": attribute})
    young = visit.ask("young_black_men_by_city", **dates)
    for sentence in visit.made(people.young_black_men, young, visit.cities, least):
        st.markdown(f"- {plain(sentence)}")
    parts.table(parts.named(young.frame, visit), young, "compare.young", folded=True)
    involved = visit.ask("gmi_share")
    parts.catalogued(visit, "group-involvement", "compare.gmi")
    for row in involved.frame.itertuples():
        said = reach.gmi_range(
            row.confirmed, row.suspected, row.unknown, row.reviewed, row.incidents
        )
        st.markdown(f"- {plain(visit.cities[row.city])}: {plain(said)}")
for column, city in zip(st.columns(len(visit.cities)), visit.cities, strict=True):
    with column:
        parts.catalogued(visit, "hours-and-weekdays", f"compare.hours.{city}", area=city)

st.subheader("Reach of the program")
if visit.viewer.named_scope is None:
    reached = visit.ask("public_funnel")
    stayed = visit.ask("public_still_active")
    st.markdown(plain(visit.made(public_forms.came, reached, visit.cities)))
    parts.table(visit.made(public_forms.steps, reached, visit.cities), reached, "compare.program")
    st.markdown(plain(visit.made(public_forms.still_active, stayed, visit.cities)))
    st.markdown(plain(public_forms.promises(visit.ask("public_promises").frame, len(cities))))
    if public_forms.counts_promises(len(cities)):
        parts.catalogued(visit, "promises-by-year", "compare.promises")
else:
    asked = {"city": visit.viewer.city} if visit.viewer.city else {}
    reached = visit.ask("call_in_funnel", **asked)
    table = visit.made(
        side_by_side.program,
        reached,
        visit.ask("cadence_by_city", **asked),
        visit.ask("promises", **asked),
        visit.ask("reentry_greeting", **asked),
        {c: n for c, n in visit.cities.items() if c == visit.viewer.city} or visit.cities,
    )
    parts.not_for_release(visit)
    parts.table(table, reached, "compare.program")

st.subheader("The published record")
published = visit.ask("published_counts")
keys = {city.reference_key: city.id for city in cities.values()}
kinds = visit.made(record.metrics, published, keys)
if kinds:
    metric = filters.choose("Published figure", "metric", kinds)
    parts.catalogued(visit, "published-record", "compare.record", metric=metric)
else:
    where = "these cities" if len(cities) > 1 else "this city"
    st.markdown(plain(f"No published figure of {where} is among the reference facts."))

if described:
    st.subheader("Each community is different")
for city in described:
    st.markdown(f"**{plain(city.name)}.** {plain(city.context.strip())}")
