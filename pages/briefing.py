"""Briefing: up or down, is it real, what did the money buy, and what needs attention?"""

from longevity.ui import screens

screens.show("briefing")
