"""Checked, immutable, published sets of extracts."""
