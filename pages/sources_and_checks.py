"""Sources and checks: what this is made from, how far it goes, what is wrong with it."""

import streamlit as st

from longevity.text import availability, sources
from longevity.text.wording import escape_markdown
from longevity.ui import components, expanders, page_context

visit = page_context.enter("Sources and checks")
manifest = visit.warehouse.release.manifest
reads_rows = visit.viewer.named_scope is not None
reads_all = reads_rows and visit.viewer.city is None  # a city reads its own alone

extracts = visit.ask("data_through_by_extract")
components.answer_sentence(sources.describe_release(manifest, extracts.frame, visit.cities))
if reads_rows:
    components.not_for_release(visit)

corrections = sources.describe_wrong_public_tables(manifest, visit.cities)
components.on_this_screen(
    [
        "What was handed over",
        "What changed since the last release",
        *(["Public tables that were wrong"] if corrections else []),
        "What the checks found",
        "What counts leave out",
        "Boundaries",
        "Published figures",
        "Every definition",
    ]
)

st.subheader("What was handed over")
st.caption(
    "Data through is the last day a source is complete for. *Derived* means that the source did "
    "not say, and the newest event less one day was taken. A dash: not stated."
    + ("" if reads_rows else " Of people and the program's work only a stated day is told.")
)
if reads_rows:
    rows = visit.ask("rows_by_extract")
    by_extract = visit.compute(sources.build_rows_table, rows, visit.cities)
    components.table(by_extract, rows, "sources.rows")
else:
    by_extract = visit.compute(sources.build_days_table, extracts, visit.cities)
    components.table(by_extract, extracts, "sources.extracts")
st.markdown(escape_markdown(sources.describe_first_days(manifest, visit.cities)))
st.markdown(escape_markdown(availability.describe_sources(visit.holds, visit.cities)))
missing = sources.describe_missing_extracts(visit.warehouse.release)
if missing:
    st.info(missing)

st.subheader("What changed since the last release")
revisions = visit.ask("revisions")
changed = sources.list_revisions(revisions.frame, manifest)
if reads_rows:
    again = visit.ask("incidents_reclassified_by_city")
    changed += sources.describe_reclassified(again.frame, visit.cities)
components.bullets(changed)

if corrections:
    st.subheader("Public tables that were wrong")
    st.markdown(
        "What the public has of people and of the program is counted once and kept. These tables "
        "were counted wrong: they were counted again from the same people, or taken away."
    )
    components.bullets(corrections)

st.subheader("What the checks found")
checks = visit.ask("every_check" if reads_all else "checks")
if reads_all:
    st.markdown(escape_markdown(sources.describe_checks(checks.frame)))
    components.sentences([sources.describe_acceptance(manifest)])
    components.bullets(sources.list_objections(manifest))
else:
    st.markdown(
        "The checks let this release through. What they found in single rows is for the state: "
        "one row may be one person."
    )
for finding in checks.frame.itertuples():
    st.markdown(f"- *{finding.severity}*: {escape_markdown(finding.sentence)}")
if not checks.frame.empty:
    components.table(checks.frame.drop(columns=["position"]), checks, "sources.checks", folded=True)

st.subheader("What counts leave out")
st.markdown(
    "Counts take incidents whose circumstance is *criminal* or *unknown*, and people shot. "
    "Accidents, self-inflicted wounds, self-defence and shootings by police are kept and not "
    "counted; so are incidents in which nobody was shot or killed, and those before the day a "
    "source says it is complete from (*before_data_from*). Where a source does not tell "
    "circumstances apart they are *unknown*, and counted."
)
if reads_rows:
    uncounted = visit.ask("uncounted_by_circumstance")
    components.table(
        components.named(uncounted.frame, visit), uncounted, "sources.uncounted", folded=True
    )
else:
    st.markdown("How many these are is not told: in a year of a city they are a few people.")

st.subheader("Boundaries")
for city, name in visit.cities.items():
    left, right = st.columns([1, 3], vertical_alignment="center")
    left.markdown(f"**{escape_markdown(name)}**")
    with right:
        components.boundary_badge(visit, city)
areas = visit.ask("areas")
components.table(components.named(areas.frame, visit), areas, "sources.areas", folded=True)

st.subheader("Published figures")
st.markdown(
    "Figures others published, each with its source. Sources disagree, so two are never mixed in "
    "one line."
)
published = visit.ask("published_counts")
components.table(published.frame, published, "sources.published", folded=True)

components.downloads(visit)

st.subheader("Every definition")
for query in visit.warehouse.queries.values():
    expanders.definition(query)
