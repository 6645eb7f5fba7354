"""Boundaries: approximate, installed, simplified; where a point lies."""
