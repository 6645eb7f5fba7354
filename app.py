"""The entry of the dashboard: which screens there are, and which one to run."""

from longevity.ui import navigation

navigation.choose_screen().run()
