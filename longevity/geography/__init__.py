"""A city's neighbourhoods: their boundaries, shipped or installed, and where a point lies."""
