"""Figures and files that leave the building."""
