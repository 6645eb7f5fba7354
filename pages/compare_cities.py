"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

import streamlit as st

from longevity.measures import (
    baselines,
    comparison,
    funnel,
    people,
    provisional,
    public_forms,
    rates,
    reach,
    record,
    side_by_side,
    windows,
)
from longevity.measures.wording import plain
from longevity.press.chart import MEASURES
from longevity.press.figures import changes, clock, hurt, standing, weeks
from longevity.press.figures import record as drawn_record
from longevity.screen import filters, guard, kept, parts

visit = guard.enter("Compare cities")
measure = filters.measure()
filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city side by side, over periods of its own"
)
drawing = visit.drawing()
least = visit.settings.thresholds.least_base_for_percentage
noun = MEASURES[measure]
cities = visit.settings.cities
launched = {city.id: city.launched_on for city in cities.values()}

to_date = visit.ask("year_to_date_by_city")
through = to_date.provenance.data_through
if through is None:
    parts.nothing("incidents and victims")
about = visit.ask("cities").frame
fair = windows.fair(parts.days_by_city(about, "data_through"), visit.cities)
names = {**visit.cities, baselines.TOGETHER: "Together"}
tested = side_by_side.tested(measure)
told = baselines.year_to_date(
    to_date.frame, tested, through, {city: launched[city] for city in fair.compared}
)
parts.answer_sentence(side_by_side.answer(told, MEASURES[tested], names))
st.caption(plain(f"{fair.sentence} {side_by_side.missing(told, names)}"))

st.subheader("This year so far, against every baseline")
if tested != measure:
    st.caption(
        "Told of shooting incidents: several people can be shot in one, so people are no "
        "independent events and would make chance look like change."
    )
parts.chart(
    changes.against_baselines(
        told, names, drawing, least, side_by_side.baselines_title(told, names)
    ),
    to_date,
    "compare.baselines",
)

st.subheader("Twelve months at a time")
months = visit.ask("victims_by_month")
parts.chart(
    standing.twelve_months(
        side_by_side.twelve_months(months.frame, measure, launched),
        drawing,
        measure,
        f"{noun.capitalize()} in any twelve months",
    ),
    months,
    "compare.months",
)

st.subheader("Rates")
year = visit.ask("rolling_by_city", days=365, windows=1, years=comparison.YEARS_OF_HISTORY)
residents = visit.ask("residents_by_city")
of_year = side_by_side.newest(year.frame, residents.frame)
spread = comparison.spread_before(
    side_by_side.history(year.frame, through), measure, through.year, ["city"]
)
with_rates = rates.with_intervals(of_year, measure, 365, spread)
st.markdown(plain(side_by_side.rates_sentence(with_rates, visit.cities)))
parts.chart(
    standing.rates(with_rates, drawing, measure, 365, "Per resident, in the last 365 days"),
    year,
    "compare.rates",
)
dates = {"date_from": windows.last_days(through, 365)[0]}
located = visit.ask("victims_by_neighbourhood", **dates)
found = funnel.funnel(located.frame.rename(columns={"neighbourhood": "name"}), measure, 365, spread)
st.markdown(plain(found.sentence))
parts.chart(
    standing.funnel(found, drawing, measure, "A funnel, not a league table"),
    located,
    "compare.funnel",
)

st.subheader("The newest weeks still grow")
ends_iso = {city.id: city.week_ends_iso for city in cities.values()}
st.caption(plain(windows.newest_weeks(through, ends_iso, visit.cities).sentence))
recent = visit.ask(
    "victims_by_week", date_from=windows.last_days(through, side_by_side.RECENT_DAYS)[0]
)
entered = visit.ask("incidents_by_day_recorded", weeks=156)
growth = kept.growth(visit, entered, through)
released = visit.ask("weeks_as_first_published")
for city, grown in growth.items():
    seen = provisional.as_released(released.frame[released.frame["city"] == city])
    st.markdown(f"- {plain(visit.cities[city])}: {plain(grown.sentence)} {plain(seen)}")
parts.chart(
    weeks.newest(recent.frame, growth, drawing, "Shooting incidents by week"),
    entered,
    "compare.weeks",
)

st.subheader("Who is hurt, and when")
if visit.viewer.named_scope is None:
    who = visit.ask("lattice_victims")
    young = visit.ask("lattice_young_black_men")
    parts.for_the_public(public_forms.why(visit.settings.thresholds.withheld_up_to))
    if who.frame.empty:
        st.markdown(public_forms.NONE_YET)
    for attribute, title in people.told_to_the_public(who.frame).items():
        named = f"{title}, {public_forms.year(who.frame)}"
        parts.chart(hurt.shares(who.frame, attribute, drawing, named), who, f"compare.{attribute}")
    st.markdown(f"**Young Black men, {plain(public_forms.year(young.frame))}**")
    for sentence in people.young_black_men(young.frame, visit.cities, least):
        st.markdown(f"- {plain(sentence)}")
    parts.table(parts.named(young.frame, visit), young, "compare.young", folded=True)
else:
    who = visit.ask("victims_by_attribute", **dates)
    for attribute, title in people.ATTRIBUTES.items():
        parts.chart(hurt.shares(who.frame, attribute, drawing, title), who, f"compare.{attribute}")
    young = visit.ask("young_black_men_by_city", **dates)
    for sentence in people.young_black_men(young.frame, visit.cities, least):
        st.markdown(f"- {plain(sentence)}")
    parts.table(parts.named(young.frame, visit), young, "compare.young", folded=True)
    involved = visit.ask("gmi_share")
    parts.chart(
        hurt.group_involvement(involved.frame, drawing, "How much of it involves a group"),
        involved,
        "compare.gmi",
    )
    for row in involved.frame.itertuples():
        said = reach.gmi_range(
            row.confirmed, row.suspected, row.unknown, row.reviewed, row.incidents
        )
        st.markdown(f"- {plain(visit.cities[row.city])}: {plain(said)}")
span = {"year_from": through.year - 2, "year_until": through.year + 1}
for column, (city, name) in zip(st.columns(len(visit.cities)), visit.cities.items(), strict=True):
    with column:
        hours = visit.ask("incidents_by_hour_and_weekday", city=city, **span)
        if clock.has_hours(hours.frame):
            parts.chart(
                clock.hours_and_weekdays(hours.frame, drawing, f"{name}, since {through.year - 2}"),
                hours,
                f"compare.hours.{city}",
            )

st.subheader("Reach of the program")
if visit.viewer.named_scope is None:
    reached = visit.ask("lattice_funnel")
    stayed = visit.ask("lattice_still_active")
    kept = visit.ask("lattice_promises")
    st.markdown(plain(public_forms.came(reached.frame, visit.cities)))
    parts.table(public_forms.steps(reached.frame, visit.cities), reached, "compare.program")
    st.markdown(plain(public_forms.still_active(stayed.frame, visit.cities)))
    st.markdown(plain(public_forms.promises(kept.frame)))
    parts.table(public_forms.promises_by_year(kept.frame), kept, "compare.promises", folded=True)
else:
    asked = {"city": visit.viewer.city} if visit.viewer.city else {}
    reached = visit.ask("call_in_funnel", **asked)
    table = side_by_side.program(
        reached.frame,
        visit.ask("cadence_by_city", **asked).frame,
        visit.ask("promises", **asked).frame,
        visit.ask("reentry_greeting", **asked).frame,
        {c: n for c, n in visit.cities.items() if c == visit.viewer.city} or visit.cities,
    )
    parts.not_for_release(visit)
    parts.table(table, reached, "compare.program")

st.subheader("The published record")
published = visit.ask("published_counts")
keys = {city.reference_key: city.id for city in cities.values()}
kinds = record.metrics(published.frame, keys)
if kinds:
    metric = filters.choose("Published figure", "metric", kinds)
    own = record.of_metric(published.frame, metric, keys)
    parts.chart(
        drawn_record.published(own, drawing, f"Published {kinds[metric]}"),
        published,
        "compare.record",
    )
    for sentence in record.disagreements(own, visit.cities):
        st.markdown(f"- {plain(sentence)}")
else:
    st.markdown("No published figure of these cities is among the reference facts.")

described = [city for city in cities.values() if city.context.strip()]
if described:
    st.subheader("Each community is different")
for city in described:
    st.markdown(f"**{plain(city.name)}.** {plain(city.context.strip())}")
