"""Support: who was met, supervised, served; what the community asked; the money."""

from longevity.ui import screens

screens.show("support")
