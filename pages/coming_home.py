"""Support: who was met, supervised, served; what the community asked; the money; the lists."""

from longevity.reports.support import Support
from longevity.ui import filters, page_context, report_page

visit = page_context.enter("Support")
page_context.operational(visit)
report_page.show(visit, Support(visit, *filters.own_city(visit)).build())
