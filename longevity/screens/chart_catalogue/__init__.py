"""The catalogue of charts: which queries each asks, and what it makes of the answers.

Screens, exports and documents all take their charts from here, so that a chart has the same
picture and figures everywhere.
"""
