"""Claim check: does what someone wants to say hold, and what is safe to say instead?

Streamlit runs this file at every visit and choice; `longevity/screens/claim_check.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("claim_check")
