"""The entry of the dashboard: which screens there are, and which one to run."""

from longevity.ui import navigation, page_slot

with page_slot.take_slot():
    navigation.choose_screen().run()
