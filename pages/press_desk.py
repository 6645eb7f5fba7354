"""Press desk: one correct, sourced chart to take along, as anybody may see it.

Streamlit runs this file at every visit and choice; `longevity/ui` says what is shown.
"""

from longevity.ui import screens

screens.show("press_desk")
