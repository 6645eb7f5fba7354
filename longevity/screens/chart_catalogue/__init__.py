"""The catalogue of charts: what each asks, and the figure it makes of the answers.

Screens, exports and documents take their charts from here, so that one chart is one
picture and one set of figures wherever it is.
"""
