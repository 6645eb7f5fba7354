"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

from longevity.screens import city_comparison
from longevity.ui import components, filters, page_context, report_page

visit = page_context.enter_page("Compare cities")
measure = filters.choose_measure(visit)
if visit.ask("counts").provenance.data_through is None:
    components.stop_without_data("incidents and victims")
report_page.show_report(visit, visit.keep_report(city_comparison.build, measure))
