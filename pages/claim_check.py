"""A screen: `claim_check.py` in `longevity/screens/` or `longevity/ui/` says what is on it."""

from longevity.ui import screens

screens.show("claim_check")
