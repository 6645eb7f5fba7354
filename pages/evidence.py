"""Evidence: did shootings change when the program came, and what can these data not tell?

Streamlit runs this file at every visit and choice; `longevity/screens/evidence.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("evidence")
