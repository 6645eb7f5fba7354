"""Compare cities: is one different from the others, or from itself before, by more than chance?"""

from longevity.ui import screens

screens.show("compare_cities")
