"""Boundaries: shipped, installed, simplified; where a point lies."""
