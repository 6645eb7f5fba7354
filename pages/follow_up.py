"""A screen: `follow_up.py` in `longevity/screens/` or `longevity/ui/` says what is on it."""

from longevity.ui import screens

screens.show("follow_up")
