"""Sources: what this is made from, how far it goes, what is wrong with it."""

from longevity.reports.data_sources import DataSources
from longevity.ui import components, page_context, report_page

visit = page_context.enter("Sources")
report_page.show(visit, DataSources(visit).build())
components.downloads(visit)
