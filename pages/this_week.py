"""This week: what happened last week and where, against what, and what waits?"""

from longevity.ui import screens

screens.show("this_week")
