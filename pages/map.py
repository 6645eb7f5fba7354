"""Map: where were people shot, and has an area changed by more than chance?"""

from longevity.findings.areas import VIEWS
from longevity.screens import map as map_screen
from longevity.ui import components, filters, page_context, report_page
from longevity.ui.map_page import Maps

visit = page_context.enter_page("Map")
city = filters.choose_city(visit)
period = filters.choose_period(visit, city)
measure = filters.choose_measure(visit, city)
show = filters.choose_option("Show", "show", VIEWS)
points = filters.choose_points(visit)
area = filters.choose_area(visit, visit.count_areas(period, city).frame)
if points:
    components.mark_not_for_release()
chosen = (city, measure, period, show)
report = map_screen.build(visit, *chosen, "/".join(area or ()))
maps = Maps(visit, map_screen.MapScreen(visit, *chosen), area, points)
report_page.show_report(visit, report, apart={map_screen.MAP: maps.draw})
