"""Map: where were people shot, and has an area changed by more than chance?"""

from longevity.ui import screens

screens.show("map")
