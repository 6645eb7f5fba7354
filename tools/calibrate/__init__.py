"""Simulates whether the statistics hold on data that cluster as shootings do.

Does a 95% interval hold the truth 95 times of 100, and how often is a change reported where there
is none?
"""
