"""Sources: what this is made from, how far it goes, what is wrong with it.

Streamlit runs this file at every visit and choice; `longevity/screens/data_sources.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("sources")
