"""A load of viewers on the real server, at once, each answer checked against the right one.

Right is what the same view says when it is asked alone.
"""
