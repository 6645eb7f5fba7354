"""Longevity: violence trends and program reach, from extract to published page.

A folder is a stage of the data's way, each importing only those above it:
places, intake, release, warehouse, measures, press, screen.
"""

NAME = "Longevity"  # of the program, in what it makes
__version__ = "0.1.0"
