"""Call-ins: whom did the program reach, who came, what followed, and who is to be warned next?"""

from longevity.ui import screens

screens.show("call_ins")
