"""One city's week in words and figures: which week, how it compares, what waits."""
