"""Follow-up: did groups stop, was each shooting answered, were those who stopped left alone?

Streamlit runs this file at every visit and choice; `longevity/screens/follow_up.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("follow_up")
