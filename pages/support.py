"""Support: who was met, supervised, served; what the community asked; the money."""

from longevity.screens import support
from longevity.ui import filters, page_context, report_page

visit = page_context.enter_page("Support")
page_context.stop_public_viewers(visit)
report = support.build(visit, *filters.choose_own_city(visit))
report_page.show_report(visit, report)
