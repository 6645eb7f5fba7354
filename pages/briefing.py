"""Briefing: up or down, is it real, what did the money buy, and what needs attention?

Streamlit runs this file at every visit and choice; `longevity/screens/briefing.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("briefing")
