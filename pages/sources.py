"""Sources: what this is made from, how far it goes, what is wrong with it."""

from longevity.ui import screens

screens.show("sources")
