"""A screen: `map.py` in `longevity/screens/` or `longevity/ui/` says what is on it."""

from longevity.ui import screens

screens.show("map")
