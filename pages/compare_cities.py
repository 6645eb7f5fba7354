"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

from longevity.screens import city_comparison
from longevity.ui import components, filters, page_context, report_page

visit = page_context.enter_page("Compare cities")
measure = filters.choose_measure(visit)
if visit.ask("counts").provenance.data_through is None:
    components.stop_without_counts()
report_page.show_report(visit, city_comparison.build(visit, measure))
