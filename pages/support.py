"""Support: who was met, supervised, served; what the community asked; the money.

Streamlit runs this file at every visit and choice; `longevity/screens/support.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("support")
