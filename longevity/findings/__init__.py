"""Counts, compared with earlier times: how many now, how many then, and is it chance?

Each is counted one way (`counting`) and becomes a `Finding`, of which every sentence and chart is
made.
"""
