"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

import streamlit as st

from longevity.charts.chart import MEASURES
from longevity.reports.chart_catalogue import victims
from longevity.reports.chart_catalogue.city_comparison import against_baselines
from longevity.stats import baselines, windows
from longevity.text import city_comparison, public_text, published_record, reach, victim_attributes
from longevity.text.windows import describe_common_day, describe_newest_weeks
from longevity.text.wording import escape_markdown
from longevity.ui import components, filters, page_context

visit = page_context.enter("Compare cities")
measure = filters.measure(visit)
filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city side by side, over periods of its own"
)
least = visit.settings.thresholds.least_base_for_percentage
cities = visit.settings.cities

to_date = visit.ask("year_to_date_by_city")
through = to_date.provenance.data_through
if through is None:
    components.nothing("incidents and victims")
about = visit.ask("cities").frame
fair = windows.find_common_day(components.days_by_city(about, "data_through"))
names = {**visit.cities, baselines.TOGETHER: "Together"}
tested = city_comparison.find_test_measure(measure)
with components.until_made():
    told = visit.compute(against_baselines, visit, measure)
components.answer_sentence(city_comparison.write_answer(told, MEASURES[tested], names))
sentence = describe_common_day(fair, visit.cities)
st.caption(escape_markdown(f"{sentence} {city_comparison.describe_missing_cities(told, names)}"))
components.silence(visit.explain_absence(measure) or visit.explain_absence("victims"))
context = city_comparison.describe_earlier_changes(told, names)
if context:
    st.caption(escape_markdown(context))

described = [city for city in cities.values() if city.context.strip()]
components.on_this_screen(
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
components.catalogued(visit, "baselines", "compare.baselines", measure=measure)

st.subheader("Twelve months at a time")
components.catalogued(visit, "twelve-months", "compare.months", measure=measure)

st.subheader("Rates")
components.catalogued(visit, "rates", "compare.rates", measure=measure)
components.catalogued(visit, "funnel", "compare.funnel", measure=measure)

st.subheader("The newest weeks still grow")
ends_iso = {city.id: city.week_ends_iso for city in cities.values()}
weeks = windows.find_newest_weeks(through, ends_iso)
st.caption(escape_markdown(describe_newest_weeks(weeks, visit.cities)))
components.catalogued(visit, "newest-weeks", "compare.weeks")

st.subheader("Who is hurt, and when")
components.sentences([visit.explain_absence("victims")])
known = "victims" in visit.list_measures()
if known and visit.viewer.named_scope is None:
    who = visit.ask("public_victims")
    components.for_the_public(
        public_text.explain_withheld(visit.settings.thresholds.withheld_up_to)
    )
    if who.frame.empty:
        st.markdown(public_text.NONE_YET)
    else:
        for attribute in visit.compute(victim_attributes.list_public_attributes, who):
            key = f"compare.{attribute}"
            components.catalogued(visit, "victims-by-attribute", key, attribute=attribute)
        components.catalogued(visit, "young-black-men", "compare.young")
elif known:
    dates = {"date_from": windows.span_last_days(through, 365)[0]}
    who = visit.ask("victims_by_attribute", **dates)
    for attribute, title in victim_attributes.ATTRIBUTES.items():
        drawn = visit.compute(victims.of_the_year, visit, who, attribute, title)
        components.sentences(drawn.said)
        components.chart(drawn, who, f"compare.{attribute}")
        components.to_press("victims-by-attribute", {"attribute": attribute})
    young = visit.ask("young_black_men_by_city", **dates)
    for sentence in visit.compute(
        victim_attributes.describe_young_black_men, young, visit.cities, least
    ):
        st.markdown(f"- {escape_markdown(sentence)}")
    components.table(components.named(young.frame, visit), young, "compare.young", folded=True)
    involved = visit.ask("gmi_share")
    components.catalogued(visit, "group-involvement", "compare.gmi")
    for row in involved.frame.itertuples():
        said = reach.describe_gmi_range(
            row.confirmed, row.suspected, row.unknown, row.reviewed, row.incidents
        )
        st.markdown(f"- {escape_markdown(visit.cities[row.city])}: {escape_markdown(said)}")
for column, city in zip(st.columns(len(visit.cities)), visit.cities, strict=True):
    with column:
        components.catalogued(visit, "hours-and-weekdays", f"compare.hours.{city}", area=city)

st.subheader("Reach of the program")
if visit.viewer.named_scope is None:
    reached = visit.ask("public_funnel")
    stayed = visit.ask("public_still_active")
    st.markdown(
        escape_markdown(visit.compute(public_text.describe_attendance, reached, visit.cities))
    )
    components.table(
        visit.compute(public_text.build_steps_table, reached, visit.cities),
        reached,
        "compare.program",
    )
    st.markdown(
        escape_markdown(visit.compute(public_text.describe_still_active, stayed, visit.cities))
    )
    st.markdown(
        escape_markdown(
            public_text.describe_promises(visit.ask("public_promises").frame, len(cities))
        )
    )
    if public_text.can_count_promises(len(cities)):
        components.catalogued(visit, "promises-by-year", "compare.promises")
else:
    asked = {"city": visit.viewer.city} if visit.viewer.city else {}
    reached = visit.ask("call_in_funnel", **asked)
    table = visit.compute(
        city_comparison.build_program_table,
        reached,
        visit.ask("cadence_by_city", **asked),
        visit.ask("promises", **asked),
        visit.ask("reentry_greeting", **asked),
        {c: n for c, n in visit.cities.items() if c == visit.viewer.city} or visit.cities,
    )
    components.not_for_release(visit)
    components.table(table, reached, "compare.program")

st.subheader("The published record")
published = visit.ask("published_counts")
keys = {city.reference_key: city.id for city in cities.values()}
kinds = visit.compute(published_record.list_metrics, published, keys)
if kinds:
    metric = filters.choose("Published figure", "metric", kinds)
    components.catalogued(visit, "published-record", "compare.record", metric=metric)
else:
    where = "these cities" if len(cities) > 1 else "this city"
    st.markdown(escape_markdown(f"No published figure of {where} is among the reference facts."))

if described:
    st.subheader("Each community is different")
for city in described:
    st.markdown(f"**{escape_markdown(city.name)}.** {escape_markdown(city.context.strip())}")
