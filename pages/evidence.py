"""A screen: `evidence.py` in `longevity/screens/` or `longevity/ui/` says what is on it."""

from longevity.ui import screens

screens.show("evidence")
