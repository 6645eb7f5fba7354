"""The entry of the dashboard: which screens there are, and which one to run."""

from longevity.ui import navigation, page_slot

with page_slot.taken():
    navigation.choose().run()
