"""Compare cities: is one different from the others, or from itself before, by more than chance?

Streamlit runs this file at every visit and choice; `longevity/screens/city_comparison.py` says what
is shown.
"""

from longevity.ui import screens

screens.show("compare_cities")
