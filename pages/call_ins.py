"""Call-ins: whom did the program reach, who came, what followed, and who is to be warned next?

Streamlit runs this file at every visit and choice; `longevity/screens/call_ins.py` says what is
shown.
"""

from longevity.ui import screens

screens.show("call_ins")
