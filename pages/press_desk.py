"""Press desk: one correct, sourced chart to take along, as anybody may see it."""

from longevity.ui import screens

screens.show("press_desk")
