"""Evidence: did shootings change when the program came, and what can these data not tell?"""

from longevity.ui import screens

screens.show("evidence")
