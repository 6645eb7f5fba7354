"""This week: what happened last week and where, against what, and what waits?

Streamlit runs this file at every visit and choice; `longevity/screens/this_week.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("this_week")
