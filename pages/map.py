"""Map: where were people shot, and has an area changed by more than chance?

Streamlit runs this file at every visit and choice; `longevity/screens/map.py` says what is shown.
"""

from longevity.ui import screens

screens.show("map")
