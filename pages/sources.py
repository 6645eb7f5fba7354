"""Sources: what this is made from, how far it goes, what is wrong with it."""

from longevity.screens import data_sources
from longevity.ui import page_context, report_page

visit = page_context.enter_page("Sources")
report_page.show_report(visit, data_sources.build(visit))
