"""Briefing: up or down, is it real, what did the money buy, and what needs attention?"""

from longevity.reports.briefing import Briefing
from longevity.ui import components, documents, filters, page_context, report_page

visit = page_context.enter("Briefing")
measure = filters.measure(visit)
if visit.ask("year_to_date_by_city").provenance.data_through is None:
    components.nothing("incidents and victims")
filters.not_for_this_screen(
    {"city": "city", "period": "period"}, "every city, and this year so far"
)
report = Briefing(visit, measure).build()
report_page.show(visit, report, lambda: documents.briefing(visit, measure))
