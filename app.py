"""The entry of the dashboard: which screens there are, and which one to run."""

from longevity.screen import navigation, turns

with turns.taken():
    navigation.choose().run()
