"""A load of viewers on the real server, each answer held against what it should be."""
