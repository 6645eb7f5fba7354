"""A screen: `this_week.py` in `longevity/screens/` or `longevity/ui/` says what is on it."""

from longevity.ui import screens

screens.show("this_week")
