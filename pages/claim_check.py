"""Claim check: does what someone wants to say hold, and what is safe to say instead?"""

from longevity.ui import screens

screens.show("claim_check")
