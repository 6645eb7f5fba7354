"""Follow-up: did groups stop, was each shooting answered, were those who stopped left alone?"""

from longevity.ui import screens

screens.show("follow_up")
