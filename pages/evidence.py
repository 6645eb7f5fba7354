"""Evidence: did shootings change when the program came, and what can these data not tell?"""

from longevity.screens import evidence
from longevity.ui import filters, page_context, report_page

visit = page_context.enter_page("Evidence")
report_page.show_report(visit, evidence.build(visit, filters.choose_city(visit)))
