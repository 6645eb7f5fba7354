"""Briefing: up or down, is it real, what did the money buy, and what needs attention?"""

from longevity.screens import briefing
from longevity.ui import components, documents, filters, page_context, report_page

visit = page_context.enter_page("Briefing")
measure = filters.choose_measure(visit)
if visit.ask("counts").provenance.data_through is None:
    components.stop_without_counts()
report = briefing.build(visit, measure)
report_page.show_report(visit, report, lambda: documents.offer_briefing(visit, measure))
